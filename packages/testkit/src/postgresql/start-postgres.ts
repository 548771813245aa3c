import { givenServer } from './given-server.ts'
import { ownServer } from './own-server.ts'
import type { StartPostgresOptions, TestPostgres } from './test-postgres.ts'

/**
 * Starts a PostgreSQL server for tests on a free port of 127.0.0.1, in about two seconds; its data is in a temporary
 * folder. Where `DATABASE_URL` is set, that server is used instead. One server serves a test file, with a database for
 * each case.
 *
 * @example
 * const server = await startPostgres()
 * const connectionString = await server.databaseUrl()
 * await server.stop()
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<TestPostgres> {
  const { DATABASE_URL: given } = process.env
  const setUp = options.tls !== undefined || options.settings !== undefined
  return given === undefined || options.own === true || setUp ? ownServer(options) : givenServer(given)
}
