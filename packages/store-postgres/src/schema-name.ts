import { invalidOption } from './invalid-options.ts'

/** The schema that is used when none is named. */
const DEFAULT_SCHEMA = 'infraledger'

/**
 * The name of a schema, which needs no quoting beyond that of {@link quoted}, because it is made of harmless characters
 * only. Throws `input-invalid` for any other.
 */
export function schemaName(named: string = DEFAULT_SCHEMA): string {
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(named) && !named.startsWith('pg_')) return named
  const problem = `"${named}" is not made of small letters, digits and _ (at most 63, not beginning with pg_ or a digit)`
  throw invalidOption('schema', problem)
}

/** A name as SQL's identifier (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS). */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
