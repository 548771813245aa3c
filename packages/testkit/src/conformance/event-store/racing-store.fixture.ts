import { inMemoryEventStore } from '@infraledger/core'
import { changeSignal, decideAppend, subscription } from '@infraledger/core/adapter'
import type { EventStore, EventToAppend, ExpectedRevision, RecordedEvent } from '@infraledger/core/adapter'
import { collect } from './assertions.ts'
import type { EventStoreHarness, ForeignTransaction } from './harness.ts'

/** An event in a table whose positions come from a sequence, when it is inserted and not when it is committed. */
type Row = { readonly event: RecordedEvent; readonly transaction: number }

/**
 * What a reader selects behind a position, given the committed rows and the transactions that are open. Each of these is
 * how some toolkit has read its table.
 */
export type Selection = (rows: readonly Row[], after: bigint, open: ReadonlySet<number>) => readonly Row[]

const byPosition = (a: Row, b: Row): number => (a.event.position < b.event.position ? -1 : 1)
const byTransaction = (a: Row, b: Row): number => a.transaction - b.transaction || byPosition(a, b)
const behind = (rows: readonly Row[], after: bigint): readonly Row[] =>
  rows.filter(({ event }) => event.position > after)

/** The ways to read such a table. Each is wrong. */
export const SELECTIONS = {
  inOrderOfTheSequence: (rows, after) => behind(rows, after).toSorted(byPosition),
  inOrderOfTransactions: (rows, after) => behind(rows, after).toSorted(byTransaction),
  beforeTheOldestOpenTransaction: (rows, after, open) => {
    const oldest = Math.min(...open)
    return behind(rows, after)
      .filter(({ transaction }) => transaction < oldest)
      .toSorted(byTransaction)
  },
  upToTheFirstGap: (rows, after) => {
    const found = behind(rows, after).toSorted(byPosition)
    return found.filter(({ event }, index) => event.position === after + BigInt(index + 1))
  },
} as const satisfies Record<string, Selection>

/** A store over such a table, with transactions that can be left open. */
export function racingStore(select: Selection): EventStoreHarness {
  const rows: Row[] = []
  const open = new Set<number>()
  const changes = changeSignal()
  let sequence = 0n
  let transactions = 0

  function begin(): ForeignTransaction {
    const transaction = (transactions += 1)
    const written: Row[] = []
    open.add(transaction)
    return {
      async append(stream, events, expected) {
        for (const event of placed(rows, stream, events, expected))
          written.push({ event: { ...event, position: (sequence += 1n) }, transaction })
      },
      async commit() {
        open.delete(transaction)
        rows.push(...written.splice(0))
        changes.raise()
      },
      async rollback() {
        open.delete(transaction)
        written.length = 0
      },
    }
  }

  const selected = (after: bigint): RecordedEvent[] => select(rows, after, open).map(({ event }) => event)
  const memory = inMemoryEventStore()
  const store: EventStore = {
    ...memory,
    positions: 'monotonic',
    async append(stream, events, expected) {
      const transaction = begin()
      await transaction.append(stream, events, expected)
      await transaction.commit()
      const last = rows.at(-1)?.event
      const lastRevision = last?.revision ?? 0
      return { firstRevision: lastRevision - events.length + 1, lastRevision, lastPosition: last?.position ?? 0n }
    },
    async *readAll({ after = 0n, limit = Infinity } = {}) {
      yield* selected(after).slice(0, limit)
    },
    subscribe(options = {}) {
      const page = async (after: bigint) => {
        const events = await collect(store.readAll({ after }))
        return { events, upTo: events.at(-1)?.position ?? after, caughtUp: true }
      }
      return subscription({ changes, page }, options)
    },
  }
  return { store, fresh: true, openForeignTransaction: async () => begin(), cleanup: async () => changes.close() }
}

function placed(
  rows: readonly Row[],
  stream: string,
  events: readonly EventToAppend[],
  expected: ExpectedRevision,
): Omit<RecordedEvent, 'position'>[] {
  const held = rows.filter(({ event }) => event.stream === stream).length
  const actual = held === 0 ? 'none' : held - 1
  const decision = decideAppend({ stream, events, expected }, { actual, existing: [] })
  return events.map((event, index) => ({
    ...event,
    stream,
    revision: held + index + (decision.type === 'append' ? 0 : 1),
  }))
}
