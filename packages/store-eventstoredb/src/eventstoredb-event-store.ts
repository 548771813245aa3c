import { checkAppend, checkReadOptions, storeClosed } from '@infraledger/core/adapter'
import type { EventStore } from '@infraledger/core/adapter'
import { appendQueue } from './append-queue.ts'
import { append } from './appending.ts'
import { connect } from './connection.ts'
import { allEvents, streamEvents } from './event-reads.ts'
import { checkOptions } from './option-check.ts'
import type { EventStoreDbEventStoreOptions } from './options.ts'
import { reading } from './reading.ts'
import { snapshots } from './snapshots.ts'
import { streamIds } from './stream-ids.ts'
import { subscribed } from './subscribing.ts'

/**
 * An event store in EventStoreDB 23.10 or newer, or in KurrentDB: one stream of the server for each of ours, under a
 * prefix of its own, so that a server may be shared. Nothing is connected before the first call. Throws `input-invalid`
 * for options or a connection string that cannot work; the message never quotes the string.
 *
 * @example
 * const ledger = openLedger({ store: eventStoreDbEventStore({ connectionString: 'esdb://localhost:2113?tls=false' }) })
 */
export function eventStoreDbEventStore(options: EventStoreDbEventStoreOptions): EventStore {
  const { streamPrefix, maxAppendBytes, retryTimeoutMs } = checkOptions(options)
  const { client, appender, name, close } = connect(options)
  const policy = { store: name, timeoutMs: retryTimeoutMs }
  const closed = new AbortController()
  const queue = appendQueue()
  const ids = streamIds()
  const shared = { client, appender, policy, streamPrefix, maxAppendBytes, queue, ids }
  // Readers are let go when the store closes; an append under way reads what it needs.
  const readers = { ...shared, read: reading(client, policy, streamPrefix, closed.signal), closed: closed.signal }
  const appends = { ...shared, read: reading(client, policy, streamPrefix) }
  const kept = snapshots(shared)
  let closing: Promise<void> | undefined

  const assertOpen = (): void => {
    if (closing !== undefined) throw storeClosed(name)
  }
  const finish = async (): Promise<void> => {
    closed.abort()
    await queue.idle()
    await close()
  }

  return {
    name,
    positions: 'monotonic',
    async append(stream, events, expected) {
      assertOpen()
      // A copy, because the events are sent later and the caller may have changed them by then.
      const copies = events.map((event) => ({ ...event }))
      checkAppend(stream, copies)
      return append(appends, { stream, events: copies, expected })
    },
    readStream: (stream, range = {}) => streamEvents(readers, stream, range),
    readAll: (range = {}) => allEvents(readers, range),
    subscribe(range = {}) {
      assertOpen()
      checkReadOptions(range)
      return subscribed(readers, range)
    },
    async saveSnapshot(snapshot, unusable) {
      assertOpen()
      await queue.track(kept.save({ ...snapshot }, unusable))
    },
    async loadSnapshot(stream) {
      assertOpen()
      return queue.track(kept.load(stream))
    },
    close: () => (closing ??= finish()),
  }
}
