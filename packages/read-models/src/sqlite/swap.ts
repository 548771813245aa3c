import type { DatabaseSync } from 'node:sqlite'
import type { SwapReport } from '../read-models.ts'
import { quoted, quotedList } from '../sql/conditions.ts'
import { PROJECTION_VERSION, tableNames, tableOf } from '../tables/catalogue.ts'
import { foreign } from './errors.ts'
import { APPLICATION_ID, dropSql, schemaSql } from './schema.ts'

/** Streams of which the live tables know more than those beside. */
const AHEAD = `select live.stream from main.checkpoints live
  left join beside.checkpoints built on built.environment = live.environment and built.stream = live.stream
  where built.stream is null or live.revision > built.revision`

/**
 * Makes the live tables equal to those of the attached database `beside`, within a transaction: only rows that differ are touched, and readers see
 * either all of it or nothing. Undefined where the live ones know more, but for the streams that are to be ignored.
 */
export function swapTables(
  database: DatabaseSync,
  name: string,
  ignoring: ReadonlySet<string>,
): SwapReport | undefined {
  const pragma = (of: string): number => Number(Object.values(database.prepare(`pragma ${of}`).get() ?? {})[0])
  if (pragma('beside.application_id') !== APPLICATION_ID || pragma('beside.user_version') !== PROJECTION_VERSION)
    throw foreign(name, 'what was built beside it is not there any more')
  if (pragma('main.user_version') === PROJECTION_VERSION) {
    const ahead = database.prepare(AHEAD).all()
    if (ahead.some(({ stream }) => !ignoring.has(String(stream)))) return undefined
  } else {
    database.exec(`${dropSql()};${schemaSql()};pragma main.user_version = ${PROJECTION_VERSION}`)
  }
  let [removed, added] = [0, 0]
  for (const table of tableNames) {
    const { columns, key } = tableOf(table)
    const [all, keys] = [quotedList(Object.keys(columns)), quotedList(key)]
    const [live, built] = [`select ${all} from main.${quoted(table)}`, `select ${all} from beside.${quoted(table)}`]
    const run = (sql: string): number => Number(database.prepare(sql).run().changes)
    removed += run(
      `delete from main.${quoted(table)} where (${keys}) in (select ${keys} from (${live} except ${built}))`,
    )
    added += run(`insert into main.${quoted(table)} (${all}) ${built} except ${live}`)
  }
  return { removed, added }
}
