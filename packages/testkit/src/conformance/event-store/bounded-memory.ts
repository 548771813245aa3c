import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { RecordedEvent } from '@infraledger/core/adapter'
import { take } from './assertions.ts'
import { follower } from './followers.ts'
import type { EventStoreCase } from './harness.ts'
import { onStage, type Stage } from './stage.ts'

const MIB = 1024 * 1024
/** What a slow reader has before it, and how much of that a store may have in memory for its sake. */
const HISTORY = { appends: 40, eventsOfAppend: 2, eventBytes: 400 * 1024 } as const
const HELD_BYTES = 12 * MIB

/** STORE 25: a slow reader costs a bounded part of the history. */
export const boundedMemoryCases: readonly EventStoreCase[] = [
  {
    id: 'slow-reader-bounded',
    title: 'STORE 25: reads that are left standing at their first event hold a page in memory, not the history',
    async run(harness) {
      const stage = await onStage(harness)
      const stream = await fill(stage, 'prod')
      const reads = [
        () => stage.ours(stage.store.readAll({ after: stage.start })),
        () => stage.store.readStream(stream),
        () => stage.store.readStream(stream, { backwards: true }),
      ]
      for (const read of reads)
        await assertHeldLittle(async () => {
          const slow = read()[Symbol.asyncIterator]()
          await take(slow, 1)
          // Another reader goes through all of it: time enough for whatever reads ahead.
          for await (const event of stage.store.readStream(stream)) assert.equal(event.stream, stream)
          return slow
        })
    },
  },
  {
    id: 'slow-subscriber-bounded',
    title: 'STORE 25: a subscription that is left standing at its first event holds a page in memory, not the history',
    async run(harness) {
      const stage = await onStage(harness)
      await fill(stage, 'prod')
      await assertHeldLittle(async () => standing(stage))
    },
  },
  {
    id: 'slow-live-subscriber-bounded',
    title: 'STORE 25: nor does a subscription that stands while the history grows hold what is appended',
    async run(harness) {
      const stage = await onStage(harness)
      await stage.writer('first').append(stage.store)
      // What the store itself keeps in memory of its events (all, if it is one in memory) is measured without a subscription.
      const [, alone] = await grown(async () => fill(stage, 'alone'))
      const events = stage.ours(stage.store.subscribe({ after: stage.start }))[Symbol.asyncIterator]()
      await take(events, 1)
      const [, beside] = await grown(async () => fill(stage, 'beside'))
      assertBounded(beside - alone)
      await take(events, 2 * HISTORY.appends * HISTORY.eventsOfAppend)
      await events.return?.()
    },
  },
]

/** Appends a history of large events to a stream, and answers with its name. */
async function fill({ store, writer }: Stage, name: string): Promise<string> {
  const prod = writer(name)
  for (let append = 0; append < HISTORY.appends; append++)
    // Built from bytes, so that no two events share their characters in memory.
    await prod.append(
      store,
      Array.from({ length: HISTORY.eventsOfAppend }, (_, index) => ({
        data: JSON.stringify(Buffer.alloc(HISTORY.eventBytes, 97 + ((append + index) % 26)).toString('latin1')),
      })),
    )
  return prod.stream
}

/** A subscription at its first event, beside which another one went to the end. */
async function standing(stage: Stage): Promise<AsyncIterator<RecordedEvent>> {
  const slow = stage.ours(stage.store.subscribe({ after: stage.start }))[Symbol.asyncIterator]()
  await take(slow, 1)
  const quick = follower(stage)
  await quick.given(HISTORY.appends * HISTORY.eventsOfAppend)
  quick.seen.length = 0
  await quick.stop()
  return slow
}

async function assertHeldLittle(stand: () => Promise<AsyncIterator<RecordedEvent>>): Promise<void> {
  const [slow, bytes] = await grown(stand)
  assertBounded(bytes)
  await slow.return?.()
}

function assertBounded(bytes: number): void {
  const { appends, eventsOfAppend, eventBytes } = HISTORY
  const [held, all] = [bytes, appends * eventsOfAppend * eventBytes].map((count) => `${Math.round(count / MIB)} MiB`)
  assert.ok(bytes < HELD_BYTES, `${held} held for a slow reader, of ${all} that it has not read`)
}

/** What a step answers, and how many bytes more are in use after it. */
async function grown<T>(step: () => Promise<T>): Promise<readonly [T, number]> {
  const before = bytesInUse()
  const answer = await step()
  return [answer, bytesInUse() - before]
}

function bytesInUse(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage: unknown = runInNewContext('gc')
  if (typeof collectGarbage === 'function') for (const _ of [1, 2]) Reflect.apply(collectGarbage, undefined, [])
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
