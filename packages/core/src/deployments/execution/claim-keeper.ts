import { isLedgerError } from '../../ledger-error.ts'
import type { ExecutorCommand } from '../commands.ts'
import { isOvertaken, isStoreError } from './executor-errors.ts'
import type { ExecutorPorts, HeldDeployment } from './executor-ports.ts'

/** A lease is renewed this often within its time. */
const BEATS_PER_LEASE = 3

/**
 * Claims a deployment, works on it for as long as the claim is ours, and leaves it to others in the end (DEPLOY 9). The claim is renewed
 * while nothing else shows that we are alive. `after` is the last sign of a holder whose lease has run out. When the work fails with a
 * defect nothing more is said, as if the process had died there.
 */
export async function withClaim(
  ports: ExecutorPorts,
  deployment: string,
  after: number | undefined,
  work: (held: HeldDeployment) => Promise<void>,
): Promise<void> {
  const claim = await takeClaim(ports, deployment, after)
  const over = new AbortController()
  const lost = new AbortController()
  const beating = keepAlive(ports, claim, over.signal, lost)
  const { clouds, clock, kinds, concurrency, state, reconcile, telling } = ports
  try {
    await work({
      clouds,
      clock,
      kinds,
      concurrency,
      state,
      reconcile,
      ...(telling === undefined ? {} : { telling }),
      id: deployment,
      signal: AbortSignal.any([ports.signal, lost.signal]),
      execute: claim.say,
      async assureClaim() {
        if (claim.age() > ports.leaseMs / 2) await claim.renew()
      },
      renewClaim: claim.renew,
    })
  } finally {
    over.abort()
    await beating
  }
  if (!lost.signal.aborted) return leave(ports, deployment)
  if (!isOvertaken(lost.signal.reason)) throw lost.signal.reason
}

type Claim = {
  readonly say: (command: ExecutorCommand) => Promise<unknown>
  readonly renew: () => Promise<void>
  /** Milliseconds of our clock since before our last event was written; for ever where the clock was set back. */
  readonly age: () => number
}

async function takeClaim(ports: ExecutorPorts, deployment: string, after: number | undefined): Promise<Claim> {
  const { clock, executor, leaseMs } = ports
  const now = (): number => clock.now().getTime()
  let signedAt = now()
  await ports.execute({ type: 'claim-execution', deployment, executor, leaseMs, after })
  return {
    async say(command) {
      const saidAt = now()
      const events = await ports.execute({ ...command, executor })
      if (events.length > 0) signedAt = saidAt
      return events
    },
    async renew() {
      const saidAt = now()
      await ports.execute({ type: 'claim-execution', deployment, executor, leaseMs, renewal: true })
      signedAt = saidAt
    },
    age: () => (now() < signedAt ? Infinity : now() - signedAt),
  }
}

/** Renews the claim in time, until the work is over. A claim that is lost aborts the work; a store that fails is the work's to meet. */
async function keepAlive(
  { clock, leaseMs }: ExecutorPorts,
  claim: Claim,
  over: AbortSignal,
  lost: AbortController,
): Promise<void> {
  const beatMs = leaseMs / BEATS_PER_LEASE
  while (!over.aborted && !lost.signal.aborted) {
    await clock.sleep(beatMs, over)
    if (over.aborted || claim.age() < beatMs) continue
    try {
      await claim.renew()
    } catch (error) {
      if (!isLedgerError(error) || !isStoreError(error)) lost.abort(error)
    }
  }
}

/** Others may go on at once. What cannot be said they find out by waiting. */
async function leave({ execute, executor, state, signal }: ExecutorPorts, deployment: string): Promise<void> {
  if (state().execution.claim?.executor !== executor) return
  try {
    await execute({
      type: 'release-execution',
      deployment,
      executor,
      reason: signal.aborted ? 'stopped' : 'waits',
    })
  } catch (error) {
    if (!isLedgerError(error) || !(isStoreError(error) || isOvertaken(error))) throw error
  }
}
