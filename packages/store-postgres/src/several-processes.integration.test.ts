import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { assertChained, assertPositions, collect, take } from '@infraledger/testkit'
import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresEventStore } from './postgres-event-store.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres({ fsync: false })
})
afterAll(() => server.stop())

const ROUNDS = 40

function startWriter(...parameters: string[]): ChildProcessByStdio<null, Readable, null> {
  const script = fileURLToPath(new URL('append-beside-others.fixture.ts', import.meta.url))
  const node = ['--conditions=@infraledger/source', script, ...parameters]
  return spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] })
}

test('STORE 21: processes that make and fill one store at once get their own answers, and another follows all', async () => {
  const url = await server.databaseUrl()
  const store = postgresEventStore({ connectionString: url, schema: 'shared', pollIntervalMs: 20 })
  await store.migrate()
  const following = take(store.subscribe()[Symbol.asyncIterator](), 3 * ROUNDS * 3)
  const writers = ['one', 'two', 'three'].map((name) => startWriter(url, 'shared', name, String(ROUNDS)))
  const codes = await Promise.all(
    writers.map(async (child) => {
      child.stdout.resume()
      const [code] = await once(child, 'close')
      return Number(code)
    }),
  )
  expect(codes).toEqual([0, 0, 0])
  const all = await collect(store.readAll())
  expect(all).toHaveLength(3 * ROUNDS * 3)
  assertPositions('dense', all)
  assertChained(all)
  for (const name of ['one', 'two', 'three'])
    expect(all.filter(({ stream, type }) => stream === 'shared' && type === name)).toHaveLength(ROUNDS)
  expect(await following).toEqual(all)
  await store.close()
})

test('STORE 22: what was acknowledged is there after the process was killed, and nothing is there in half', async () => {
  const url = await server.databaseUrl()
  const child = startWriter(url, 'killed', 'one', '100000')
  const acknowledged: string[] = []
  for await (const id of createInterface(child.stdout)) {
    acknowledged.push(id)
    if (acknowledged.length === 30) child.kill('SIGKILL')
  }
  const store = postgresEventStore({ connectionString: url, schema: 'killed' })
  const all = await collect(store.readAll())
  const held = new Set(all.map(({ id }) => id))
  expect(acknowledged.filter((id) => id.length === 36 && !held.has(id))).toEqual([])
  expect(all.filter(({ stream }) => stream === 'own-one').length % 2).toBe(0)
  assertPositions('dense', all)
  assertChained(all)
  await store.close()
})
