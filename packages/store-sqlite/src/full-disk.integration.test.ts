import { DatabaseSync } from 'node:sqlite'
import { assertChained, assertPositions, collect, refused, streamWriter } from '@infraledger/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const large = { data: JSON.stringify('x'.repeat(100_000)) }

/** A store whose file may have at most so many pages; SQLite answers as on a full disk when it needs more. */
function storeOfPages(pages: number) {
  const database = new DatabaseSync(temporaryFile())
  onTestFinished(() => database.close())
  const store = sqliteEventStore({ database })
  const limit = (count: number): void => database.exec(`pragma max_page_count = ${count}`)
  limit(pages)
  return { store, limit }
}

it('STORE 19: an append that finds the disk full is answered with store-full, and nothing of it is there', async () => {
  const { store } = storeOfPages(60)
  const prod = streamWriter('environment-prod')
  await prod.append(store, [large])
  const append = () => store.append('environment-prod', prod.draft([{}, large, large]), 0)
  const error = await refused('store-full', append, { store: 'sqlite', appended: 'no' })
  expect(error.retryable).toBe(true)
  expect(await collect(store.readAll())).toHaveLength(1)
})

it('STORE 19: once there is room again, the same append goes through and positions have no gap', async () => {
  const { store, limit } = storeOfPages(60)
  const prod = streamWriter('environment-prod')
  await prod.append(store, [large])
  await refused('store-full', () => prod.append(store, [large, large]))
  limit(1_000)
  await prod.append(store, [large, large])
  const all = await collect(store.readAll())
  expect(all).toHaveLength(3)
  assertChained(all)
  assertPositions('dense', all)
})

it('STORE 19: of appends made at once, only those that do not fit fail', async () => {
  const { store } = storeOfPages(60)
  const outcomes = await Promise.allSettled([
    streamWriter('a').append(store, 2),
    streamWriter('b').append(store, [large, large, large]),
    streamWriter('c').append(store, 2),
  ])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  assertPositions('dense', await collect(store.readAll()))
})
