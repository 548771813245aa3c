import {
  changeSignal,
  checkAppend,
  checkReadOptions,
  LedgerError,
  storeClosed,
  subscription,
} from '@infraledger/core/adapter'
import type { EventStore } from '@infraledger/core/adapter'
import { appending } from './appending.ts'
import { retryWhileBusy } from './busy-retry.ts'
import { changePoll } from './change-poll.ts'
import { connect } from './connection.ts'
import { allEvents, streamEvents, subscriptionPage, type Look } from './event-reads.ts'
import { groupCommitter } from './group-committer.ts'
import { movedOn } from './migrating.ts'
import type { SqliteEventStoreOptions } from './options.ts'
import { reading } from './reading.ts'
import { inSameFile, sameFile } from './same-file.ts'
import { snapshots } from './snapshots.ts'
import { storeError } from './sqlite-errors.ts'
import { immediateTransaction } from './transaction.ts'

const BUSY_TIMEOUT_MS = 5_000
const POLL_INTERVAL_MS = 100
/** How long reads may go on in a file that is not there any more. */
const READ_WITHIN_MS = 100

/**
 * An event store in one SQLite file, through the `node:sqlite` that Node brings along. Appends made at the same time
 * share a transaction; several processes may use one file. Opening is synchronous, and refuses a file that is foreign
 * (`store-foreign`), damaged (`store-damaged`), newer (`store-newer-than-library`) or out of reach
 * (`store-unavailable`).
 *
 * @example
 * const ledger = openLedger({ store: sqliteEventStore({ file: 'infra.db' }) })
 */
export function sqliteEventStore(options: SqliteEventStoreOptions): EventStore {
  const { busyTimeoutMs = BUSY_TIMEOUT_MS, pollIntervalMs = POLL_INTERVAL_MS } = options
  const { database, name, readOnly, close } = connect(options, busyTimeoutMs)
  const same = sameFile(database, options.file, name)
  // One connection does it all: a transaction begins and ends within one turn of the event loop, so no reader of this
  // process can ever see half of it, and what was written is still in the connection's cache when it is read.
  const changes = changeSignal()
  const poll = changePoll(database, pollIntervalMs, { changed: changes.raise, assertSame: same.assert })
  const transaction = inSameFile(immediateTransaction(database, changes.raise), same)
  const explain = (error: unknown, appended: 'no' | 'unknown' = 'no'): unknown =>
    movedOn(error, database, name) ?? storeError(error, name, appended)
  const committer = groupCommitter({ transaction, explain, busyTimeoutMs })
  const append = appending(database)
  const read = reading(database)
  const kept = snapshots(database)
  let closing: Promise<void> | undefined

  const assertOpen = (): void => {
    if (closing !== undefined) throw storeClosed(name)
  }
  const assertWritable = (): void => {
    assertOpen()
    if (readOnly) throw openedReadOnly(name)
  }
  const look: Look = async (query) => {
    const openQuery = (): ReturnType<typeof query> => {
      assertOpen()
      same.assertWithin(READ_WITHIN_MS)
      return query()
    }
    return retryWhileBusy(openQuery, busyTimeoutMs).catch((error: unknown) => {
      throw explain(error)
    })
  }
  const finish = async (): Promise<void> => {
    changes.close()
    poll.stop()
    await committer.idle()
    close()
  }

  return {
    name,
    positions: 'dense',
    async append(stream, events, expected) {
      assertWritable()
      // A copy, because the events are written in a later turn and the caller may have changed them by then.
      const copies = events.map((event) => ({ ...event }))
      const { bytes } = checkAppend(stream, copies)
      return committer.submit((alone) => append({ stream, events: copies, expected }, alone), bytes)
    },
    readStream: (stream, range = {}) => streamEvents(read, look, stream, range),
    readAll: (range = {}) => allEvents(read, look, range),
    subscribe(range = {}) {
      assertOpen()
      checkReadOptions(range)
      const page = (after: bigint) => look(() => subscriptionPage(read, after, range.types))
      return subscription({ changes, page, watch: poll.watch }, range)
    },
    async saveSnapshot(snapshot, unusable) {
      assertWritable()
      await committer.submit(() => kept.save(snapshot, unusable), snapshot.state.length)
    },
    loadSnapshot: async (stream) => look(() => kept.load(stream)),
    close: () => (closing ??= finish()),
  }
}

function openedReadOnly(store: string): LedgerError<'store-unavailable'> {
  const message = `${store} was opened read-only; nothing was written. Open it without readOnly to write.`
  return new LedgerError('store-unavailable', message, { store, appended: 'no' })
}
