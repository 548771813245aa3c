import { quoted } from './schema-name.ts'

const TABLES = ['schema_versions', 'head', 'events', 'snapshots'] as const
const READING = ['read_all', 'read_types', 'read_stream', 'read_stream_backwards'] as const
const WRITING = ['append_events', 'append_event', 'save_snapshot'] as const

const qualified = (schema: string, names: readonly string[]): string =>
  names.map((name) => `${quoted(schema)}.${name}`).join(', ')

/** SQL that lets a role read events and snapshots, and nothing else. Both names are given as they are. */
export function readerGrants(schema: string, role: string): string {
  return `
    grant usage on schema ${quoted(schema)} to ${quoted(role)};
    grant select on ${qualified(schema, TABLES)} to ${quoted(role)};
    grant execute on function ${qualified(schema, READING)} to ${quoted(role)};`
}

/**
 * SQL that lets a role read, append and save snapshots. It may write to no table: the functions do that, as the owner of
 * the tables, so that not even a writer whose password was stolen can change or remove an event.
 */
export function writerGrants(schema: string, role: string): string {
  return `${readerGrants(schema, role)}
    grant execute on function ${qualified(schema, WRITING)} to ${quoted(role)};`
}
