import { collect, refused, streamWriter } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

const large = Array.from({ length: 4 }, () => ({ data: JSON.stringify('x'.repeat(20_000)) }))

it('STORE 47: an append that the server would not take is refused with its size, before anything is sent', async () => {
  const server = await testServer({ maxAppendBytes: 64 * 1024 })
  const store = openStore(server, { maxAppendBytes: 64 * 1024 })
  const prod = streamWriter('environment-prod')
  const error = await refused('append-too-large', () => prod.append(store, large), { events: 4, limitBytes: 65_536 })
  expect(error.details.bytes).toBeGreaterThan(80_000)
  expect((await prod.append(store, large.slice(1))).lastRevision).toBe(2)
})

it('STORE 47: a server that takes less than the store believes says so, and nothing is written', async () => {
  const server = await testServer({ maxAppendBytes: 64 * 1024 })
  const store = openStore(server)
  const append = () => streamWriter('environment-prod').append(store, large)
  await refused('append-too-large', append, { limitBytes: 65_536 })
  expect(await collect(store.readAll())).toEqual([])
})
