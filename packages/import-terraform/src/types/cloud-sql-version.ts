/** Engine and version from Cloud SQL's `database_version`; `complete` says whether nothing else is in it. */
export type EngineVersion = { readonly engine: string; readonly version: string; readonly complete: boolean }

/**
 * Takes `POSTGRES_15`, `MYSQL_8_0_31` or `SQLSERVER_2019_STANDARD` apart (Cloud SQL Admin API, `SqlDatabaseVersion`). Old PostgreSQL
 * and MySQL versions have two or three parts (`POSTGRES_9_6`).
 */
export function engineOf(databaseVersion: string): EngineVersion | undefined {
  const open = /^(POSTGRES|MYSQL)_(\d+(?:_\d+)*)$/.exec(databaseVersion)
  if (open !== null)
    return { engine: (open[1] ?? '').toLowerCase(), version: (open[2] ?? '').replaceAll('_', '.'), complete: true }
  const microsoft = /^SQLSERVER_(\d{4})_[A-Z]+$/.exec(databaseVersion)
  return microsoft === null ? undefined : { engine: 'sqlserver', version: microsoft[1] ?? '', complete: false }
}
