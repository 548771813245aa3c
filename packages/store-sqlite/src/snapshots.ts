import type { DatabaseSync } from 'node:sqlite'
import type { Snapshot } from '@infraledger/core/adapter'

/** The newest snapshot of each stream. `save` runs inside a transaction that its caller has begun. */
export type Snapshots = {
  /** Keeps it unless a newer one is kept that is not the `unusable` one. */
  save(snapshot: Snapshot, unusable?: Pick<Snapshot, 'revision' | 'hash'>): void
  load(stream: string): Snapshot | undefined
}

/** Prepares the snapshots of one connection. */
export function snapshots(database: DatabaseSync): Snapshots {
  const upsert = database.prepare(
    `insert into snapshots values (?, ?, ?, ?, ?) on conflict (stream) do update
     set (revision, hash, fold_version, state) =
       (excluded.revision, excluded.hash, excluded.fold_version, excluded.state)
     where excluded.revision >= snapshots.revision or (snapshots.revision, snapshots.hash) = (?, ?)`,
  )
  const select = database.prepare('select stream, revision, hash, fold_version, state from snapshots where stream = ?')
  return {
    save: ({ stream, revision, hash, foldVersion, state }, unusable) => {
      upsert.run(stream, revision, hash, foldVersion, state, unusable?.revision ?? null, unusable?.hash ?? null)
    },
    load(stream) {
      const row = select.get(stream)
      if (row === undefined) return undefined
      const { revision, hash, fold_version: foldVersion, state } = row
      return {
        stream,
        revision: Number(revision),
        hash: String(hash),
        foldVersion: Number(foldVersion),
        state: String(state),
      }
    },
  }
}
