import assert from 'node:assert/strict'
import type { ReadStreamOptions } from '@infraledger/core/adapter'
import { collect, refused } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'

/** Options on a stream of five events, and the revisions that they must answer. */
const READS: readonly (readonly [ReadStreamOptions, readonly number[]])[] = [
  [{}, [0, 1, 2, 3, 4]],
  [{ from: 0 }, [0, 1, 2, 3, 4]],
  [{ from: 3 }, [3, 4]],
  [{ from: 4 }, [4]],
  [{ from: 5 }, []],
  [{ from: 99 }, []],
  [{ limit: 2 }, [0, 1]],
  [{ limit: 0 }, []],
  [{ limit: 99 }, [0, 1, 2, 3, 4]],
  [{ from: 1, limit: 1 }, [1]],
  [{ from: 1, limit: 3 }, [1, 2, 3]],
  [{ backwards: false }, [0, 1, 2, 3, 4]],
  [{ backwards: true }, [4, 3, 2, 1, 0]],
  [{ backwards: true, limit: 1 }, [4]],
  [{ backwards: true, limit: 0 }, []],
  [{ backwards: true, from: 2 }, [2, 1, 0]],
  [{ backwards: true, from: 2, limit: 2 }, [2, 1]],
  [{ backwards: true, from: 0 }, [0]],
  [{ backwards: true, from: 99 }, [4, 3, 2, 1, 0]],
]

/** STORE 8 and 10: reading one stream. */
export const readingStreamCases: readonly EventStoreCase[] = [
  {
    id: 'read-stream-options',
    title: 'STORE 8: a stream is read from a revision, inclusive, forwards or backwards, up to a limit',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      await stage.writer('other').append(store, 7)
      const prod = stage.writer('environment-prod')
      await prod.append(store, 5)
      for (const [options, wanted] of READS) {
        const revisions = (await collect(store.readStream(prod.stream, options))).map(({ revision }) => revision)
        assert.deepEqual(revisions, wanted, JSON.stringify(options))
      }
    },
  },
  {
    id: 'read-stream-missing',
    title: 'STORE 8: a missing stream is an empty one',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      await stage.writer('environment-prod').append(store, 1)
      assert.deepEqual(await collect(store.readStream(stage.named('environment-staging'))), [])
      assert.deepEqual(await collect(store.readStream(stage.named('environment-staging'), { backwards: true })), [])
    },
  },
  {
    id: 'read-stream-long',
    title: 'STORE 8: a stream longer than any page is read whole, both ways',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const count = 2_500
      for (let left = count; left > 0; left -= 500) await prod.append(store, 500)
      const wanted = Array.from({ length: count }, (_, revision) => revision)
      const read = async (options: ReadStreamOptions) =>
        (await collect(store.readStream(prod.stream, options))).map(({ revision }) => revision)
      assert.deepEqual(await read({}), wanted)
      assert.deepEqual(await read({ backwards: true }), wanted.toReversed())
      assert.deepEqual(await read({ from: 10, limit: 2_100 }), wanted.slice(10, 2_110))
      assert.deepEqual(
        await read({ from: 2_200, limit: 2_100, backwards: true }),
        wanted.slice(101, 2_201).toReversed(),
      )
    },
  },
  {
    id: 'read-large-events',
    title: 'STORE 8: a stream of large events is read whole',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const data = JSON.stringify('x'.repeat(400_000))
      for (let appended = 0; appended < 24; appended += 2) await prod.append(store, [{ data }, { data }])
      for await (const event of store.readStream(prod.stream)) assert.equal(event.data, data)
      assert.equal((await collect(store.readStream(prod.stream, { backwards: true, limit: 20 }))).length, 20)
    },
  },
  {
    id: 'read-numbers-checked',
    title: 'STORE 8: a bound that is no whole number from 0 is refused, not guessed at',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      await prod.append(store, 2)
      for (const bound of [-1, 0.5, Number.NaN, Infinity]) {
        await refused('input-invalid', async () => collect(store.readStream(prod.stream, { from: bound })))
        await refused('input-invalid', async () => collect(store.readStream(prod.stream, { limit: bound })))
        await refused('input-invalid', async () => collect(store.readAll({ limit: bound })))
      }
    },
  },
  {
    id: 'read-ends',
    title: 'STORE 10: a read ends even when its reader appends more than it reads',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      const count = 2_200
      for (let left = count; left > 0; left -= 550) await prod.append(store, 550)
      for (const events of [() => store.readStream(prod.stream), () => store.readAll({ after: stage.start })]) {
        let read = 0
        for await (const event of events()) {
          read += 1
          assert.ok(read < 6 * count, `still reading at position ${event.position}`)
          if (read % 100 === 0) await prod.append(store, 200)
        }
        assert.ok(read >= count)
      }
    },
  },
  {
    id: 'read-left',
    title: 'STORE 10: a reader may leave in the middle of a read',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      await prod.append(store, 10)
      for (const events of [store.readStream(prod.stream), stage.ours(store.readAll({ after: stage.start }))])
        for await (const event of events) {
          assert.equal(event.revision, 0)
          break
        }
      await prod.append(store, 1)
      await store.close()
    },
  },
]
