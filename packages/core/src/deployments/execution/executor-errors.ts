import type { ResourceObservation } from '../../cloud/observation.ts'
import { isLedgerError } from '../../ledger-error.ts'
import type { LedgerError } from '../../ledger-error.ts'

/**
 * Somebody else ended the deployment, and maybe the environment with it, or took it further (another executor, or a person who cancelled
 * it), or an import holds the graph: there is nothing to do here until something new happens.
 */
export function isOvertaken(error: unknown): boolean {
  return (
    isLedgerError(error, 'executor-lost-claim') ||
    isLedgerError(error, 'deployment-claimed') ||
    isLedgerError(error, 'deployment-ended') ||
    isLedgerError(error, 'deployment-not-active') ||
    isLedgerError(error, 'deployment-in-progress') ||
    isLedgerError(error, 'import-in-progress') ||
    isLedgerError(error, 'environment-destroyed') ||
    isLedgerError(error, 'environment-deleted')
  )
}

/** Errors that say nothing about the deployment, only that the ledger cannot be written or read, or nobody can say who may (DEPLOY 10). */
export function isStoreError(error: LedgerError): boolean {
  return (
    error.code.startsWith('store-') ||
    error.code === 'append-conflict' ||
    error.code === 'ledger-newer-than-library' ||
    error.code === 'authorizer-failed'
  )
}

/** What is thrown where a signal aborts: the wish to stop, and no failure. */
export function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError')
}

/** What a failed attempt means for its step. */
export type StepFailure = {
  readonly outcome: 'refused' | 'retryable' | 'unknown'
  readonly code: string
  readonly message: string
  readonly retryAfterMs: number
  /** What the attempt left behind, where it tells. */
  readonly observation?: ResourceObservation
}

/** What an error means for a step; `undefined` where it is none of the step's: it says nothing about the provider. */
export function stepFailure(error: unknown, hasIntent: boolean): StepFailure | undefined {
  if (!isLedgerError(error) || isStoreError(error) || isOvertaken(error)) return undefined
  const { code, message } = error
  const failure = (outcome: StepFailure['outcome'], retryAfterMs = 0): StepFailure => ({
    outcome,
    code,
    message,
    retryAfterMs,
  })
  if (isLedgerError(error, 'cloud-retryable')) return failure('retryable', error.details.retryAfterMs)
  if (isLedgerError(error, 'cloud-outcome-unknown')) return failure('unknown')
  if (isLedgerError(error, 'roll-out-incomplete'))
    return { ...failure('refused'), observation: error.details.observation }
  if (
    isLedgerError(error, 'cloud-refused') ||
    isLedgerError(error, 'cloud-not-configured') ||
    isLedgerError(error, 'removal-refused')
  )
    return failure('refused')
  // After the intent, the call may have happened, whatever kept its outcome from being recorded. Before it, a rule refused the step.
  return hasIntent ? failure('unknown') : undefined
}
