import { isLedgerError } from '@infraledger/core/adapter'
import { arriveNow } from './agenda.ts'
import type { FakeCall, FakeCallOperation } from './calls.ts'
import { outcomeUnknown, refused, retryable } from './errors.ts'
import type { Attempt } from './errors.ts'
import type { FaultEffect } from './fault-book.ts'
import { nextRandom } from './seeded-random.ts'
import { SimulatedCrash } from './simulated-crash.ts'
import type { CrashPoint } from './simulated-crash.ts'
import type { Simulation } from './simulation.ts'

/** What a call is about; kind and name are left out for reads of many. */
export type CallSubject = {
  readonly operation: FakeCallOperation
  readonly kind?: string
  readonly name?: string
  readonly key?: string
}

/** What serving a call came to: the answer, and whether it set something going. */
export type Served<T> = { readonly answer: T; readonly effect: boolean }

/** Serves a call at one moment; `fate` is what an injected fault has in store for it. */
export type Serve<T> = (now: number, fate: FaultEffect | undefined) => Served<T>

/**
 * One call over the network: the way there, throttling, injected faults, the serving itself, the record of it, and the way back.
 * `serve` runs at one moment and awaits nothing, so that no call sees half of another.
 */
export async function call<T>(
  simulation: Simulation,
  subject: CallSubject,
  serve: Serve<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  await travel(simulation)
  const now = arriveNow(simulation)
  const attempt = attemptOf(simulation, subject)
  const { answer, fate } = served(simulation, subject, attempt, serve, now)
  await travel(simulation)
  if (fate?.type === 'unknown-outcome') throw outcomeUnknown(attempt, 'the answer was lost')
  if (fate?.type === 'crash' && fate.point === 'between-call-and-answer') throw crash(fate.point, attempt)
  return answer
}

function served<T>(
  simulation: Simulation,
  subject: CallSubject,
  attempt: Attempt,
  serve: Serve<T>,
  now: number,
): { answer: T; fate: FaultEffect | undefined } {
  let end: Pick<FakeCall, 'outcome' | 'effect'> = { outcome: 'refused', effect: false }
  try {
    throttle(simulation, attempt, now)
    const fate = simulation.faults.meet(subject)
    stopBefore(fate, attempt)
    const { answer, effect } = serve(now, fate)
    end = { outcome: outcomeOf(fate), effect }
    return { answer, fate }
  } catch (error) {
    end = { outcome: outcomeOfError(error), effect: false }
    throw error
  } finally {
    simulation.world.calls.push({ ...subject, at: new Date(now).toISOString(), ...end })
    if (!READS.includes(subject.operation)) simulation.changed()
  }
}

const READS: readonly FakeCallOperation[] = ['observe', 'discover', 'activity']

/** What a call tries, for messages. */
export function attemptOf(simulation: Simulation, subject: CallSubject): Attempt {
  return { provider: simulation.name, operation: subject.operation, kind: subject.kind ?? '', name: subject.name ?? '' }
}

/** The death of the caller. */
export function crash(point: CrashPoint, attempt: Attempt): SimulatedCrash {
  return new SimulatedCrash(point, `${attempt.operation} ${attempt.kind} ${attempt.name}`.trimEnd())
}

async function travel({ clock, settings, world }: Simulation): Promise<void> {
  const [from, to] = settings.latencyMs
  if (to > 0) await clock.sleep(from + Math.floor((to - from) * nextRandom(world)))
}

function throttle({ world, settings }: Simulation, attempt: Attempt, now: number): void {
  const second = Math.floor(now / 1_000)
  const used = world.budget.second === second ? world.budget.used : 0
  if (used >= settings.callsPerSecond) throw retryable(attempt, 'too many calls', (second + 1) * 1_000 - now)
  world.budget = { second, used: used + 1 }
}

function stopBefore(fate: FaultEffect | undefined, attempt: Attempt): void {
  if (fate?.type === 'refuse') throw refused(attempt, fate.reason)
  if (fate?.type === 'retryable') throw retryable(attempt, fate.reason, fate.retryAfterMs)
  if (fate?.type === 'unknown-outcome' && !fate.happened) throw outcomeUnknown(attempt, 'the call was lost')
  if (fate?.type === 'crash' && fate.point === 'before-call') throw crash(fate.point, attempt)
}

function outcomeOf(fate: FaultEffect | undefined): FakeCall['outcome'] {
  if (fate?.type === 'crash' && fate.point !== 'while-waiting') return 'crashed'
  return fate?.type === 'unknown-outcome' ? 'unknown' : 'answered'
}

function outcomeOfError(error: unknown): FakeCall['outcome'] {
  if (isLedgerError(error, 'cloud-retryable')) return 'retryable'
  if (isLedgerError(error, 'cloud-outcome-unknown')) return 'unknown'
  return error instanceof SimulatedCrash ? 'crashed' : 'refused'
}
