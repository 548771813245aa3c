import { LedgerError } from '@infraledger/core/adapter'

/** What was tried on what, for messages: `update of sql-instance "main"`. */
export type Attempt = {
  readonly provider: string
  readonly operation: string
  readonly kind: string
  readonly name: string
}

/** Nothing happened, and the same call will fail again. */
export function refused(attempt: Attempt, reason: string): LedgerError<'cloud-refused'> {
  return new LedgerError('cloud-refused', `${attempt.provider} refused the ${described(attempt)}: ${reason}`, {
    provider: attempt.provider,
    operation: attempt.operation,
    reason,
  })
}

/** Nothing happened; later it may work. */
export function retryable(attempt: Attempt, reason: string, retryAfterMs?: number): LedgerError<'cloud-retryable'> {
  const details = { provider: attempt.provider, operation: attempt.operation, reason }
  return new LedgerError(
    'cloud-retryable',
    `${attempt.provider} could not do the ${described(attempt)} now: ${reason}; try again later`,
    retryAfterMs === undefined ? details : { ...details, retryAfterMs },
    { retryable: true },
  )
}

/** It may have happened. */
export function outcomeUnknown(attempt: Attempt, reason: string): LedgerError<'cloud-outcome-unknown'> {
  return new LedgerError(
    'cloud-outcome-unknown',
    `it is not known what became of the ${described(attempt)} at ${attempt.provider}: ${reason}; observe before anything else`,
    { provider: attempt.provider, operation: attempt.operation, reason },
  )
}

function described({ operation, kind, name }: Attempt): string {
  return [operation, ...(kind === '' ? [] : [`of ${kind}`]), ...(name === '' ? [] : [`"${name}"`])].join(' ')
}
