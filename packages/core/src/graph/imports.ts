import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import type { EventData } from '../environment/catalogue.ts'

/** What a ledger remembers of an import. */
export type ImportRecord = {
  readonly import: string
  readonly source: Readonly<EventData<'ImportStarted'>['source']>
  readonly lineage: string
  /** When the imported state was true in the world, where that is known (ISO 8601). */
  readonly effectiveAt: string | undefined
  /** The same of the lineage's import before: what changed between the two did so between these moments. */
  readonly after: string | undefined
  readonly actor: Actor
  /** What allowed it. */
  readonly authorization?: Authorization
  readonly completedAt: string
}

/** An import that was started and not completed: its versions exist and are not visible yet. */
export type OpenImport = Omit<ImportRecord, 'completedAt'> & { recorded: number; retired: number }

/** The series that a source belongs to: its lineage, or its name where it has none. */
export function lineageOf(source: ImportRecord['source']): string {
  return source.lineage ?? source.name
}
