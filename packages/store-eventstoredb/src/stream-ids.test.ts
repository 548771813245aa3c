import { expect, it } from 'vitest'
import { packIds, unpackIds } from './packed-ids.ts'
import { streamIds } from './stream-ids.ts'

const events = (from: number, ...ids: string[]) => ids.map((id, index) => ({ id, revision: from + index }))

it('ids are known from the beginning of a stream on, without a gap', () => {
  const ids = streamIds()
  ids.extend('prod', events(3, 'd'))
  expect(ids.knownUpTo('prod')).toBe(-1)
  ids.extend('prod', events(0, 'a', 'b'))
  ids.extend('prod', events(1, 'b', 'c'))
  expect(ids.knownUpTo('prod')).toBe(2)
  expect([ids.find('prod', 'c'), ids.find('prod', 'd'), ids.find('other', 'a')]).toEqual([2, undefined, undefined])
  expect(ids.upTo('prod', 1)).toEqual(['a', 'b'])
  expect(ids.upTo('prod', 3)).toBeUndefined()
})

it('what the stream holds takes the place of what was only said', () => {
  const ids = streamIds()
  ids.extend('prod', events(0, 'a', 'x', 'y'))
  ids.extend('prod', events(1, 'b'))
  expect(ids.upTo('prod', 1)).toEqual(['a', 'b'])
  expect([ids.knownUpTo('prod'), ids.find('prod', 'x'), ids.find('prod', 'y')]).toEqual([1, undefined, undefined])
})

it('an id that a stream holds twice is found where it came first', () => {
  const ids = streamIds()
  ids.extend('prod', events(0, 'a', 'b', 'a'))
  expect([ids.knownUpTo('prod'), ids.find('prod', 'a')]).toEqual([2, 0])
})

it('the streams that were used longest ago are forgotten when there are too many ids', () => {
  const ids = streamIds()
  const many = Array.from({ length: 600_000 }, (_, index) => String(index))
  ids.extend('first', events(0, ...many.slice(0, 10)))
  ids.extend(
    'second',
    many.map((id, revision) => ({ id, revision })),
  )
  ids.extend(
    'third',
    many.map((id, revision) => ({ id, revision })),
  )
  expect(['first', 'second', 'third'].map((stream) => ids.knownUpTo(stream))).toEqual([-1, -1, 599_999])
})

it('packed ids come back as they were', () => {
  const ids = ['018f3b6e-5d2a-7c41-9a3f-0123456789ab', '00000000-0000-4000-8000-000000000000']
  expect(packIds(ids)).toHaveLength(32)
  expect(unpackIds(packIds(ids))).toEqual(ids)
})
