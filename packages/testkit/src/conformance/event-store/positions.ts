import assert from 'node:assert/strict'
import type { ReadAllOptions } from '@infraledger/core/adapter'
import { collect, refused, take } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'

/** The last whole number that a floating number holds; from here on a position that became one is another position. */
const LAST_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
const LARGEST = 2n ** 63n - 1n

/** STORE 26: positions are 64-bit whole numbers. */
export const positionCases: readonly EventStoreCase[] = [
  {
    id: 'positions-are-bigints',
    title: 'STORE 26: every position that a store gives is a bigint: in answers, reads and subscriptions',
    async run(harness) {
      const stage = await onStage(harness)
      const { store, start } = stage
      const prod = stage.writer('prod')
      const first = await prod.append(store, 3)
      const { events: _, ...repeated } = await prod.append(store, 1)
      const again = await store.append(prod.stream, _, 'none')
      assert.deepEqual(again, repeated)
      const subscription = stage.ours(store.subscribe({ after: start }))[Symbol.asyncIterator]()
      const given = [
        ...(await stage.all()),
        ...(await collect(store.readStream(prod.stream))),
        ...(await collect(store.readStream(prod.stream, { backwards: true }))),
        ...(await take(subscription, 4)),
      ].map(({ position }) => position)
      await subscription.return?.()
      for (const position of [first.lastPosition, again.lastPosition, ...given])
        assert.equal(typeof position, 'bigint', `position ${position}`)
    },
  },
  {
    id: 'positions-resume-exactly',
    title: 'STORE 26: each position is a place to go on from: everything behind it is given, and nothing before',
    async run(harness) {
      const stage = await onStage(harness)
      const writers = ['a', 'b'].map((name) => stage.writer(name))
      for (let round = 0; round < 4; round++) for (const writer of writers) await writer.append(stage.store, 2)
      const all = await stage.all()
      for (const [index, { position }] of all.entries()) {
        const behind = (await collect(stage.store.readAll({ after: position }))).filter(stage.isOurs)
        assert.deepEqual(
          behind.map(({ id }) => id),
          all.slice(index + 1).map(({ id }) => id),
          `behind ${position}`,
        )
        // One less is still behind the event before, where there is room between the two; the event itself is given.
        const [first] = (await collect(stage.store.readAll({ after: position - 1n }))).filter(stage.isOurs)
        assert.equal(first?.id, all[index]?.id, `behind one less than ${position}`)
      }
    },
  },
  {
    id: 'positions-beyond-doubles',
    title:
      'STORE 26: a position far behind the end, more than a floating number holds, is a place where nothing is yet',
    async run(harness) {
      const stage = await onStage(harness)
      const prod = stage.writer('prod')
      const { lastPosition } = await prod.append(stage.store, 2)
      const beyond = lastPosition > LAST_SAFE ? lastPosition : LAST_SAFE
      for (const after of [beyond, beyond + 1n, beyond + 2n, LARGEST - 1n, LARGEST]) {
        assert.deepEqual(await collect(stage.store.readAll({ after })), [], `behind ${after}`)
        assert.deepEqual(await collect(stage.store.readAll({ after, types: ['ThingHappened'], limit: 5 })), [])
      }
      const leaving = new AbortController()
      const following = collect(stage.store.subscribe({ after: LARGEST, signal: leaving.signal }))
      await prod.append(stage.store, 2)
      leaving.abort()
      assert.deepEqual(await following, [], 'a subscription behind the largest position')
    },
  },
  {
    id: 'positions-checked',
    title:
      'STORE 26: what is no position of 64 bits is refused, not rounded: one below 0, one above 2^63 - 1, a number',
    async run(harness) {
      const { store } = await onStage(harness)
      // A caller without types may well give a number, whose last digits may be lost already.
      const given: readonly unknown[] = [-1n, LARGEST + 1n, 1, 2 ** 53, '1']
      for (const after of given) {
        const options: ReadAllOptions = Object.defineProperty({}, 'after', { value: after, enumerable: true })
        await refused('input-invalid', async () => collect(store.readAll(options)))
        await refused('input-invalid', async () => collect(store.subscribe(options)))
      }
    },
  },
]
