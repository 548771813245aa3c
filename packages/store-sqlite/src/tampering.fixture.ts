import { DatabaseSync } from 'node:sqlite'
import { openLedger, user } from '@infraledger/core'
import type { Ledger } from '@infraledger/core'
import { GENESIS_HASH, hashEvent } from '@infraledger/core/adapter'
import type { EventStore } from '@infraledger/core'
import { virtualClock } from '@infraledger/testkit'
import { EVENT_COLUMNS } from './event-pages.ts'
import { MIGRATIONS } from './schema.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'

/** A row of the table, by its columns. */
export type Row = {
  position: bigint
  stream: string
  revision: bigint
  id: string
  type: string
  schema_version: bigint
  data: string
  metadata: string
  recorded_at: string
  previous_hash: string
  hash: string
}

/** A ledger in a file, and somebody who has the file open with another tool. */
export type Tamperable = {
  readonly ledger: Ledger
  readonly rows: readonly Row[]
  /**
   * Takes the triggers away, does this to the rows, and puts them back as if nothing had been. False where the file itself refused it, by its
   * keys; then nothing was changed.
   */
  attack(change: (database: DatabaseSync) => void): boolean
  /** Puts every row back. */
  repair(): void
  close(): Promise<void>
}

const TRIGGERS = ['events_are_not_replaced', 'events_are_not_updated', 'events_are_not_deleted']

/** Three environments whose commands take turns. */
export async function tamperable(file: string): Promise<Tamperable> {
  const store: EventStore = sqliteEventStore({ file, synchronous: 'normal' })
  const ledger = openLedger({ store, clock: virtualClock() })
  const by = { actor: user('ada') }
  const names = ['prod', 'stage', 'dev']
  for (const name of names) await ledger.createEnvironment({ name, type: 'development' }, by)
  for (const subject of ['grace', 'linus', 'Zoë 😀'])
    for (const name of names) await ledger.environment(name).grantRole({ subject, role: 'member' }, by)

  const attacker = new DatabaseSync(file)
  attacker.exec('pragma synchronous = off')
  const select = attacker.prepare(`select ${EVENT_COLUMNS} from events order by position`)
  select.setReadBigInts(true)
  // The columns are those of the STRICT table; integers are read as bigints.
  const rows = select.all() as unknown as Row[]
  const triggers = MIGRATIONS.flatMap(({ sql }) => sql.match(/create trigger [\s\S]*?end;/g) ?? [])

  function attack(change: (database: DatabaseSync) => void): boolean {
    attacker.exec(`begin immediate; ${TRIGGERS.map((name) => `drop trigger ${name}`).join('; ')}`)
    try {
      change(attacker)
      attacker.exec(`${triggers.join(' ')} commit`)
      return true
    } catch (error) {
      attacker.exec('rollback')
      if (error instanceof Error && error.message.includes('UNIQUE constraint')) return false
      throw error
    }
  }

  return {
    ledger,
    rows,
    attack,
    repair() {
      attack((database) => writeAll(database, rows))
    },
    async close() {
      attacker.close()
      await ledger.close()
    },
  }
}

/** Makes these the rows of the table. */
export function writeAll(database: DatabaseSync, rows: readonly Row[]): void {
  database.exec('delete from events')
  const insert = database.prepare(`insert into events (${EVENT_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  for (const row of rows) insert.run(...Object.values(row))
}

/** Positions 1 to n in the order given, as whoever tidies up behind himself writes them. */
export function densely(rows: readonly Row[]): Row[] {
  return rows.map((row, index) => ({ ...row, position: BigInt(index + 1) }))
}

/** Revisions, previous hashes and hashes computed anew, as whoever knows the library writes them. */
export function rehashed(rows: readonly Row[]): Row[] {
  const heads = new Map<string, Row>()
  return rows.map((row) => {
    const head = heads.get(row.stream)
    const place = { revision: (head?.revision ?? -1n) + 1n, previous_hash: head?.hash ?? GENESIS_HASH }
    const renewed = sealed({ ...row, ...place })
    heads.set(row.stream, renewed)
    return renewed
  })
}

/** The row with the hash of what it holds. */
export function sealed(row: Row): Row {
  const { id, type, data, metadata, recorded_at: recordedAt, previous_hash: previousHash } = row
  const schemaVersion = Number(row.schema_version)
  const content = { id, type, schemaVersion, data, metadata, recordedAt, previousHash }
  return { ...row, hash: hashEvent(row.stream, Number(row.revision), content) }
}
