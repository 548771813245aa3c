import type { Snapshot } from '@infraledger/core/adapter'
import type { Row, Statement } from './connection.ts'

/** The newest snapshot of each stream. */
export type Snapshots = {
  /** Keeps it unless a newer one is kept that is not the `unusable` one. */
  save(snapshot: Snapshot, unusable?: Pick<Snapshot, 'revision' | 'hash'>): Statement
  load(stream: string): Statement
  /** The snapshot that {@link Snapshots.load} has found. */
  found(rows: readonly Row[]): Snapshot | undefined
}

/** The snapshots in the tables of a schema, which is given quoted. */
export function snapshots(schema: string): Snapshots {
  const save = `select ${schema}.save_snapshot($1, $2, $3, $4, $5, $6, $7)`
  const load = `select stream, revision, hash, fold_version, state from ${schema}.snapshots where stream = $1`
  return {
    save: ({ stream, revision, hash, foldVersion, state }, unusable) => ({
      text: save,
      values: [stream, revision, hash, foldVersion, state, unusable?.revision, unusable?.hash],
    }),
    load: (stream) => ({ text: load, values: [stream] }),
    found(rows) {
      const [row] = rows
      if (row === undefined) return undefined
      const [stream, revision, hash, foldVersion, state] = row
      return {
        stream: String(stream),
        revision: Number(revision),
        hash: String(hash),
        foldVersion: Number(foldVersion),
        state: String(state),
      }
    },
  }
}
