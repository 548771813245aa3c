const MARKER = Symbol.for('infraledger.simulated-crash')

/** Where in a call the caller dies. */
export type CrashPoint = 'before-call' | 'between-call-and-answer' | 'while-waiting'

/**
 * Stands for the death of the calling process. Nothing under test should catch it and go on: what it would have written next is not
 * written, and the next thing to happen is a new start from the ledger and the cloud.
 */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash'
  readonly point: CrashPoint
  readonly [MARKER] = true

  constructor(point: CrashPoint, what: string) {
    super(`simulated crash ${point} of ${what}`)
    this.point = point
  }
}

/** Tells a {@link SimulatedCrash} from a failure; also deep in a chain of causes. */
export function isSimulatedCrash(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  return MARKER in error || ('cause' in error && isSimulatedCrash(error.cause))
}
