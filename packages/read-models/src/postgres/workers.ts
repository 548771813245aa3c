import type { Pool } from 'pg'
import type { WorkerRegistry } from '../read-models.ts'
import { postgresError } from './errors.ts'
import { inSchema } from './schema.ts'

/** Keeps signs of life and claims in two tables beside the read models. */
export function postgresWorkers(pool: Pool, schema: string, name: string): WorkerRegistry {
  const [workers, claims] = [inSchema(schema, 'projection_workers'), inSchema(schema, 'projection_claims')]
  const query = async (
    sql: string,
    values: readonly string[] = [],
  ): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }> => {
    try {
      return await pool.query<Record<string, unknown>>(sql, [...values])
    } catch (error) {
      throw postgresError(error, name)
    }
  }
  return {
    async beat(worker) {
      await query(
        `insert into ${workers} as known (worker, beat) values ($1, 1) on conflict (worker) do update set beat = known.beat + 1`,
        [worker],
      )
      const { rows } = await query(`select worker, beat from ${workers} order by worker`)
      return rows.map(({ worker: one, beat }) => ({ worker: String(one), beat: Number(beat) }))
    },
    async claims() {
      const { rows } = await query(`select environment, worker from ${claims} order by environment`)
      return rows.map(({ environment, worker }) => ({ environment: String(environment), worker: String(worker) }))
    },
    async take(environment, worker, from) {
      await query(`insert into ${claims} (environment, worker) values ($1, '') on conflict do nothing`, [environment])
      const sql = `update ${claims} set worker = $1 where environment = $2 and worker = $3`
      return (await query(sql, [worker, environment, from])).rowCount === 1
    },
    async forget(worker) {
      await query(`delete from ${workers} where worker = $1`, [worker])
      await query(`update ${claims} set worker = '' where worker = $1`, [worker])
    },
  }
}
