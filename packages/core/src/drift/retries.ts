import type { Clock } from '../clock.ts'
import { isLedgerError } from '../ledger-error.ts'

/** Times that a read is begun, and the waits between them: doubled each time, from the first to the longest. */
export const READ_ATTEMPTS = 5
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/** Something that was read, or that reading ended in the provider's refusal. */
export type Read<T> =
  | { readonly type: 'read'; readonly value: T }
  | { readonly type: 'failed'; readonly reason: string }

/**
 * Reads pages; what can be retried is begun again, a bounded number of times, so a page may come twice. A provider's final refusal
 * is told as the last item, not thrown, for it ends one read and not the scan. Errors that are no provider's pass through.
 */
export async function* readWithRetries<T>(
  begin: () => AsyncIterable<T>,
  { clock, signal }: { readonly clock: Clock; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<Read<T>, void, undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const value of begin()) {
        signal?.throwIfAborted()
        yield { type: 'read', value }
      }
      return
    } catch (error) {
      // However a provider puts it: an aborted read is no failure of the provider.
      signal?.throwIfAborted()
      const failure = cloudFailure(error)
      if (failure === undefined) throw error
      if (!failure.retryable || attempt >= READ_ATTEMPTS) {
        yield { type: 'failed', reason: failure.reason }
        return
      }
      await clock.sleep(
        Math.max(failure.retryAfterMs, Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS)),
        signal,
      )
      signal?.throwIfAborted()
    }
  }
}

function cloudFailure(error: unknown): { reason: string; retryable: boolean; retryAfterMs: number } | undefined {
  if (isLedgerError(error, 'cloud-retryable'))
    return { reason: error.message, retryable: true, retryAfterMs: error.details.retryAfterMs ?? 0 }
  // A read changes nothing, so one of unknown outcome is simply read again.
  if (isLedgerError(error, 'cloud-outcome-unknown')) return { reason: error.message, retryable: true, retryAfterMs: 0 }
  if (isLedgerError(error, 'cloud-refused')) return { reason: error.message, retryable: false, retryAfterMs: 0 }
  return undefined
}
