import assert from 'node:assert/strict'
import type { Snapshot } from '@infraledger/core/adapter'
import type { EventStoreCase } from './harness.ts'

const snapshot = (stream: string, revision: number, fields: Partial<Snapshot> = {}): Snapshot => ({
  stream,
  revision,
  hash: String(revision % 10).repeat(64),
  foldVersion: 1,
  state: `{"b":${revision},"a":"é🙂"}`,
  ...fields,
})

/** STORE 13: snapshots. */
export const snapshotCases: readonly EventStoreCase[] = [
  {
    id: 'snapshot-kept',
    title: 'STORE 13: the snapshot of a stream comes back as it was saved, and a stream without one has none',
    async run({ store }) {
      await store.saveSnapshot(snapshot('environment-prod', 41))
      await store.saveSnapshot(snapshot('environment-staging', 7, { foldVersion: 3 }))
      assert.deepEqual({ ...(await store.loadSnapshot('environment-prod')) }, snapshot('environment-prod', 41))
      assert.equal((await store.loadSnapshot('environment-staging'))?.foldVersion, 3)
      assert.equal(await store.loadSnapshot('environment-other'), undefined)
    },
  },
  {
    id: 'snapshot-newest',
    title: 'STORE 13: the newest snapshot is kept: an older revision is ignored, the same one replaces',
    async run({ store }) {
      await store.saveSnapshot(snapshot('environment-prod', 5))
      await store.saveSnapshot(snapshot('environment-prod', 9))
      await store.saveSnapshot(snapshot('environment-prod', 7))
      assert.deepEqual({ ...(await store.loadSnapshot('environment-prod')) }, snapshot('environment-prod', 9))
      await store.saveSnapshot(snapshot('environment-prod', 9, { foldVersion: 2, state: '{}' }))
      assert.equal((await store.loadSnapshot('environment-prod'))?.foldVersion, 2)
    },
  },
  {
    id: 'snapshot-unusable',
    title:
      'STORE 13: a newer snapshot gives way to an older revision where it is the one that was found to be unusable',
    async run({ store }) {
      const [kept, fresh] = [snapshot('environment-prod', 9), snapshot('environment-prod', 5)]
      await store.saveSnapshot(kept)
      await store.saveSnapshot(fresh, { revision: kept.revision, hash: fresh.hash })
      await store.saveSnapshot(fresh, { revision: 8, hash: kept.hash })
      assert.equal((await store.loadSnapshot('environment-prod'))?.revision, 9)
      await store.saveSnapshot(fresh, kept)
      assert.deepEqual({ ...(await store.loadSnapshot('environment-prod')) }, fresh)
    },
  },
  {
    id: 'snapshot-large',
    title: 'STORE 13: a snapshot may be larger than an event',
    async run({ store }) {
      const state = JSON.stringify('x'.repeat(3_000_000))
      await store.saveSnapshot(snapshot('environment-prod', 1, { state }))
      assert.equal((await store.loadSnapshot('environment-prod'))?.state, state)
    },
  },
]
