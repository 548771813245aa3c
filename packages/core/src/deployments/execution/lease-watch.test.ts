import { expect, test } from 'vitest'
import { leaseWatch } from './lease-watch.ts'

const claim = (sign: number, executor = 'e1') => ({ deployment: 'd1', executor, leaseMs: 60_000, sign })

test('DEPLOY 9: a lease has run out once no sign came for its whole time, slept through since the last one was seen', () => {
  const watch = leaseWatch('e2')
  expect(watch.look(claim(5), 0)).toEqual({ type: 'held', lookAgainMs: 20_000 })
  expect(watch.look(claim(5), 20_000)).toMatchObject({ type: 'held' })
  expect(watch.look(claim(5), 20_000)).toMatchObject({ type: 'held' })
  expect(watch.look(claim(5), 20_000)).toEqual({ type: 'run-out', sign: 5 })
})

test('DEPLOY 9: a sign, another holder or another deployment begins it anew, and a look in between counts nothing', () => {
  const watch = leaseWatch('e2')
  watch.look(claim(5), 0)
  watch.look(claim(5), 59_000)
  expect(watch.look(claim(5), 0)).toMatchObject({ type: 'held' })
  expect(watch.look(claim(6), 20_000)).toMatchObject({ type: 'held' })
  expect(watch.look(claim(6), 59_000)).toMatchObject({ type: 'held' })
  expect(watch.look({ ...claim(6), deployment: 'd2' }, 20_000)).toMatchObject({ type: 'held' })
  expect(watch.look({ ...claim(6), deployment: 'd2' }, 59_000)).toMatchObject({ type: 'held' })
})

test('DEPLOY 9: what nobody holds, or we ourselves, is free', () => {
  const watch = leaseWatch('e2')
  expect(watch.look(undefined, 0)).toEqual({ type: 'free' })
  expect(watch.look(claim(5, 'e2'), 0)).toEqual({ type: 'free' })
})
