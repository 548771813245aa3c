import type { ClientBase } from 'pg'
import type { SwapReport } from '../read-models.ts'
import { quotedList } from '../sql/conditions.ts'
import { PROJECTION_VERSION, tableNames, tableOf } from '../tables/catalogue.ts'
import { foreign } from './errors.ts'
import { versionOf } from './prepare.ts'
import { reshape } from './reshape.ts'
import { inSchema } from './schema.ts'

/**
 * Makes the tables of `schema` equal to those of `beside`, within a transaction: only rows that differ are touched, no table is locked for its
 * readers, and all that hangs on a table stays. Undefined where the live ones know more, but for the streams that are to be ignored.
 */
export async function swapTables(
  client: ClientBase,
  schema: string,
  beside: string,
  name: string,
  ignoring: ReadonlySet<string>,
): Promise<SwapReport | undefined> {
  if ((await versionOf(client, beside)) !== PROJECTION_VERSION)
    throw foreign(name, 'what was built beside it is not there any more')
  const [live, built] = [inSchema(schema, 'checkpoints'), inSchema(beside, 'checkpoints')]
  // Keeps everybody else who projects away until the end; readers go on.
  await client.query(`lock table ${live} in share row exclusive mode`)
  if ((await versionOf(client, schema)) !== PROJECTION_VERSION) await reshape(client, schema)
  else {
    const ahead = await client.query<{ stream: string }>(
      `select live.stream from ${live} live left join ${built} built using (environment, stream)
       where (built.stream is null or live.revision > built.revision) and live.stream <> all($1::text[])`,
      [[...ignoring]],
    )
    if (ahead.rows.length > 0) return undefined
  }
  let [removed, added] = [0, 0]
  for (const table of tableNames) {
    const { columns, key } = tableOf(table)
    const [all, keys] = [quotedList(Object.keys(columns)), quotedList(key)]
    const [old, fresh] = [inSchema(schema, table), inSchema(beside, table)]
    const run = async (sql: string): Promise<number> => (await client.query(sql)).rowCount ?? 0
    const wrong = `select ${keys} from (select ${all} from ${old} except select ${all} from ${fresh}) differing`
    removed += await run(`delete from ${old} where (${keys}) in (${wrong})`)
    added += await run(`insert into ${old} (${all}) select ${all} from ${fresh} except select ${all} from ${old}`)
  }
  return { removed, added }
}
