import assert from 'node:assert/strict'
import fc from 'fast-check'
import { user } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import type { DomainEvent, LedgerEvent } from '../environment/catalogue.ts'
import { stampEvents } from '../environment/stamp.ts'
import { emptyState, evolve } from '../environment/state.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { JsonValue } from '../json.ts'
import { graphDraft } from './build.ts'
import type { GraphDraft } from './build.ts'
import type { Cause } from './cause.ts'
import type { EdgeKind } from './edge-kinds.ts'
import { edgeId } from './ids.ts'
import type { NodeId } from './ids.ts'
import { checkGraphChange } from './invariants.ts'
import { kindCatalogue } from './kind-catalogue.ts'
import { standardKinds } from './standard-kinds.ts'
import { graphView } from './view.ts'
import type { GraphView } from './view.ts'

export const KINDS = kindCatalogue(standardKinds)
export const ADA = user('ada')
export const REPAIR: Cause = { type: 'repair', reason: 'a test' }

/** A stream that is folded as it grows; every append is held against the invariants, and read back from its JSON. */
export interface Ledger {
  readonly state: EnvironmentState
  readonly events: readonly LedgerEvent[]
  /** Appends one minute after the last append, unless said. */
  append(events: readonly DomainEvent[], moment?: { readonly at?: string; readonly by?: Actor }): Ledger
  /** Appends what is drafted, with cause `repair` unless said. */
  change(
    draw: (draft: GraphDraft) => void,
    moment?: { readonly at?: string; readonly by?: Actor; readonly cause?: Cause },
  ): Ledger
}

export function ledger(state: EnvironmentState = emptyState()): Ledger {
  const events: LedgerEvent[] = []
  let appends = 0
  const story: Ledger = {
    state,
    events,
    append(decided, { at, by = ADA } = {}) {
      if (decided.length === 0) return story
      const broken = checkGraphChange(state, decided, KINDS)
      assert.equal(broken, undefined, broken?.message)
      const recordedAt = at ?? minute(++appends)
      const stamp = {
        actor: by,
        recordedAt,
        correlationId: 'a test',
        newId: () => `event-${events.length}`,
        firstRevision: events.length,
      }
      for (const event of stampEvents(state, decided, stamp)) {
        const stored = JSON.parse(JSON.stringify(event)) as LedgerEvent
        events.push(stored)
        evolve(state, stored)
      }
      return story
    },
    change(draw, { cause = REPAIR, ...moment } = {}) {
      const draft = graphDraft(state, cause)
      draw(draft)
      return story.append(draft.events, moment)
    },
  }
  return story
}

/** Minute `n` of a day, ISO 8601. */
export function minute(n: number): string {
  return new Date(Date.UTC(2026, 0, 5, 9, n)).toISOString()
}

/** A view that says `never` for every last observation. */
export function viewAt(state: EnvironmentState, at = state.graph.version): GraphView {
  return graphView(state, { at, lastObserved: () => 'never' })
}

/** The fold of a stream's beginning. */
export function replay(events: readonly LedgerEvent[]): EnvironmentState {
  const state = emptyState()
  for (const event of events) evolve(state, event)
  return state
}

const NODES: readonly NodeId[] = [
  'service/shop',
  'service/cart',
  'sql-database/orders',
  'bucket/images',
  'sql-instance/main',
  'aws_thing/x',
]
const nodeIndex = fc.nat(NODES.length - 1)
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.boolean(),
  fc.constantFrom('a', 'b'),
  fc.constant(['x']),
)
const property = fc.constantFrom('provider.a', 'provider.b', 'provider.c')
const set = fc.dictionary(property, value, { maxKeys: 3 })

const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('set' as const),
      node: nodeIndex,
      set,
      unset: fc.subarray(['provider.a', 'provider.b', 'provider.c']),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('retire' as const), node: nodeIndex }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('edge' as const),
      kind: fc.constantFrom<EdgeKind>('uses', 'depends-on'),
      from: nodeIndex,
      to: nodeIndex,
      attributes: set,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('drop-edge' as const),
      kind: fc.constantFrom<EdgeKind>('uses', 'depends-on'),
      from: nodeIndex,
      to: nodeIndex,
    }),
  },
)
type Operation = typeof operation extends fc.Arbitrary<infer O> ? O : never

const causes: fc.Arbitrary<Cause> = fc.constantFrom<Cause>(
  REPAIR,
  { type: 'drift', observation: 'o1' },
  { type: 'restore', restore: 'r1' },
)

/** Random stories: appends of a few changes with one cause, some of them imports in two appends, some of them hand-overs. */
export const stories = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('append' as const),
        cause: causes,
        operations: fc.array(operation, { minLength: 1, maxLength: 5 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant('import' as const),
        parts: fc.array(fc.array(operation, { maxLength: 4 }), { minLength: 1, maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('manage' as const), node: nodeIndex }) },
  ),
  { maxLength: 25 },
)
export type Story = typeof stories extends fc.Arbitrary<infer S> ? S : never

/** Tells a random story to a ledger. */
export function tell(story: Story, told: Ledger = ledger()): Ledger {
  for (const [index, chapter] of story.entries()) {
    if (chapter.type === 'append')
      told.change((draft) => chapter.operations.forEach((each) => play(draft, each)), { cause: chapter.cause })
    else if (chapter.type === 'manage') {
      const node = NODES[chapter.node] ?? 'service/shop'
      if (viewAt(told.state).node(node)?.ownership === 'observed')
        told.append([{ type: 'NodeManaged', data: { node, reason: 'a test' } }])
    } else tellImport(told, `import-${index}-${told.events.length}`, chapter.parts)
  }
  return told
}

function tellImport(told: Ledger, id: string, parts: readonly (readonly Operation[])[]): void {
  const source = { type: 'test', name: 'test', digest: id }
  told.append([{ type: 'ImportStarted', data: { import: id, source, nodes: 0, edges: 0 } }])
  for (const part of parts)
    told.change((draft) => part.forEach((each) => play(draft, each)), { cause: { type: 'import', import: id } })
  told.append([{ type: 'ImportCompleted', data: { import: id, recorded: 0, unchanged: 0, retired: 0 } }])
}

function play(draft: GraphDraft, operation: Operation): void {
  if (operation.type === 'set')
    draft.nodeVersion(nodeAt(operation.node), { set: operation.set, unset: operation.unset })
  else if (operation.type === 'retire') draft.retireNode(nodeAt(operation.node), 'vanished')
  else {
    // Edges lead from the front of the list to its end, so no story closes a cycle.
    const [from, to] = [nodeAt(Math.min(operation.from, operation.to)), nodeAt(Math.max(operation.from, operation.to))]
    if (from === to || !draft.isAlive(from) || !draft.isAlive(to)) return
    if (operation.type === 'edge') draft.edgeVersion(operation.kind, from, to, { attributes: operation.attributes })
    else draft.retireEdge(edgeId(operation.kind, from, to))
  }
}

function nodeAt(index: number): NodeId {
  return NODES[index] ?? 'service/shop'
}
