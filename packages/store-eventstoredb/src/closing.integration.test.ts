import { collect, refused, streamWriter, take } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

it('STORE 14: readers under way are told that the store was closed, and do not hold it up', async () => {
  const store = openStore(await testServer())
  const prod = streamWriter('environment-prod')
  const data = JSON.stringify('x'.repeat(100_000))
  for (let append = 0; append < 10; append++)
    await prod.append(
      store,
      Array.from({ length: 8 }, () => ({ data })),
    )
  const standing = store.readAll()[Symbol.asyncIterator]()
  await take(standing, 3)
  const reads = [
    () => collect(store.readStream('environment-prod')),
    () => collect(store.readStream('environment-prod', { backwards: true, limit: 70 })),
    () => collect(store.readAll()),
  ].map((read) => refused('store-closed', read))
  await store.close()
  await Promise.all(reads)
  await refused('store-closed', () => collect({ [Symbol.asyncIterator]: () => standing }))
})

it('STORE 14: an append under way gets its answer though its stream has to be read first', async () => {
  const server = await testServer()
  const prod = streamWriter('environment-prod')
  await prod.append(openStore(server), 100)
  const store = openStore(server)
  const appending = prod.append(store, 1)
  await store.close()
  expect((await appending).lastRevision).toBe(100)
})
