import type { EventData, EventMetadata, EventType, LedgerEvent } from '../../../environment/catalogue.ts'
import type { Step } from '../../../planning/step.ts'
import type { Facts } from '../rules/facts.fixture.ts'
import { judge } from '../rules/judge.fixture.ts'
import type { Append, Moment, Tape } from '../rules/moment.fixture.ts'

/** Tells a tape as it was not, in the first place where that can be done; undefined where there is none. */
export type Falsify = (tape: Tape) => readonly Moment[] | undefined

/** What becomes of an event: other data, other metadata, nothing, or something else before or after it. */
export type EventChange<T extends EventType> = {
  readonly data?: Partial<EventData<T>>
  readonly metadata?: Partial<EventMetadata>
  readonly drop?: true
  readonly before?: LedgerEvent | readonly LedgerEvent[]
  readonly after?: LedgerEvent
}

type Place = {
  /** All that was seen before the append. */
  readonly facts: Facts
  readonly append: Append
  /** All that comes later. */
  readonly later: () => readonly Moment[]
}

/** Falsifies an event of a type. */
export function event<T extends EventType>(
  type: T,
  change: (event: LedgerEvent<T>, place: Place) => EventChange<T> | undefined,
): Falsify {
  return (tape) => {
    // Most tapes have no such event, and need not be seen again.
    if (eventsOf(tape.moments, type).length === 0) return undefined
    return replaced(tape, (moment, facts, later) => {
      if (moment.type !== 'append') return undefined
      for (const [index, told] of moment.events.entries()) {
        if (!isOf(told, type)) continue
        const changed = change(told, { facts, append: moment, later })
        if (changed !== undefined)
          return { ...moment, events: moment.events.toSpliced(index, 1, ...apply(told, changed)) }
      }
      return undefined
    })
  }
}

/** Falsifies a moment of a type. */
export function moment<T extends Moment['type']>(
  type: T,
  change: (
    moment: Extract<Moment, { readonly type: T }>,
    facts: Facts,
    later: () => readonly Moment[],
  ) => Partial<Extract<Moment, { readonly type: T }>> | undefined,
): Falsify {
  return (tape) =>
    replaced(tape, (seen, facts, later) => {
      if (seen.type !== type) return undefined
      // The type was just compared; the compiler does not carry that over to a generic one.
      const changed = change(seen as Extract<Moment, { readonly type: T }>, facts, later)
      return changed === undefined ? undefined : { ...seen, ...changed }
    })
}

/** Puts a step into a plan. */
export function planned(
  invent: (
    deployment: string,
    steps: readonly Step[],
    facts: Facts,
  ) => (Partial<Step> & Pick<Step, 'node' | 'operation'>) | undefined,
): Falsify {
  return event('PlanStepsRecorded', ({ data }, { facts }) => {
    const step = invent(data.deployment, data.steps, facts)
    if (step === undefined) return undefined
    const whole = stepOf(step)
    return { data: { steps: [...data.steps.filter(({ id }) => id !== whole.id), whole] } }
  })
}

/** A step that says no more than this. */
export function stepOf(step: Partial<Step> & Pick<Step, 'node' | 'operation'>): Step {
  return { ...NO_STEP, id: `${step.operation}:${step.node}`, ...step }
}

const NO_STEP: Omit<Step, 'id' | 'node' | 'operation'> = {
  phase: 'cleanup',
  infrastructure: true,
  nodeVersion: 1,
  changes: {},
  expected: {},
  impact: 'online',
  when: 'now',
  origins: [],
  edges: [],
  retiredEdges: [],
  after: [],
}

/** Another event that was written together with one. */
export function beside<T extends EventType>(like: LedgerEvent, type: T, data: EventData<T>): LedgerEvent {
  // Type and data belong together by the signature.
  return { ...like, type, data } as LedgerEvent
}

/** Whether an event is of a type. */
export function isOf<T extends EventType>(told: LedgerEvent, type: T): told is LedgerEvent & LedgerEvent<T> {
  return told.type === type
}

/** All events of a type that come later. */
export function eventsOf<T extends EventType>(later: readonly Moment[], type: T): readonly LedgerEvent<T>[] {
  return later.flatMap((seen) =>
    seen.type === 'append' ? seen.events.flatMap((told) => (isOf(told, type) ? [told] : [])) : [],
  )
}

function apply<T extends EventType>(
  told: LedgerEvent<T>,
  { data, metadata, drop, before, after }: EventChange<T>,
): readonly LedgerEvent[] {
  // What is changed are fields of its own data.
  const kept = { ...told, data: { ...told.data, ...data }, metadata: { ...told.metadata, ...metadata } } as LedgerEvent
  return [...[before ?? []].flat(), ...(drop === true ? [] : [kept]), ...(after === undefined ? [] : [after])]
}

/** The tape with its first moment that can be changed. The facts are those from before it. */
function replaced(
  { terms, moments }: Tape,
  change: (seen: Moment, facts: Facts, later: () => readonly Moment[]) => Moment | undefined,
): readonly Moment[] | undefined {
  const seen = judge(terms, [])
  for (const [index, one] of moments.entries()) {
    const changed = change(one, seen.facts, () => moments.slice(index + 1))
    if (changed !== undefined) return moments.toSpliced(index, 1, changed)
    seen.take(one)
  }
  return undefined
}
