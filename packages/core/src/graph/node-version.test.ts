import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evolve, emptyState } from '../environment/state.ts'
import type { JsonValue } from '../json.ts'

// A failure prints its seed and path; give them to `fc.assert` as `{ seed, path }` to see it again.

const key = fc.constantFrom('a', 'b', 'c', '__proto__')
const change = fc.record({ set: fc.dictionary(key, fc.nat(3)), unset: fc.uniqueArray(key, { maxLength: 1 }) })

test('whatever is asked first, each of many versions has the properties that were set up to it', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 70 }), fc.boolean(), (changes, fromTheEnd) => {
      const state = emptyState()
      const expected: (readonly [string, JsonValue])[][] = []
      const properties = new Map<string, JsonValue>()
      for (const [index, { set, unset: wanted }] of changes.entries()) {
        const unset = wanted.filter((name) => properties.has(name) && !Object.hasOwn(set, name))
        evolve(state, recorded(index, set, unset))
        for (const [name, value] of Object.entries(set)) properties.set(name, value)
        for (const name of unset) properties.delete(name)
        expected.push([...properties])
      }
      const versions = state.graph.nodes.get('thing/n')?.versions ?? []
      const read = (fromTheEnd ? versions.toReversed() : versions).map((version) => Object.entries(version.properties))
      const inOrder = fromTheEnd ? read.toReversed() : read
      expect(inOrder.map(sorted)).toEqual(expected.map(sorted))
    }),
  )
})

const sorted = (entries: readonly (readonly [string, JsonValue])[]) => entries.toSorted(([a], [b]) => (a < b ? -1 : 1))

function recorded(index: number, set: Record<string, number>, unset: readonly string[]): Parameters<typeof evolve>[1] {
  const recordedAt = new Date(index * 1_000).toISOString()
  return {
    type: 'NodeVersionRecorded',
    id: `e${index}`,
    revision: index,
    data: {
      node: 'thing/n',
      version: index + 1,
      incarnation: 1,
      set,
      unset: [...unset],
      cause: { type: 'repair', reason: 'test' },
    },
    metadata: {
      actor: { type: 'user', id: 'ada', assurance: 'asserted' },
      recordedAt,
      correlationId: 'c',
      graphVersion: index + 1,
    },
  }
}
