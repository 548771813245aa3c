import { expect, test } from 'vitest'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import { verifier } from './verify.ts'
import type { IntegrityReport } from './verify.ts'

/** Two streams, event by event in turn: positions 1 to 8, revisions 0 to 3 in each. */
function written(): RecordedEvent[] {
  const heads = new Map<string, { revision: number; hash: string }>()
  return Array.from({ length: 8 }, (_, index) => {
    const stream = index % 2 === 0 ? 'environment-prod' : 'environment-test'
    const head = heads.get(stream) ?? { revision: -1, hash: GENESIS_HASH }
    const recordedAt = new Date(Date.UTC(2026, 0, 5, 9, index)).toISOString()
    const event = sealed({
      id: `e${index}`,
      stream,
      revision: head.revision + 1,
      position: BigInt(index + 1),
      type: 'RoleGranted',
      schemaVersion: 1,
      data: JSON.stringify({ subject: `s${index}`, role: 'admin' }),
      metadata: JSON.stringify({
        actor: { type: 'user', id: 'ada', assurance: 'asserted' },
        recordedAt,
        correlationId: 'c',
      }),
      recordedAt,
      previousHash: head.hash,
      hash: '',
    })
    heads.set(stream, { revision: event.revision, hash: event.hash })
    return event
  })
}

function sealed(event: RecordedEvent): RecordedEvent {
  return { ...event, hash: hashEvent(event.stream, event.revision, event) }
}

function verified(events: readonly RecordedEvent[], positions: 'dense' | 'monotonic' = 'dense'): IntegrityReport {
  const check = verifier({ positions })
  for (const event of events) check.check(event)
  return check.report()
}

/** The events with one replaced. */
function edited(index: number, change: (event: RecordedEvent) => RecordedEvent): RecordedEvent[] {
  return written().map((event, at) => (at === index ? change(event) : event))
}

test('AUDIT 8 | an untouched ledger is intact, and its heads are reported', () => {
  const report = verified(written())
  expect(report).toMatchObject({ intact: true, events: 8 })
  expect(report.heads.get('environment-prod')).toEqual({ revision: 3, hash: written()[6]?.hash })
  expect(report).not.toHaveProperty('problem')
})

test.each([
  ['its data', (event: RecordedEvent) => ({ ...event, data: event.data.replace('admin', 'viewer') })],
  ['its metadata', (event: RecordedEvent) => ({ ...event, metadata: event.metadata.replace('ada', 'eve') })],
  ['its type', (event: RecordedEvent) => ({ ...event, type: 'RoleRevoked' })],
  ['its hash', (event: RecordedEvent) => ({ ...event, hash: '0'.repeat(64) })],
  ['its recorded time in the column', (event: RecordedEvent) => ({ ...event, recordedAt: '2020-01-01T00:00:00.000Z' })],
])('AUDIT 8 | an event with %s edited is the first that does not fit', (_what, change) => {
  expect(verified(edited(4, change))).toMatchObject({
    intact: false,
    events: 4,
    problem: { kind: 'edited', stream: 'environment-prod', revision: 2, position: 5n, id: 'e4' },
  })
})

test('AUDIT 8 | an event edited with its hash made anew is found by its successor', () => {
  const report = verified(edited(4, (event) => sealed({ ...event, data: event.data.replace('admin', 'viewer') })))
  expect(report.problem).toMatchObject({
    kind: 'edited',
    revision: 3,
    problem: expect.stringContaining('edited or replaced'),
  })
})

test('AUDIT 8 | a column that says another time than the metadata is found, also with its hash made anew', () => {
  const report = verified(edited(7, (event) => sealed({ ...event, recordedAt: '2026-01-05T10:00:00.000Z' })))
  expect(report.problem).toMatchObject({ kind: 'edited', id: 'e7', problem: expect.stringContaining('metadata') })
  const unreadable = verified(edited(7, (event) => sealed({ ...event, metadata: '{' })))
  expect(unreadable.problem).toMatchObject({ kind: 'edited', id: 'e7' })
})

test('AUDIT 8 | a removed event leaves a gap in positions, or in its stream where positions are not dense', () => {
  const gap = written().filter(({ position }) => position !== 5n)
  expect(verified(gap).problem).toMatchObject({ kind: 'removed', position: 6n })
  expect(verified(gap, 'monotonic').problem).toMatchObject({ kind: 'removed', stream: 'environment-prod', revision: 3 })
})

test('AUDIT 8 | a removed event whose successors were renumbered is found by their hashes', () => {
  const closed = written()
    .filter(({ position }) => position !== 5n)
    .map((event) => ({
      ...event,
      position: event.position > 5n ? event.position - 1n : event.position,
      revision: event.id === 'e6' ? 2 : event.revision,
    }))
  expect(verified(closed).problem).toMatchObject({ kind: 'edited', id: 'e6' })
})

test('AUDIT 8 | events that changed places are told apart from removed ones', () => {
  const events = written()
  const swapped = events
    .map((event, at) => (at === 4 ? events[6] : at === 6 ? events[4] : event))
    .filter((event) => event !== undefined)
  expect(verified(swapped).problem).toMatchObject({ kind: 'reordered', id: 'e6' })
  const renumbered = swapped.map((event, at) => ({ ...event, position: BigInt(at + 1) }))
  expect(verified(renumbered).problem).toMatchObject({ kind: 'reordered', id: 'e6', revision: 3 })
  expect(verified(events.toReversed(), 'monotonic').problem).toMatchObject({ kind: 'reordered' })
})

test('AUDIT 8 | time that runs backwards in a stream is found', () => {
  const early = '2026-01-05T08:00:00.000Z'
  const report = verified(
    edited(7, (event) =>
      sealed({ ...event, recordedAt: early, metadata: event.metadata.replace(event.recordedAt, early) }),
    ),
  )
  expect(report.problem).toMatchObject({ kind: 'reordered', id: 'e7' })
})

test('AUDIT 8 | an inserted event is found, at a taken position or as a revision that is there already', () => {
  const events = written()
  const copy = events[4]
  if (copy === undefined) throw new Error('no event')
  expect(verified([...events.slice(0, 5), sealed({ ...copy, id: 'new' }), ...events.slice(5)]).problem).toMatchObject({
    kind: 'inserted',
    id: 'new',
  })
  const renumbered = [...events.slice(0, 5), sealed({ ...copy, id: 'new' }), ...events.slice(5)].map((event, at) => ({
    ...event,
    position: BigInt(at + 1),
  }))
  expect(verified(renumbered).problem).toMatchObject({ kind: 'inserted', id: 'new' })
})

test('AUDIT 8 | the first problem stays the answer', () => {
  const check = verifier({ positions: 'dense' })
  const [first, second, ...rest] = written()
  if (first === undefined || second === undefined) throw new Error('no events')
  check.check(first)
  const problem = check.check({ ...second, data: '{}' })
  expect(rest.map((event) => check.check(event))).toEqual(rest.map(() => problem))
  expect(check.report()).toMatchObject({ intact: false, events: 1, problem })
})
