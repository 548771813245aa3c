import { setTimeout as sleep } from 'node:timers/promises'
import { isLedgerError } from '@infraledger/core/adapter'

/** Tries in a row before an outage is told, with pauses that double up to the longest: about eight minutes. */
const TRIES = 20
const PAUSE_MS = { first: 100, longest: 30_000 } as const

/** Whether an error tells of the moment: the same call may succeed later. */
export function mayPass(error: unknown): boolean {
  return isLedgerError(error) && error.retryable
}

/** Calls again and again while a database is out of reach, for what runs unattended. Throws the last error once it has waited long enough. */
export async function patiently(call: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (error) {
      if (!mayPass(error) || tries === TRIES || signal.aborted) throw error
    }
    const pause = Math.min(PAUSE_MS.first * 2 ** (tries - 1), PAUSE_MS.longest)
    await sleep(pause, undefined, { signal }).catch(() => {})
  }
}
