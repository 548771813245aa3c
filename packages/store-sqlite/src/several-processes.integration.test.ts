import { existsSync } from 'node:fs'
import { assertChained, assertPositions, collect, streamWriter, take } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { ended, startChild } from './child.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const ROUNDS = 60

it('STORE 21: two processes append to one file, each gets its own answers, and a third follows both', async () => {
  const file = temporaryFile()
  const store = sqliteEventStore({ file, pollIntervalMs: 5 })
  const following = take(store.subscribe()[Symbol.asyncIterator](), 2 * ROUNDS * 3)
  const children = ['one', 'two'].map((name) =>
    startChild('append-beside-others.fixture.ts', file, name, String(ROUNDS)),
  )
  await Promise.all(children.map(ended))

  const all = await collect(store.readAll())
  expect(all).toHaveLength(2 * ROUNDS * 3)
  assertPositions('dense', all)
  assertChained(all)
  const shared = await collect(store.readStream('shared'))
  expect(shared.filter(({ type }) => type === 'one')).toHaveLength(ROUNDS)
  expect(shared.filter(({ type }) => type === 'two')).toHaveLength(ROUNDS)
  expect(await following).toEqual(all)
  await store.close()
})

it('STORE 21: many processes that make the same file at once all get a store', async () => {
  const file = temporaryFile()
  const names = ['a', 'b', 'c', 'd']
  await Promise.all(names.map((name) => ended(startChild('append-beside-others.fixture.ts', file, name, '2'))))
  const store = sqliteEventStore({ file })
  const all = await collect(store.readAll())
  expect(all).toHaveLength(names.length * 2 * 3)
  assertPositions('dense', all)
  assertChained(all)
  await store.close()
})

it('STORE 21: opening a file twice in one process does not let another process take its log', async () => {
  const file = temporaryFile()
  const store = sqliteEventStore({ file })
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  const second = sqliteEventStore({ file })
  // With the lock of the first store gone, the other process would think itself the last one and remove the log.
  await ended(startChild('close-file.fixture.ts', file))
  expect(existsSync(`${file}-wal`)).toBe(true)
  await Promise.all([store.close(), second.close()])
})
