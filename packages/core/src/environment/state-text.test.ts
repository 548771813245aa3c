import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromText, toText } from './state-text.ts'

test('maps, sets, nested data and odd keys come back as they were', () => {
  const value = new Map<unknown, unknown>([
    ['models', new Map([['d1', { declarations: new Map([['bucket/a', [1, null, 'x']]]) }]])],
    ['roles', new Set(['admin'])],
    ['odd', { $map: [1], $same: 0, $plain: 'x', $secret: { keyId: 'k' } }],
    ['proto', JSON.parse('{"__proto__":{"a":1}}')],
  ])
  expect(fromText(toText(value))).toEqual(value)
})

test('one object in two places is one object again', () => {
  const request = { id: 'r1', remaining: new Set(['tier']) }
  const back = fromText(toText({ requests: new Map([['r1', request]]), pending: new Map([['tier', request]]) }))
  // What was put in has this shape.
  const { requests, pending } = back as Record<'requests' | 'pending', Map<string, unknown>>
  expect(requests.get('r1')).toBe(pending.get('tier'))
})

test('what is undefined is left out', () => {
  expect(fromText(toText({ latest: undefined, list: [1] }))).toEqual({ list: [1] })
})

test('any JSON in maps and sets comes back', () => {
  const anything = fc.anything({
    withMap: true,
    withSet: true,
    withNullPrototype: false,
    values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
  })
  fc.assert(
    fc.property(anything, (value) => {
      expect(fromText(toText(value))).toEqual(value)
    }),
  )
})
