import assert from 'node:assert/strict'
import type { EventStore } from '@infraledger/core/adapter'
import { assertPositions } from './assertions.ts'
import { assertSeen, follower, lookWhile, poller } from './followers.ts'
import type { EventStoreCase } from './harness.ts'
import { history } from './history.ts'
import { onStage, type Stage } from './stage.ts'
import { streamWriter } from './stream-writer.ts'

const HANDLES = 4
const CALLERS = 3
const ROUNDS = 30

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** The store and further handles on its data, where there can be any. */
async function handles({ store, further }: Stage): Promise<readonly EventStore[]> {
  const others = await Promise.all(range(HANDLES - 1).map(async () => further()))
  return [store, ...others]
}

/** STORE 21: several connections, each with several callers, on one store. */
export const connectionCases: readonly EventStoreCase[] = [
  {
    id: 'one-winner-a-revision',
    title: 'STORE 21: of hundreds of appends on the same revisions, from several connections, exactly one wins each',
    async run(harness) {
      const stage = await onStage(harness)
      const stores = await handles(stage)
      const told = history(stage)
      const prod = stage.named('prod')
      let end: { revision: number; hash: string } | undefined
      for (const round of range(ROUNDS)) {
        const writer = streamWriter(prod, end)
        const attempts = range(HANDLES * CALLERS).map(async (caller) => {
          const events = writer.draft(1 + (caller % 2))
          const answer = await told.append(stores[caller % HANDLES] ?? stage.store, prod, events, writer.expected())
          return answer === undefined ? [] : [{ revision: answer.lastRevision, hash: events.at(-1)?.hash ?? '' }]
        })
        const winners = (await Promise.all(attempts)).flat()
        assert.equal(winners.length, 1, `winners of round ${round}`)
        end = winners[0]
      }
      await told.check()
    },
  },
  {
    id: 'decided-again',
    title: 'STORE 21: writers on several connections that read the end and decide again all get through, in one order',
    async run(harness) {
      const stage = await onStage(harness)
      const stores = await handles(stage)
      const told = history(stage)
      const streams = ['prod', 'staging'].map((name) => stage.named(name))
      const writing = range(HANDLES * 2).map(async (writer) => {
        const store = stores[writer % HANDLES] ?? stage.store
        const stream = streams[writer % streams.length] ?? ''
        for (const round of range(10)) {
          for (;;) {
            const end = await endOf(store, stream)
            const own = streamWriter(stream, end)
            if ((await told.append(store, stream, own.draft(1 + (round % 3)), own.expected())) !== undefined) break
          }
          if (round % 3 === 0) await told.read(store)
        }
      })
      await Promise.all(writing)
      await told.check()
      assertPositions(stage.store.positions, await stage.whole(), stage.start)
    },
  },
  {
    id: 'readers-beside-connections',
    title:
      'STORE 24: pollers and subscriptions beside writers on several connections miss nothing and see nothing twice',
    async run(harness) {
      const stage = await onStage(harness)
      const stores = await handles(stage)
      const pollers = stores.flatMap((store) => [poller(stage, 3, store), poller(stage, 1_000, store)])
      const followers = stores.map((store) => follower(stage, store))
      try {
        const written = Promise.all(
          stores.map(async (store, index) => {
            const writer = stage.writer(`prod-${index}`)
            for (const round of range(ROUNDS)) await writer.append(store, 1 + (round % 4))
          }),
        )
        const polled = pollers.map(async ({ look }) => {
          await lookWhile(written, look)
          await look()
        })
        await Promise.all([written, ...polled])
        const all = await stage.all()
        for (const { seen } of pollers) assertSeen('a poller', seen, all)
        for (const { seen, given } of followers) {
          await given(all.length)
          assertSeen('a subscription', seen, all)
        }
      } finally {
        for (const { stop } of followers) await stop()
      }
    },
  },
]

async function endOf(store: EventStore, stream: string): Promise<{ revision: number; hash: string } | undefined> {
  for await (const event of store.readStream(stream, { backwards: true, limit: 1 })) return event
  return undefined
}
