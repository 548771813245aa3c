import { expect, test } from 'vitest'
import type { Checkpoint } from '../audit/checkpoint.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { linesOf } from './export.fixture.ts'
import { openLedger } from './open-ledger.ts'
import { restoreLedger } from './restore-ledger.ts'
import {
  chain,
  checkpointed,
  COVERED,
  refusal,
  renumbered,
  rewritten,
  storeOf,
  writtenStore,
} from './written-ledger.fixture.ts'

/** What verifying some events against a checkpoint finds. */
async function compared(events: readonly RecordedEvent[], checkpoint: Checkpoint, positions?: 'monotonic') {
  return openLedger({ store: storeOf(events, positions) }).verify({ checkpoint })
}

test('AUDIT 14: an untouched ledger holds against each of its checkpoints, in the store of then or restored into another', async () => {
  const { events, checkpoint, store } = await checkpointed()
  expect(await compared(events, checkpoint)).toMatchObject({
    intact: true,
    events: 37,
    lastPosition: 37n,
    checkpoint: { holds: true, events: COVERED, positions: 'same', problemCount: 0, signedBy: [] },
  })
  expect(await compared(renumbered(events, 64n), checkpoint, 'monotonic')).toMatchObject({
    intact: true,
    checkpoint: { holds: true, positions: 'renumbered' },
  })
  const copy = inMemoryEventStore()
  await restoreLedger(await linesOf(store), copy)
  expect(await openLedger({ store: copy }).verify({ checkpoint })).toMatchObject({ intact: true })
  const { heads, ...bare } = checkpoint
  expect(heads).toHaveLength(3)
  expect(await compared(events, bare)).toMatchObject({ intact: true })
})

test.each<[what: string, change: (events: readonly RecordedEvent[]) => RecordedEvent[], problem: object]>([
  [
    'a tail that was cut off',
    (events) => events.slice(0, 28),
    { kind: 'cut-off', stream: 'activity-prod', revision: 9 },
  ],
  [
    'the last event of one stream cut off',
    (events) => renumbered(events.filter(({ stream, revision }) => stream !== 'environment-prod' || revision < 9)),
    { kind: 'cut-off', stream: 'environment-prod', revision: 9 },
  ],
  [
    'a stream that is gone',
    (events) => renumbered(events.filter(({ stream }) => stream !== 'environment-test')),
    { kind: 'stream-missing', stream: 'environment-test' },
  ],
  ['everything gone', () => [], { kind: 'stream-missing' }],
  [
    'a history written anew',
    (events) => rewritten(events, 'environment-prod', 3),
    { kind: 'rewritten', stream: 'environment-prod', revision: 9 },
  ],
  [
    'a last event written anew',
    (events) => rewritten(events, 'environment-test', 9),
    { kind: 'rewritten', stream: 'environment-test' },
  ],
  ['events of two streams that changed places', (events) => renumbered(swapped(events, 4, 5)), { kind: 'reordered' }],
  [
    'an older and a newer event that changed places',
    (events) => renumbered(swapped(events, 29, 30)),
    { kind: 'inserted', stream: 'environment-prod', revision: 10 },
  ],
  [
    'a stream that was inserted among what is covered',
    (events) => renumbered([...events.slice(0, 9), ...inserted(), ...events.slice(9)]),
    { kind: 'inserted', stream: 'environment-new' },
  ],
])('AUDIT 14: %s is found, though every chain is whole', async (_what, change, problem) => {
  const { events, checkpoint } = await checkpointed()
  const tampered = change(events)
  expect(await openLedger({ store: storeOf(tampered) }).verify()).toMatchObject({ intact: true })
  const found = await compared(tampered, checkpoint)
  expect(found).toMatchObject({ intact: false, checkpoint: { holds: false } })
  expect(found).not.toHaveProperty('problem')
  expect(found.checkpoint?.problems).toContainEqual(expect.objectContaining(problem))
  const { heads: _, ...bare } = checkpoint
  expect(await compared(tampered, bare)).toMatchObject({ intact: false, checkpoint: { holds: false } })
})

test('AUDIT 14: where the order parted first is told as closely as the checkpoint knows', async () => {
  const { events, checkpoint } = await checkpointed()
  const found = await compared(renumbered(swapped(events, 20, 21)), checkpoint)
  expect(found.checkpoint).toMatchObject({ differsBetween: { from: 17, to: 24 }, positions: 'not-compared' })
})

test('AUDIT 10: verifying from a checkpoint on reads the rest, says what it did not check, and refuses where it cannot go on', async () => {
  const { events, checkpoint } = await checkpointed()
  const since = { checkpoint, sinceCheckpoint: true }
  const verify = (changed: readonly RecordedEvent[]) => openLedger({ store: storeOf(changed) }).verify(since)
  const whole = await openLedger({ store: storeOf(events) }).verify()
  const report = await verify(events)
  expect(report).toMatchObject({
    intact: true,
    events: 7,
    unchecked: { events: COVERED, upTo: 30n },
    lastPosition: 37n,
  })
  expect(report.heads).toEqual(whole.heads)
  expect(await verify(rewritten(events, 'environment-prod', 11))).toMatchObject({ intact: true })
  expect(await verify(events.map((event, at) => (at === 34 ? { ...event, data: '{}' } : event)))).toMatchObject({
    intact: false,
    problem: { kind: 'edited', position: 35n },
  })
  // The chain from the head that the checkpoint names to the next event.
  expect(await verify(rewritten(events, 'environment-prod', 9))).toMatchObject({ intact: false })
  for (const changed of [events.slice(0, 20), renumbered(events, 2n), rewritten(events, 'activity-prod', 9)])
    expect(await refusal(verify(changed))).toBe('checkpoint-mismatch')
  const { heads: _, ...bare } = checkpoint
  expect(await refusal(openLedger({ store: storeOf(events) }).verify({ ...since, checkpoint: bare }))).toBe(
    'checkpoint-mismatch',
  )
})

test('AUDIT 10: a verification tells how far it is of how much, and ends when its signal aborts', async () => {
  for (const [events, told] of [
    [2_500, [1_000, 2_000, 2_500]],
    [0, [0]],
    [1, [1]],
  ] as const) {
    const { store } = await writtenStore(events)
    const progress: { events: number; total?: number }[] = []
    await openLedger({ store }).verify({ onProgress: (at) => progress.push(at) })
    expect(progress.map((at) => at.events)).toEqual(told)
    expect(new Set(progress.map(({ total }) => total))).toEqual(new Set([events]))
  }
  const { store } = await writtenStore(2_500)
  const stop = new AbortController()
  const verifying = openLedger({ store }).verify({
    signal: stop.signal,
    onProgress: () => stop.abort(new Error('enough')),
  })
  await expect(verifying).rejects.toThrow('enough')
})

function swapped(events: readonly RecordedEvent[], one: number, other: number): RecordedEvent[] {
  return events.map((event, at) => events[at === one ? other : at === other ? one : at] ?? event)
}

/** The beginning of a stream that nobody knew when the checkpoint was made. */
function inserted(): RecordedEvent[] {
  const added = chain('environment-new')
  return [{ ...added.next(), stream: added.stream, revision: 0, position: 0n }]
}
