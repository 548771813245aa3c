import type { DatabaseSync } from 'node:sqlite'
import type { WorkerRegistry } from '../read-models.ts'

/** Runs a change of the registry in a transaction of its own. */
type Change = <T>(work: () => T) => Promise<T>

/** Keeps signs of life and claims in two tables beside the read models. */
export function sqliteWorkers(database: DatabaseSync, inTransaction: Change): WorkerRegistry {
  return {
    beat: (worker) =>
      inTransaction(() => {
        database
          .prepare(
            'insert into projection_workers (worker, beat) values (?, 1) on conflict (worker) do update set beat = beat + 1',
          )
          .run(worker)
        const rows = database.prepare('select worker, beat from projection_workers order by worker').all()
        return rows.map(({ worker: name, beat }) => ({ worker: String(name), beat: Number(beat) }))
      }),
    async claims() {
      const rows = database.prepare('select environment, worker from projection_claims order by environment').all()
      return rows.map(({ environment, worker }) => ({ environment: String(environment), worker: String(worker) }))
    },
    take: (environment, worker, from) =>
      inTransaction(() => {
        database
          .prepare("insert into projection_claims (environment, worker) values (?, '') on conflict do nothing")
          .run(environment)
        const taken = database
          .prepare('update projection_claims set worker = ? where environment = ? and worker = ?')
          .run(worker, environment, from)
        return Number(taken.changes) === 1
      }),
    forget: (worker) =>
      inTransaction(() => {
        database.prepare('delete from projection_workers where worker = ?').run(worker)
        database.prepare("update projection_claims set worker = '' where worker = ?").run(worker)
      }),
  }
}
