import assert from 'node:assert/strict'
import { assertChained, assertPositions } from './assertions.ts'
import { assertSeen, follower, lookWhile, poller, type Follower, type Poller } from './followers.ts'
import type { EventStoreCase, EventStoreHarness, ForeignTransaction } from './harness.ts'
import { onStage, type Stage } from './stage.ts'

/**
 * How often readers look while an append may be waiting for somebody else's transaction: a store that lets it pass has
 * answered long before, and one that does not never will.
 */
const LOOKS = 50

/** Everyone who reads the order of the store: pollers with small and large pages, and a subscription. */
type Readers = { readonly pollers: readonly Poller[]; readonly follower: Follower; readonly look: () => Promise<void> }

type Scene = {
  readonly stage: Stage
  readonly readers: Readers
  /** Absent where a database has no transactions that could be left open. */
  readonly foreign: ForeignTransaction | undefined
}

/** Plays a scene, and lets go of what it left open whatever comes. */
async function played(harness: EventStoreHarness, play: (scene: Scene) => Promise<void>): Promise<void> {
  const stage = await onStage(harness)
  const pollers = [poller(stage, 1), poller(stage, 100), poller(stage, 10, await stage.further())]
  const readers: Readers = {
    pollers,
    follower: follower(stage),
    look: async () => {
      for (const each of pollers) await each.look()
    },
  }
  const foreign = await harness.openForeignTransaction?.()
  try {
    await play({ stage, readers, foreign })
  } finally {
    await foreign?.rollback()
    await readers.follower.stop()
  }
}

async function assertNothingMissed({ stage, readers }: Scene, events: number): Promise<void> {
  await readers.look()
  const all = await stage.all()
  assert.equal(all.length, events)
  assertChained(all)
  assertPositions(stage.store.positions, await stage.whole(), stage.start)
  for (const { seen } of readers.pollers) assertSeen('a poller', seen, all)
  await readers.follower.given(events)
  assertSeen('a subscription', readers.follower.seen, all)
}

/**
 * STORE 24: the interleavings in which readers of a global order lose events, see them out of order, or wait for
 * transactions that are none of their business. Where a harness opens no foreign transactions, a second handle of the
 * store takes their part as well as it can.
 */
export const openTransactionCases: readonly EventStoreCase[] = [
  {
    id: 'overtaken-append',
    title: 'STORE 24: who goes on from the last position it saw misses no append that began early and committed late',
    run: (harness) =>
      played(harness, async (scene) => {
        const { stage, readers, foreign } = scene
        const [slow, quick] = [stage.writer('slow'), stage.writer('quick')]
        await quick.append(stage.store, 2)
        await readers.look()
        const drafts = slow.draft(2)
        const early =
          foreign === undefined
            ? (await stage.further()).append(slow.stream, drafts, 'none')
            : foreign.append(slow.stream, drafts, 'none')
        if (foreign !== undefined) await early
        const overtaking = quick.append(stage.store, 2)
        await lookWhile(overtaking, readers.look, LOOKS)
        await foreign?.commit()
        await Promise.all([early, overtaking])
        await readers.look()
        await quick.append(stage.store, 1)
        await assertNothingMissed(scene, 7)
      }),
  },
  {
    id: 'older-transaction-appends-later',
    title: 'STORE 24: a stream is in order for every reader, even when an older transaction wrote its later events',
    run: (harness) =>
      played(harness, async (scene) => {
        const { stage, readers, foreign } = scene
        const [prod, other] = [stage.writer('prod'), stage.writer('other')]
        await prod.append(stage.store, 2)
        await other.append(stage.store, 1)
        await readers.look()
        const later = foreign ?? (await stage.further())
        await later.append(prod.stream, prod.draft(2), 1)
        await foreign?.commit()
        await readers.look()
        await other.append(stage.store, 1)
        await assertNothingMissed(scene, 6)
      }),
  },
  {
    id: 'open-transaction-hides-nothing',
    title: 'STORE 24: what was answered is there for every reader at once, whoever has a transaction open',
    run: (harness) =>
      played(harness, async (scene) => {
        const { stage, readers, foreign } = scene
        const prod = stage.writer('prod')
        const appending = prod.append(stage.store, 2)
        if (await lookWhile(appending, readers.look, LOOKS)) {
          await readers.look()
          for (const { seen } of readers.pollers) assert.equal(seen.length, 2, 'events seen beside an open transaction')
          await readers.follower.given(2)
        }
        await foreign?.rollback()
        await appending
        await assertNothingMissed(scene, 2)
      }),
  },
  {
    id: 'rolled-back-append',
    title: 'STORE 24: an append that is rolled back is seen by nobody, and nobody waits for it',
    run: (harness) =>
      played(harness, async (scene) => {
        const { stage, readers, foreign } = scene
        const [undone, prod] = [stage.writer('undone'), stage.writer('prod')]
        await prod.append(stage.store, 1)
        await foreign?.append(undone.stream, undone.draft(3), 'none')
        const beside = prod.append(stage.store, 2)
        await lookWhile(beside, readers.look, LOOKS)
        await foreign?.rollback()
        await beside
        await readers.look()
        await prod.append(stage.store, 1)
        await assertNothingMissed(scene, 4)
        // The stream is still missing: nothing of what was undone is in the way.
        await undone.append(stage.store, 1)
      }),
  },
]
