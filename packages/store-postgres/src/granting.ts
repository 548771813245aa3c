import { quoted } from './schema-name.ts'

const TABLES = ['schema_versions', 'head', 'events', 'snapshots'] as const
const FUNCTIONS = ['append_events', 'save_snapshot'] as const

/** SQL that lets a role read events and snapshots, and nothing else. Both names are given as they are. */
export function readerGrants(schema: string, role: string): string {
  const tables = TABLES.map((table) => `${quoted(schema)}.${table}`).join(', ')
  return `grant usage on schema ${quoted(schema)} to ${quoted(role)}; grant select on ${tables} to ${quoted(role)};`
}

/**
 * SQL that lets a role read, append and save snapshots. It may write to no table: the functions do that, as the owner of
 * the tables, so that not even a writer whose password was stolen can change or remove an event.
 */
export function writerGrants(schema: string, role: string): string {
  const functions = FUNCTIONS.map((name) => `${quoted(schema)}.${name}`).join(', ')
  return `${readerGrants(schema, role)} grant execute on function ${functions} to ${quoted(role)};`
}
