import assert from 'node:assert/strict'
import { isLedgerError } from '@infraledger/core/adapter'
import type { RecordedEvent } from '@infraledger/core/adapter'
import { assertChained, assertPositions, collect } from './assertions.ts'
import { lookWhile } from './followers.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage } from './stage.ts'

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

/** STORE 16: many callers at once. */
export const concurrencyCases: readonly EventStoreCase[] = [
  {
    id: 'many-streams-at-once',
    title: 'STORE 16: callers on different streams never disturb each other',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const counts = await Promise.all(
        range(50).map(async (caller) => {
          const writer = stage.writer(`environment-${caller}`)
          for (const round of range(6)) {
            const answer = await writer.append(store, 1 + ((caller + round) % 4))
            const [last] = await collect(store.readStream(writer.stream, { backwards: true, limit: 1 }))
            assert.deepEqual([last?.revision, last?.position], [answer.lastRevision, answer.lastPosition])
          }
          return (await collect(store.readStream(writer.stream))).length
        }),
      )
      const all = await stage.all()
      assert.equal(
        all.length,
        counts.reduce((sum, count) => sum + count, 0),
      )
      assertChained(all)
      assertPositions(store.positions, await stage.whole(), stage.start)
    },
  },
  {
    id: 'one-stream-at-once',
    title: 'STORE 16: of callers who decided on the same revision exactly one wins, and the others are told',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const prod = stage.writer('environment-prod')
      await prod.append(store, 1)
      const outcomes = await Promise.allSettled(range(20).map(() => store.append(prod.stream, prod.draft(2), 0)))
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue
        assert.ok(isLedgerError(outcome.reason, 'append-conflict'), String(outcome.reason))
        assert.equal(outcome.reason.details.actual, 2)
      }
      assert.equal((await stage.all()).length, 3)
    },
  },
  {
    id: 'refused-in-company',
    title: 'STORE 16: a conflict or a reused id among appends made at once fails only its own caller',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const held = stage.writer('held')
      const { events } = await held.append(store, 2)
      const [{ id } = { id: '' }] = events
      const good = (name: string) =>
        stage
          .writer(name)
          .append(store, 2)
          .then(({ lastRevision }) => lastRevision)
      const outcomes = await Promise.allSettled([
        good('a'),
        store.append(held.stream, held.draft(1), 'none'),
        good('b'),
        store.append(held.stream, held.draft([{ id }]), 1),
        store.append(held.stream, held.draft(1), 1).then(({ lastRevision }) => lastRevision),
        good('c'),
      ])
      const answers = outcomes.map((outcome) =>
        outcome.status === 'fulfilled' ? outcome.value : isLedgerError(outcome.reason) && outcome.reason.code,
      )
      assert.deepEqual(answers, [1, 'append-conflict', 1, 'event-id-reused', 2, 1])
      assertPositions(store.positions, await stage.whole(), stage.start)
    },
  },
  {
    id: 'readers-see-a-prefix',
    title: 'STORE 16: a reader beside writers sees a prefix of the store: never a gap that is filled later',
    async run(harness) {
      const stage = await onStage(harness)
      const { store } = stage
      const reads: RecordedEvent[][] = []
      const writing = Promise.all(
        range(8).map(async (caller) => {
          const writer = stage.writer(`environment-${caller}`)
          for (const _ of range(15)) await writer.append(store, 2)
        }),
      )
      for (const _ of range(15)) reads.push(await stage.all())
      await writing
      const all = await stage.all()
      for (const read of reads) assert.deepEqual(read, all.slice(0, read.length))
    },
  },
  {
    id: 'batches-whole',
    title: 'STORE 1: a reader beside a writer sees an append whole or not at all, through whichever handle',
    async run(harness) {
      const stage = await onStage(harness)
      const other = await stage.further()
      const prod = stage.writer('prod')
      const batch = 40
      const written = (async () => {
        for (const _ of range(25)) await prod.append(stage.store, batch)
      })()
      const looks = [stage.store, other].map(async (store) =>
        lookWhile(written, async () => {
          const inStream = await collect(store.readStream(prod.stream))
          const inAll = await stage.all(store)
          const [end] = await collect(store.readStream(prod.stream, { backwards: true, limit: 1 }))
          const sizes = [inStream.length, inAll.length, (end?.revision ?? -1) + 1]
          for (const size of sizes) assert.equal(size % batch, 0, `half an append: ${size} events`)
        }),
      )
      await Promise.all([written, ...looks])
    },
  },
]
