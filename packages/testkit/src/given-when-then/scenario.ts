import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { ErrorCode, KindCapabilities } from '@infraledger/core/adapter'
import { emptyState, evolve, kindCatalogue, stampEvents, standardKinds } from '@infraledger/core/rules'
import type {
  CommandContext,
  Decide,
  Decision,
  DomainEvent,
  EnvironmentState,
  EventMetadata,
} from '@infraledger/core/rules'

type Actor = EventMetadata['actor']
type Kinds = Parameters<typeof kindCatalogue>[0]

/** What a scenario assumes unless told otherwise. */
export type ScenarioOptions = {
  readonly kinds?: Kinds
  readonly capabilities?: (provider: string, kind: string) => KindCapabilities | undefined
  /** Configured providers; default `fake`. */
  readonly providers?: readonly string[]
}

/** Who and when, for one append or one command. Times are ISO 8601; each append is one second after the last unless said. */
export type Moment = { readonly by?: Actor; readonly at?: string }

/** An event as far as a test cares: the fields given must be equal, others are free. */
export type ExpectedEvent = { readonly type: DomainEvent['type']; readonly data?: Record<string, unknown> }

/** The story so far. */
export interface Given {
  /** Adds appends that happened. */
  given(events: DomainEvent | readonly DomainEvent[], moment?: Moment): Given
  /** Decides a command and, if it is accepted, adds its events to the story. */
  and<Command>(decide: Decide<Command>, command: Command, moment?: Moment): Given
  when<Command>(decide: Decide<Command>, command: Command, moment?: Moment): Outcome
  /** The state that the story leads to; read-only. */
  readonly state: EnvironmentState
}

/** What the rule answered. */
export interface Outcome {
  /** Exactly these events, in this order; fields that are not given are free. */
  then(...expected: readonly ExpectedEvent[]): Given
  /** Accepted, with these among the events, in this order. */
  thenAmong(...expected: readonly ExpectedEvent[]): Given
  /** Accepted, and nothing of these types was decided. */
  thenNo(...types: readonly DomainEvent['type'][]): Given
  /** Nothing to do. */
  thenNothing(): Given
  thenRejected(code: ErrorCode, details?: Record<string, unknown>): Given
  readonly decision: Decision
  readonly events: readonly DomainEvent[]
}

const START = Date.UTC(2026, 0, 5, 9, 0, 0)
const ADA: Actor = { type: 'user', id: 'ada', assurance: 'asserted' }

/**
 * Starts a story of facts, a command, and what must come of it.
 *
 * @example
 * scenario()
 *   .given({ type: 'EnvironmentCreated', data: { … } })
 *   .when(decideChangeRequests, { type: 'request-change', … }, { by: user('grace') })
 *   .thenRejected('change-conflicting')
 */
export function scenario(options: ScenarioOptions = {}): Given {
  const state = emptyState()
  const kinds = kindCatalogue(options.kinds ?? standardKinds)
  const [ids, appends] = [counter(), counter()]
  let revision = 0

  function append(events: readonly DomainEvent[], moment: Moment): void {
    const stamp = {
      actor: moment.by ?? ADA,
      recordedAt: moment.at ?? time(appends()),
      correlationId: 'scenario',
      newId: () => `event-${ids()}`,
    }
    for (const event of stampEvents(state, events, { ...stamp, firstRevision: revision })) {
      // What is stored is JSON: a rule that leaks undefined or a Date must not pass here.
      evolve(state, JSON.parse(JSON.stringify(event)) as typeof event)
    }
    revision += events.length
  }

  function decide<Command>(rule: Decide<Command>, command: Command, moment: Moment): Decision {
    const context: CommandContext = {
      now: moment.at ?? time(appends()),
      actor: moment.by ?? ADA,
      newId: () => `id-${ids()}`,
      kinds,
      capabilities: options.capabilities ?? (() => undefined),
      providers: options.providers ?? ['fake'],
      nameOf: (node, incarnation) => `${node.replace('/', '-')}-${incarnation}`,
      labelsOf: () => ({}),
    }
    return rule(state, command, context)
  }

  const story: Given = {
    state,
    given(events, moment = {}) {
      append('type' in events ? [events] : events, moment)
      return story
    },
    and(rule, command, moment = {}) {
      const decision = decide(rule, command, moment)
      assert(decision.type === 'accepted', `expected to be accepted: ${describeDecision(decision)}`)
      append(decision.events, moment)
      return story
    },
    when(rule, command, moment = {}) {
      const decision = decide(rule, command, moment)
      return outcome(decision, () => {
        if (decision.type === 'accepted') append(decision.events, moment)
        return story
      })
    },
  }
  return story
}

function outcome(decision: Decision, goOn: () => Given): Outcome {
  const events = decision.type === 'accepted' ? decision.events : []
  const mustBeAccepted = (): void => assert(decision.type === 'accepted', describeDecision(decision))
  return {
    decision,
    events,
    // Named as the steps of a scenario are; an outcome is looked at, never awaited.
    // oxlint-disable-next-line unicorn/no-thenable
    then(...expected) {
      mustBeAccepted()
      const matches = events.length === expected.length && events.every((event, index) => fits(event, expected[index]))
      if (!matches) assert.deepStrictEqual(events, expected)
      return goOn()
    },
    thenAmong(...expected) {
      mustBeAccepted()
      let from = 0
      for (const wanted of expected) {
        const index = events.findIndex((event, at) => at >= from && fits(event, wanted))
        assert(index >= 0, `no such event (in this order): ${show(wanted)}\ndecided were: ${show(events)}`)
        from = index + 1
      }
      return goOn()
    },
    thenNo(...types) {
      mustBeAccepted()
      assert.deepStrictEqual(
        events.filter(({ type }) => types.includes(type)),
        [],
      )
      return goOn()
    },
    thenNothing() {
      mustBeAccepted()
      assert.deepStrictEqual(events, [])
      return goOn()
    },
    thenRejected(code, details) {
      assert(decision.type === 'rejected', `expected a refusal with ${code}; decided were: ${show(events)}`)
      assert.equal(decision.rejection.code, code, decision.rejection.message)
      if (details !== undefined)
        assert(fitsValue(decision.rejection.details, details), `details differ: ${show(decision.rejection.details)}`)
      return goOn()
    },
  }
}

function fits(event: DomainEvent, expected: ExpectedEvent | undefined): boolean {
  return event.type === expected?.type && (expected.data === undefined || fitsValue(event.data, expected.data))
}

/** Objects fit when every given field fits; everything else must be equal. */
function fitsValue(actual: unknown, expected: unknown): boolean {
  if (!isRecord(expected) || !isRecord(actual)) {
    if (Array.isArray(expected) && Array.isArray(actual)) {
      return actual.length === expected.length && expected.every((item, index) => fitsValue(actual[index], item))
    }
    return isDeepStrictEqual(actual, expected)
  }
  return Object.entries(expected).every(([key, value]) => fitsValue(actual[key], value))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describeDecision(decision: Decision): string {
  return decision.type === 'rejected'
    ? `refused with ${decision.rejection.code}: ${decision.rejection.message}`
    : show(decision.events)
}

function show(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
}

function counter(): () => number {
  let next = 0
  return () => ++next
}

function time(seconds: number): string {
  return new Date(START + seconds * 1_000).toISOString()
}
