/**
 * The ledger as SQL tables, for scripts and BI: in SQLite or PostgreSQL, kept up to date exactly once, rebuilt beside and swapped.
 *
 * @packageDocumentation
 */
export { projectLedger } from './project-ledger.ts'
export type { ProjectionOptions, ProjectionReport } from './project-ledger.ts'
export { rebuildReadModels } from './rebuild-read-models.ts'
export type { RebuildOptions, RebuildReport } from './rebuild-read-models.ts'
export type { ProjectionProgress } from './engine/projector.ts'
export type { ReadModels, SwapReport } from './read-models.ts'
export { sqliteReadModels } from './sqlite/sqlite-read-models.ts'
export type { SqliteReadModelsOptions } from './sqlite/sqlite-read-models.ts'
export { postgresReadModels } from './postgres/postgres-read-models.ts'
export type { PostgresReadModelsOptions } from './postgres/postgres-read-models.ts'
