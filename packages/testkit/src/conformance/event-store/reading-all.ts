import assert from 'node:assert/strict'
import type { EventStore, ReadAllOptions, RecordedEvent } from '@infraledger/core/adapter'
import { collect } from './assertions.ts'
import type { EventStoreCase } from './harness.ts'
import { streamWriter } from './stream-writer.ts'

/** Type number n happens every n-th event or so: some types fill pages, some hardly occur. */
const typeOf = (index: number): string => {
  if (index % 97 === 0) return 'RareThingHappened'
  return index % 3 === 0 ? 'ThirdThingHappened' : 'ThingHappened'
}

async function fill(store: EventStore, events: number): Promise<RecordedEvent[]> {
  const writers = ['a', 'b', 'c', 'd'].map((name) => streamWriter(name))
  for (let index = 0; index < events;) {
    const types = Array.from({ length: Math.min(150, events - index) }, (_, offset) => ({
      type: typeOf(index + offset),
    }))
    await writers[(index / 150) % writers.length]?.append(store, types)
    index += types.length
  }
  return collect(store.readAll())
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
    async run({ store }) {
      const all = await fill(store, 3_000)
      assert.equal(all.length, 3_000)
      const middle = all[1_500]?.position ?? 0n
      const end = all.at(-1)?.position ?? 0n
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
        for (const after of [undefined, 0n, middle, end, end + 10n, 2n ** 62n])
          for (const limit of [undefined, 0, 1, 1_200]) {
            const options = {
              ...(after === undefined ? {} : { after }),
              ...(types === undefined ? {} : { types }),
              ...(limit === undefined ? {} : { limit }),
            }
            const positions = (await collect(store.readAll(options))).map(({ position }) => position)
            assert.deepEqual(
              positions,
              selected(all, options),
              `after ${after}, limit ${limit}, types ${types?.length}`,
            )
          }
    },
  },
  {
    id: 'read-all-empty',
    title: 'STORE 9: an empty store is read as nothing',
    async run({ store }) {
      assert.deepEqual(await collect(store.readAll()), [])
      assert.deepEqual(await collect(store.readAll({ after: 10n, types: ['ThingHappened'] })), [])
    },
  },
]
