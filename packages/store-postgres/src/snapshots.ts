import type { Snapshot } from '@infraledger/core/adapter'
import type { Row, Statement } from './connection.ts'

/** The newest snapshot of each stream. */
export type Snapshots = {
  save(snapshot: Snapshot): Statement
  load(stream: string): Statement
  /** The snapshot that {@link Snapshots.load} has found. */
  found(rows: readonly Row[]): Snapshot | undefined
}

/** The snapshots in the tables of a schema, which is given quoted. */
export function snapshots(schema: string): Snapshots {
  const save = `select ${schema}.save_snapshot($1, $2, $3, $4, $5)`
  const load = `select stream, revision, hash, fold_version, state from ${schema}.snapshots where stream = $1`
  return {
    save: ({ stream, revision, hash, foldVersion, state }) => ({
      text: save,
      values: [stream, revision, hash, foldVersion, state],
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
