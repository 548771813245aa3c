import type { DatabaseSync } from 'node:sqlite'
import { newerThanLibrary, outdated } from '../versions.ts'
import { PROJECTION_VERSION } from '../tables/catalogue.ts'
import { foreign } from './errors.ts'
import { APPLICATION_ID, schemaSql } from './schema.ts'

/** "ILDG": a ledger's own file. */
const LEDGER_APPLICATION_ID = 0x49_4c_44_47

/**
 * Makes the tables in an empty database, in one transaction, and checks what is there otherwise. Throws `read-models-foreign`,
 * `read-models-newer-than-library`, and `read-models-outdated` unless they are about to be rebuilt.
 */
export function prepareFile(database: DatabaseSync, name: string, rebuilding: boolean): void {
  if (isEmpty(database)) {
    // Readers and the writer never wait for each other; what a power failure takes is projected again.
    database.exec('pragma journal_mode = wal')
    database.exec('begin immediate')
    try {
      // Asked again under the lock: another process may have been faster.
      if (isEmpty(database)) {
        database.exec(schemaSql())
        database.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${PROJECTION_VERSION}`)
      }
      database.exec('commit')
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  }
  const application = numberOf(database, 'pragma application_id')
  if (application === LEDGER_APPLICATION_ID) throw foreign(name, 'it is the file of a ledger')
  if (application !== APPLICATION_ID) throw foreign(name, 'it is a SQLite database of another application')
  const version = numberOf(database, 'pragma user_version')
  if (version > PROJECTION_VERSION) throw newerThanLibrary(name, version)
  if (version < PROJECTION_VERSION && !rebuilding) throw outdated(name, version)
  // What a transaction touches stays in memory until it commits: the indexes of a large table are touched all over.
  database.exec('pragma synchronous = normal; pragma cache_size = -65536')
}

/** Whether the tables are those of an older version. */
export function isOutdated(database: DatabaseSync): boolean {
  return numberOf(database, 'pragma user_version') < PROJECTION_VERSION
}

const isEmpty = (database: DatabaseSync): boolean =>
  numberOf(database, 'pragma application_id') === 0 && numberOf(database, 'select count(*) from sqlite_schema') === 0

function numberOf(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(sql).get() ?? {})[0])
}
