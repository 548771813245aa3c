import { describe, expect, it } from 'vitest'
import { decideAppend, type ExistingEvent } from './append-decision.ts'
import type { EventToAppend } from './envelope.ts'

const event = (id: string): EventToAppend => ({
  id,
  type: 'ThingHappened',
  schemaVersion: 1,
  data: '{}',
  metadata: '{}',
  recordedAt: '2026-01-01T00:00:00.000Z',
  previousHash: '',
  hash: `hash of ${id}`,
})

const existing = (id: string, revision: number, hash = `hash of ${id}`): ExistingEvent => ({
  id,
  revision,
  position: BigInt(100 + revision),
  hash,
})

const append = (ids: readonly string[], expected: 'none' | number) => ({
  stream: 's',
  events: ids.map(event),
  expected,
})

describe('an append of new ids', () => {
  it.each([
    ['none', 'none', 0],
    [4, 4, 5],
  ] as const)('STORE 2: on a stream at %s, expecting %s, lands at revision %s', (actual, expected, firstRevision) => {
    const decision = decideAppend(append(['a', 'b'], expected), { actual, existing: [] })
    expect(decision).toEqual({ type: 'append', firstRevision })
  })

  it.each([
    ['none', 0],
    [4, 'none'],
    [4, 3],
    [4, 5],
  ] as const)('STORE 2: on a stream at %s, expecting %s, conflicts', (actual, expected) => {
    const decide = () => decideAppend(append(['a'], expected), { actual, existing: [] })
    expect(decide).toThrow(
      expect.objectContaining({ code: 'append-conflict', details: { stream: 's', expected, actual } }),
    )
  })
})

describe('an append of ids that are there', () => {
  it('STORE 3: is answered as the first time, in whatever order the store found them', () => {
    const known = { actual: 9, existing: [existing('b', 4), existing('a', 3)] }
    const result = { firstRevision: 3, lastRevision: 4, lastPosition: 104n }
    expect(decideAppend(append(['a', 'b'], 2), known)).toEqual({ type: 'duplicate', result })
  })

  it.each([
    ['with another hash', ['a', 'b'], [existing('a', 3), existing('b', 4, 'other')], 'b'],
    ['only the first', ['a', 'b'], [existing('a', 3)], 'a'],
    ['only the last', ['a', 'b'], [existing('b', 4)], 'b'],
    ['in another order', ['b', 'a'], [existing('a', 3), existing('b', 4)], 'a'],
    ['not in a row', ['a', 'b'], [existing('a', 3), existing('b', 5)], 'a'],
  ])('STORE 4: %s, is refused', (_, ids, found, id) => {
    const decide = () => decideAppend(append(ids, 9), { actual: 9, existing: found })
    expect(decide).toThrow(expect.objectContaining({ code: 'event-id-reused', details: { stream: 's', id } }))
  })
})
