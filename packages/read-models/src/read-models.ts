import type { AnyRow, Changes, Update } from './projection/working-set.ts'
import type { Lookup } from './projection/lookups.ts'
import type { Row, TableName } from './tables/catalogue.ts'

/** One transaction on the tables. */
export interface ReadModelTransaction {
  /** Rows of an environment, as {@link Lookup} tells. */
  find(environment: string, lookup: Lookup): Promise<readonly AnyRow[]>
  /** All rows of a table that meet conditions, in the order of its key. */
  select<T extends TableName>(table: T, where: Update['where'], limit?: number): Promise<readonly Row<T>[]>
  /** Writes what a batch of events changed. */
  write(changes: Changes): Promise<void>
  /** Inserts rows of which the key is not there yet; answers how many those were. */
  add<T extends TableName>(table: T, rows: readonly Row<T>[]): Promise<number>
  /** Changes all rows that meet conditions; answers how many. */
  update(update: Update): Promise<number>
  remove(table: TableName, where: Update['where']): Promise<number>
}

/** A worker's sign of life, and what it claims. */
export type WorkerSign = { readonly worker: string; readonly beat: number }
/** An environment, and the worker that projects it; nobody where that is empty. */
export type Claim = { readonly environment: string; readonly worker: string }

/** How workers agree on who projects what. Nothing depends on it but speed: two that project the same do no harm. */
export interface WorkerRegistry {
  /** Shows that a worker lives; answers all that ever did and are not forgotten. */
  beat(worker: string): Promise<readonly WorkerSign[]>
  claims(): Promise<readonly Claim[]>
  /** Takes an environment from who holds it (`''`: nobody); answers whether that was so. */
  take(environment: string, worker: string, from: string): Promise<boolean>
  /** Forgets a worker, and lets go of what it holds. */
  forget(worker: string): Promise<void>
}

/** What a swap changed in the live tables, by table: rows that were there and are not as they should be, and rows that took their place. */
export type SwapReport = { readonly removed: number; readonly added: number }

/**
 * Where the read models are kept, opened. Every error is a `LedgerError`: `read-models-unavailable` (retryable where a repetition may
 * help), `read-models-outdated`, `read-models-newer-than-library`, `read-models-foreign`.
 */
export interface OpenReadModels {
  /** For messages, without credentials. */
  readonly name: string
  /** Runs `work` in one transaction: all of it, or nothing. */
  transaction<T>(work: (transaction: ReadModelTransaction) => Promise<T>): Promise<T>
  readonly workers: WorkerRegistry
  /** How far the live tables are; nothing where they are of another version. */
  checkpoints(): Promise<readonly Row<'checkpoints'>[]>
  /** Opens the tables that are built beside the live ones, and goes on with them; `fresh`, or where they are of another version: begins anew. */
  beside(options?: { readonly fresh?: boolean }): Promise<OpenReadModels>
  /**
   * Makes the live tables equal to those beside, in one transaction: readers see the old rows until then, and the new ones after. Answers
   * undefined, and changes nothing, where the live ones know more than those beside of a stream that is not to be ignored.
   */
  swap(ignoring: ReadonlySet<string>): Promise<SwapReport | undefined>
  /** Drops the tables beside. */
  dropBeside(): Promise<void>
  close(): Promise<void>
}

/** A place for read models: see `sqliteReadModels` and `postgresReadModels`. */
export interface ReadModels {
  readonly name: string
  /** Opens the place; makes the tables in an empty one. `rebuilding`: live tables of another version are no reason to refuse. */
  open(options?: { readonly rebuilding?: boolean }): Promise<OpenReadModels>
}
