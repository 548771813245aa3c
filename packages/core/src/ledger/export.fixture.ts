import type { EventStore } from '../event-store/event-store.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { ImportedGraph } from '../graph/imported-graph.ts'
import { ada } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const AT = new Date('2026-03-02T10:00:00Z')

/** What an export is made of: all lines that an iteration gives. */
export async function collected<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = []
  for await (const item of items) found.push(item)
  return found
}

/** A store with two environments whose events take turns, one of them with a text that readers of lines stumble over. */
export async function twoEnvironments(): Promise<EventStore> {
  const store = inMemoryEventStore()
  const ledger = openLedger({ store })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production' }, ada)
  const preview = await ledger.createEnvironment({ name: 'pr:12', type: 'preview' }, ada)
  for (let round = 0; round < 5; round++) {
    for (const environment of [prod, preview]) await environment.import(imported(round), ada)
  }
  return store
}

function imported(round: number): ImportedGraph {
  const value = `line\u2028and paragraph\u2029, round ${round}\r\n"ä€😀"`
  return {
    source: { type: 'test', name: `state-${round}`, digest: `d${round}`, lineage: 'l', serial: round + 1 },
    nodes: [{ address: 'a', kind: 'thing', key: 'one', properties: { value } }],
    edges: [],
  }
}

/** All events of a store, numbered anew, because a store may give other positions. */
export async function eventsOf(store: EventStore): Promise<readonly RecordedEvent[]> {
  return (await collected(store.readAll())).map((event, index) => ({ ...event, position: BigInt(index + 1) }))
}

/** The lines of a store's export. */
export function linesOf(store: EventStore): Promise<string[]> {
  const clock = { now: () => AT, sleep: () => Promise.resolve() }
  return collected(openLedger({ store, clock }).export())
}

/** A store that takes some appends, and then no more: its process was killed. */
export function interruptedAfter(appends: number, kept = inMemoryEventStore()): EventStore {
  let left = appends
  return {
    ...kept,
    append(...request) {
      if (left-- <= 0) throw new Error('the process was killed')
      return kept.append(...request)
    },
  }
}
