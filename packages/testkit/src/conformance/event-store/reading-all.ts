import assert from 'node:assert/strict'
import type { ReadAllOptions, RecordedEvent } from '@infraledger/core/adapter'
import { collect } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage, type Stage } from './stage.ts'

/** Type number n happens every n-th event or so: some types fill pages, some hardly occur. */
const typeOf = (index: number): string => {
  if (index % 97 === 0) return 'RareThingHappened'
  return index % 3 === 0 ? 'ThirdThingHappened' : 'ThingHappened'
}

async function fill({ store, writer }: Stage, events: number): Promise<void> {
  const writers = ['a', 'b', 'c', 'd'].map((name) => writer(name))
  for (let index = 0; index < events;) {
    const types = Array.from({ length: Math.min(150, events - index) }, (_, offset) => ({
      type: typeOf(index + offset),
    }))
    await writers[(index / 150) % writers.length]?.append(store, types)
    index += types.length
  }
}

/** The specification: what `readAll` answers, given all events. */
const selected = (all: readonly RecordedEvent[], { after = 0n, types, limit }: ReadAllOptions): bigint[] =>
  all
    .filter(({ position, type }) => position > after && (types === undefined || types.includes(type)))
    .slice(0, limit)
    .map(({ position }) => position)

/** STORE 9: reading the whole store in order of position. */
export const readingAllCases: readonly EventStoreCase[] = [
  {
    id: 'read-all-options',
    title: 'STORE 9: the store is read in order of position, after a position, by type, up to a limit',
    async run(harness) {
      const stage = await onStage(harness)
      const { store, start } = stage
      await fill(stage, 3_000)
      const ours = await stage.all()
      assert.equal(ours.length, 3_000)
      // Everybody's events, for a limit counts them all; what others append from here on is left out below.
      const end = ours.at(-1)?.position ?? 0n
      const all = (await stage.whole()).filter(({ position }) => position <= end)
      const middle = all[1_500]?.position ?? 0n
      const typeLists = [
        undefined,
        [],
        ['RareThingHappened'],
        ['ThingHappened'],
        ['ThirdThingHappened', 'RareThingHappened'],
        ['ThingHappened', 'ThingHappened', 'NeverHappened'],
        Array.from({ length: 200 }, (_, index) => `Type${index}`).concat('RareThingHappened'),
      ]
      for (const types of typeLists)
        for (const after of [
          ...(harness.fresh === true ? [undefined, 0n] : []),
          start,
          middle,
          end,
          end + 10n,
          2n ** 62n,
        ])
          for (const limit of [undefined, 0, 1, 1_200]) {
            const options = {
              ...(after === undefined ? {} : { after }),
              ...(types === undefined ? {} : { types }),
              ...(limit === undefined ? {} : { limit }),
            }
            const read = (await collect(store.readAll(options))).map(({ position }) => position)
            assert.deepEqual(
              read.filter((position) => position <= end),
              selected(all, options),
              `after ${after}, limit ${limit}, types ${types?.length}`,
            )
          }
    },
  },
  {
    id: 'read-all-empty',
    title: 'STORE 9: where there is nothing, nothing is read',
    async run({ store, fresh = false }) {
      for (const after of [2n ** 62n, ...(fresh ? [0n, 10n] : [])]) {
        assert.deepEqual(await collect(store.readAll({ after })), [])
        assert.deepEqual(await collect(store.readAll({ after, types: ['ThingHappened'] })), [])
      }
      if (fresh) assert.deepEqual(await collect(store.readAll()), [])
    },
  },
]
