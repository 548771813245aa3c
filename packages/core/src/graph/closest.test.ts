import fc from 'fast-check'
import { expect, test } from 'vitest'
import { closest } from './closest.ts'

test('names are ordered by edit distance, then by name', () => {
  expect(closest('enginee', ['tier', 'engine', 'engines', 'labels'])).toEqual(['engine', 'engines'])
})

test('a part of a name finds it, whatever its case', () => {
  expect(closest('ORDERS', ['sql-database/orders', 'sql-database/users'])).toEqual(['sql-database/orders'])
})

test('at most three names, and none that is far away', () => {
  expect(closest('node-1', ['node-2', 'node-3', 'node-4', 'node-5'])).toEqual(['node-2', 'node-3', 'node-4'])
  expect(closest('abc', ['something else'])).toEqual([])
})

test('finds the same names as plain Levenshtein distance over all of them', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 })
  fc.assert(
    fc.property(word, fc.uniqueArray(word, { maxLength: 12 }), (wanted, names) => {
      const limit = Math.max(2, Math.floor(wanted.length / 3))
      const expected = names
        .map((name) => ({ name, distance: wanted.length > 2 && name.includes(wanted) ? 1 : levenshtein(wanted, name) }))
        .filter(({ distance }) => distance <= limit)
        .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
      expect(closest(wanted, names)).toEqual(expected.slice(0, 3).map(({ name }) => name))
    }),
  )
})

function levenshtein(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const [rest, other] = [a.slice(1), b.slice(1)]
  if (a[0] === b[0]) return levenshtein(rest, other)
  return 1 + Math.min(levenshtein(rest, b), levenshtein(a, other), levenshtein(rest, other))
}
