import { expect, it } from 'vitest'
import type { EventToAppend } from './envelope.ts'
import { EVENT_LIMITS } from './event-store.ts'
import { fittingCount } from './partition.ts'

const { appendBytes, appendEvents, envelopeBytes, eventBytes } = EVENT_LIMITS

const events = (count: number, bytes: number): EventToAppend[] =>
  Array.from({ length: count }, (_, index) => ({
    id: String(index),
    type: 'ThingHappened',
    schemaVersion: 1,
    data: 'x'.repeat(bytes),
    metadata: '{}',
    recordedAt: '',
    previousHash: '',
    hash: '',
  }))

it('STORE 7: what is packed into one append leaves room for the envelopes', () => {
  const bytes = 1_000 - '{}'.length - envelopeBytes
  expect(fittingCount(events(2_000, bytes), 0)).toBe(Math.floor(appendBytes / 1_000))
  expect(fittingCount(events(2_000, 0), 0)).toBe(appendEvents)
  expect(fittingCount(events(3, 0), 1)).toBe(2)
})

it('STORE 7: an event that is as large as events may be is packed alone', () => {
  expect(fittingCount(events(2, eventBytes), 0)).toBe(1)
})
