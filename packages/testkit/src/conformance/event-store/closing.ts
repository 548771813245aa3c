import assert from 'node:assert/strict'
import { assertChained, assertPositions, collect, refused } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'

/** STORE 14 and 15: closing, and what is there afterwards. */
export const closingCases: readonly EventStoreCase[] = [
  {
    id: 'close-waits',
    title: 'STORE 14: closing waits for the appends under way; each of them gets its answer',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const appends = ['a', 'b', 'c'].map((name) => stage.writer(name).append(store, 2))
      await store.close()
      assert.deepEqual(
        (await Promise.all(appends)).map(({ lastRevision }) => lastRevision),
        [1, 1, 1],
      )
    },
  },
  {
    id: 'close-refuses',
    title: 'STORE 14: every call after closing is refused, except closing again',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      await prod.append(store, 2)
      const reading = store.readStream(prod.stream)[Symbol.asyncIterator]()
      await reading.next()
      await store.close()
      await store.close()
      const { name } = store
      await refused('store-closed', () => store.append(prod.stream, prod.draft(1), 1), { store: name })
      await refused('store-closed', () => collect(store.readStream(prod.stream)), { store: name })
      await refused('store-closed', () => collect(store.readAll()), { store: name })
      await refused('store-closed', () => store.loadSnapshot(prod.stream), { store: name })
      const snapshot = { stream: prod.stream, revision: 1, hash: '', foldVersion: 1, state: '{}' }
      await refused('store-closed', () => store.saveSnapshot(snapshot), { store: name })
    },
  },
  {
    id: 'reopen',
    title: 'STORE 15: what was appended and saved is there after reopening, and the store goes on from it',
    async run(harness) {
      const { reopen } = harness
      if (reopen === undefined) return
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      await prod.append(store, 3)
      const repeated = await prod.append(store, 1)
      await store.saveSnapshot({ stream: prod.stream, revision: 3, hash: 'h', foldVersion: 1, state: '{}' })
      const before = await stage.all()
      await store.close()
      const again = await reopen()
      assert.deepEqual(await stage.all(again), before)
      assert.equal((await again.loadSnapshot(prod.stream))?.revision, 3)
      const { events, ...answer } = repeated
      assert.deepEqual(await again.append(prod.stream, events, 2), answer)
      await refused('append-conflict', () => again.append(prod.stream, prod.draft(1), 'none'), { actual: 3 })
      await prod.append(again, 2)
      assertChained(await stage.all(again))
      assertPositions(again.positions, await stage.whole(again), stage.start)
    },
  },
]
