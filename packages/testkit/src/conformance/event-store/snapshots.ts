import assert from 'node:assert/strict'
import type { Snapshot } from '@infraledger/core/adapter'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'

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
    async run(harness) {
      const { store, named } = await onStage(harness)
      const [prod, staging] = [named('environment-prod'), named('environment-staging')]
      await store.saveSnapshot(snapshot(prod, 41))
      await store.saveSnapshot(snapshot(staging, 7, { foldVersion: 3 }))
      assert.deepEqual({ ...(await store.loadSnapshot(prod)) }, snapshot(prod, 41))
      assert.equal((await store.loadSnapshot(staging))?.foldVersion, 3)
      assert.equal(await store.loadSnapshot(named('environment-other')), undefined)
    },
  },
  {
    id: 'snapshot-newest',
    title: 'STORE 13: the newest snapshot is kept: an older revision is ignored, the same one replaces',
    async run(harness) {
      const { store, named } = await onStage(harness)
      const prod = named('environment-prod')
      await store.saveSnapshot(snapshot(prod, 5))
      await store.saveSnapshot(snapshot(prod, 9))
      await store.saveSnapshot(snapshot(prod, 7))
      assert.deepEqual({ ...(await store.loadSnapshot(prod)) }, snapshot(prod, 9))
      await store.saveSnapshot(snapshot(prod, 9, { foldVersion: 2, state: '{}' }))
      assert.equal((await store.loadSnapshot(prod))?.foldVersion, 2)
    },
  },
  {
    id: 'snapshot-unusable',
    title:
      'STORE 13: a newer snapshot gives way to an older revision where it is the one that was found to be unusable',
    async run(harness) {
      const { store, named } = await onStage(harness)
      const prod = named('environment-prod')
      const [kept, fresh] = [snapshot(prod, 9), snapshot(prod, 5)]
      await store.saveSnapshot(kept)
      await store.saveSnapshot(fresh, { revision: kept.revision, hash: fresh.hash })
      await store.saveSnapshot(fresh, { revision: 8, hash: kept.hash })
      assert.equal((await store.loadSnapshot(prod))?.revision, 9)
      await store.saveSnapshot(fresh, kept)
      assert.deepEqual({ ...(await store.loadSnapshot(prod)) }, fresh)
    },
  },
  {
    id: 'snapshot-large',
    title: 'STORE 13: a snapshot may be larger than an event',
    async run(harness) {
      const { store, named } = await onStage(harness)
      const prod = named('environment-prod')
      const state = JSON.stringify('x'.repeat(3_000_000))
      await store.saveSnapshot(snapshot(prod, 1, { state }))
      assert.equal((await store.loadSnapshot(prod))?.state, state)
    },
  },
]
