import { changeSignal, checkAppend, checkReadOptions, storeClosed, subscription } from '@infraledger/core/adapter'
import type { EventStore } from '@infraledger/core/adapter'
import { access } from './access.ts'
import { appending } from './appending.ts'
import { changePoll } from './change-poll.ts'
import { committing } from './committing.ts'
import { openConnections } from './connections.ts'
import { allEvents, streamEvents, subscriptionPages } from './event-reads.ts'
import { readerGrants, writerGrants } from './granting.ts'
import { groupCommitter } from './group-committer.ts'
import { migrating, type MigrationResult } from './migrating.ts'
import { announcer, listening } from './notifications.ts'
import type { PostgresEventStoreOptions } from './options.ts'
import { reading } from './reading.ts'
import { quoted, schemaName } from './schema-name.ts'
import { snapshots } from './snapshots.ts'

const BUSY_TIMEOUT_MS = 5_000
const POLL_INTERVAL_MS = 500

/** An event store in PostgreSQL, and what its owner does to set it up. */
export type PostgresEventStore = EventStore & {
  /**
   * Makes our schema and tables, or brings them to the newest version; does nothing where they are. Safe from several
   * processes at once. Needs no superuser: a role that owns the schema, or may make one in the database.
   */
  migrate(): Promise<MigrationResult>
  /** Lets a role read, append and save snapshots, but change or remove nothing. Called by the owner of the tables. */
  grantWriter(role: string): Promise<void>
  /** Lets a role read events and snapshots. Called by the owner of the tables. */
  grantReader(role: string): Promise<void>
}

/**
 * An event store in PostgreSQL, through `pg`. Appends made at the same time share a transaction; any number of processes
 * may use one store, also through a pooler that hands out sessions by transaction. Opening connects to nothing; the
 * first use refuses a database that was not migrated (`store-foreign`), is damaged (`store-damaged`), newer
 * (`store-newer-than-library`) or out of reach (`store-unavailable`). Throws `input-invalid` for options that are none.
 *
 * @example
 * const store = postgresEventStore({ connectionString: process.env.DATABASE_URL })
 * await store.migrate() // once, by the owner of the tables
 * const ledger = openLedger({ store })
 */
export function postgresEventStore(options: PostgresEventStoreOptions): PostgresEventStore {
  const { busyTimeoutMs = BUSY_TIMEOUT_MS, pollIntervalMs = POLL_INTERVAL_MS } = options
  const schema = schemaName(options.schema)
  const connections = openConnections(options, busyTimeoutMs)
  const { name } = connections
  const changes = changeSignal()
  const closed = (): boolean => closing !== undefined
  const { ready, look, lookOnce, setUp } = access({ connections, schema, busyTimeoutMs, closed })
  const read = reading(quoted(schema))
  const kept = snapshots(quoted(schema))
  const announcements = announcer(connections, schema)
  const commit = committing({ connections, append: appending(quoted(schema)), ready, busyTimeoutMs })
  const committer = groupCommitter(async (group: Parameters<typeof commit>[0]) => {
    const outcomes = await commit(group)
    changes.raise()
    announcements.announce()
    return outcomes
  })
  const poll = changePoll({
    intervalMs: pollIntervalMs,
    lastPosition: async () => String((await lookOnce(read.lastPosition()))[0]?.[0]),
    changed: changes.raise,
    listening: connections.listener && listening(connections.listener, schema, changes.raise),
  })
  let closing: Promise<void> | undefined

  const assertOpen = (): void => {
    if (closed()) throw storeClosed(name)
  }
  const finish = async (): Promise<void> => {
    changes.close()
    poll.stop()
    await committer.idle()
    announcements.stop()
    await connections.close()
  }

  return {
    name,
    positions: 'dense',
    async append(stream, events, expected) {
      assertOpen()
      // A copy, because the events are sent in a later turn and the caller may have changed them by then.
      const copies = events.map((event) => ({ ...event }))
      const { bytes } = checkAppend(stream, copies)
      return committer.submit({ stream, events: copies, expected }, { events: copies.length, bytes })
    },
    readStream: (stream, range = {}) => streamEvents(read, look, stream, range),
    readAll: (range = {}) => allEvents(read, look, range),
    subscribe(range = {}) {
      assertOpen()
      checkReadOptions(range)
      return subscription(
        { changes, page: subscriptionPages(read, { look, lookOnce }, range), watch: poll.watch },
        range,
      )
    },
    async saveSnapshot(snapshot, unusable) {
      await look(kept.save(snapshot, unusable))
    },
    loadSnapshot: async (stream) => kept.found(await look(kept.load(stream))),
    close: () => (closing ??= finish()),
    migrate: () => setUp((connection) => migrating(connection, schema, name)),
    grantWriter: (role) =>
      setUp(async (connection) => void (await connection.query({ text: writerGrants(schema, role) }))),
    grantReader: (role) =>
      setUp(async (connection) => void (await connection.query({ text: readerGrants(schema, role) }))),
  }
}
