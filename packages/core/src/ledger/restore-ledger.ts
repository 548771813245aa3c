import type { EventToAppend, RecordedEvent } from '../event-store/envelope.ts'
import { EVENT_LIMITS } from '../event-store/event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import { exportReader } from './export-reader.ts'
import type { ExportContent } from './export-reader.ts'

/** What a restoration did. */
export type RestoreReport = ExportContent & {
  /** Events that it wrote. */
  readonly restored: number
  /** Events that were there already, from an earlier restoration that was interrupted. */
  readonly alreadyThere: number
}

/** The lines of an export, with or without their line ends. */
export type ExportLines = AsyncIterable<string> | Iterable<string>

/**
 * Writes an export into an empty store: the same streams, revisions, ids, texts and hashes, in the same order. Each event is held against
 * the chain before it is written. Interrupted, it goes on where it stopped when it is run again. Do not open the store as a ledger before
 * it is whole.
 *
 * Where the store failed at one append and took later ones, going on is refused: restore into a new one.
 *
 * Throws `store-not-empty` where the store holds anything but a beginning of this export, `ledger-not-intact` for a line that was edited,
 * removed, moved or added (nothing of it or behind it is written), and `input-invalid` for what is no export, or not a whole one.
 *
 * @example
 * const report = await restoreLedger(ledger.export(), sqliteEventStore({ file: 'copy.db' }))
 */
export async function restoreLedger(lines: ExportLines, store: EventStore): Promise<RestoreReport> {
  const reader = exportReader()
  const existing = existingEvents(store)
  const writer = runWriter(store)
  let alreadyThere = 0
  try {
    for await (const text of lines) {
      const event = reader.read(text)
      if (event === undefined) continue
      const there = await existing.next()
      if (there === undefined) await writer.add(event)
      else if (isSame(there, event)) alreadyThere++
      else throw notEmpty(store, there)
    }
    const more = await existing.next()
    if (more !== undefined) throw notEmpty(store, more)
    await writer.flush()
    return { ...reader.finish(), restored: writer.written(), alreadyThere }
  } finally {
    await existing.close()
  }
}

/**
 * Holds every line of an export against its chain, and writes nothing: for backups. Throws as {@link restoreLedger} does.
 */
export async function verifyExport(lines: ExportLines): Promise<ExportContent> {
  const reader = exportReader()
  for await (const text of lines) reader.read(text)
  return reader.finish()
}

/** What the store held before, event by event; nothing once all were asked for, and so never what is being written. */
function existingEvents(store: EventStore): {
  readonly next: () => Promise<RecordedEvent | undefined>
  readonly close: () => Promise<unknown>
} {
  const events = store.readAll()[Symbol.asyncIterator]()
  let ended = false
  return {
    async next() {
      if (ended) return undefined
      const { done, value } = await events.next()
      ended = done === true
      return done === true ? undefined : value
    },
    close: async () => events.return?.(),
  }
}

/** The hash covers stream, revision, id and content. */
function isSame(there: RecordedEvent, event: RecordedEvent): boolean {
  return there.hash === event.hash && there.stream === event.stream && there.revision === event.revision
}

/** Appends that are made at once, so that a store can commit them together; no more than this is held in memory. */
const WINDOW = { appends: 256, bytes: 4 * 1024 * 1024 } as const

type Run = { readonly stream: string; readonly revision: number; readonly events: EventToAppend[]; bytes: number }

/**
 * Appends events in their order, as many of one stream at a time as follow each other and fit. A store takes appends in the order in
 * which they are made, and the next window waits for this one.
 */
function runWriter(store: EventStore): {
  readonly add: (event: RecordedEvent) => Promise<void>
  readonly flush: () => Promise<void>
  readonly written: () => number
} {
  let runs: Run[] = []
  let [bytes, written] = [0, 0]

  async function flush(): Promise<void> {
    const appends = runs.map(async ({ stream, revision, events }) =>
      store.append(stream, events, revision === 0 ? 'none' : revision - 1),
    )
    for (const { events } of runs) written += events.length
    runs = []
    bytes = 0
    // All have their answer before the first failure is told: nothing is written behind the caller's back.
    const failed = (await Promise.allSettled(appends)).find(({ status }) => status === 'rejected')
    if (failed?.status === 'rejected') throw failed.reason
  }

  return {
    async add({ stream, revision, ...event }) {
      const size = Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata) + EVENT_LIMITS.envelopeBytes
      const last = runs.at(-1)
      if (last?.stream === stream && fits(last, size)) {
        last.events.push(toAppend(event))
        last.bytes += size
      } else {
        if (runs.length === WINDOW.appends || bytes + size > WINDOW.bytes) await flush()
        runs.push({ stream, revision, events: [toAppend(event)], bytes: size })
      }
      bytes += size
    },
    flush,
    written: () => written,
  }
}

function fits({ events, bytes }: Run, size: number): boolean {
  return events.length < EVENT_LIMITS.appendEvents && bytes + size <= EVENT_LIMITS.appendBytes
}

/** What a writer gives: the place is the store's to assign. */
function toAppend(event: EventToAppend): EventToAppend {
  const { id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash } = event
  return { id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash }
}

function notEmpty(store: EventStore, { stream, revision }: RecordedEvent): LedgerError<'store-not-empty'> {
  const message =
    `the store ${store.name} is not empty: it holds revision ${revision} of ${stream}, which this export does not have there. ` +
    'Nothing was written. Restore into a new store.'
  return new LedgerError('store-not-empty', message, { store: store.name, stream, revision })
}
