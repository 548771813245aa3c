import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from './index.ts'

const fixture = fileURLToPath(new URL('start-and-wait.fixture.ts', import.meta.url))

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>({ text: sql })
    return Object.values(rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

test('neither a server nor its folder outlives the process that started it, even when that is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'infraledger-killed-'))
  // The server's user has to get through.
  chmodSync(folder, 0o755)
  const child = spawn(process.execPath, ['--conditions=@infraledger/source', fixture], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: folder },
  })
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const url = String(line).trim()
  expect(await ask(url, 'select 1')).toBe(1)
  expect(readdirSync(folder)).toHaveLength(1)
  child.kill('SIGKILL')
  await expect.poll(() => ask(url, 'select 1').catch(({ code }) => code), { timeout: 10_000 }).toBe('ECONNREFUSED')
  await expect.poll(() => readdirSync(folder), { timeout: 10_000 }).toEqual([])
  rmSync(folder, { recursive: true })
})

describe('a server for tests', () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres({ own: true })
  })
  afterAll(() => server.stop())

  test('gives a database of its own for each call', async () => {
    const [first, second] = [await server.databaseUrl('one'), await server.databaseUrl('one')]
    await ask(first, 'create table things (id integer)')
    expect(await ask(second, 'select count(*)::int from pg_tables where tablename = $$things$$')).toBe(0)
    expect(await ask(first, 'show server_encoding')).toBe('UTF8')
    expect(await ask(first, 'show fsync')).toBe('on')
  })

  test.each([{ crash: false }, { crash: true }])('keeps what was committed over a restart with %o', async (options) => {
    const url = await server.databaseUrl()
    await ask(url, 'create table things as select 7 as seven')
    await server.restart(options)
    expect(await ask(url, 'select seven from things')).toBe(7)
  })

  test('comes back as a standby, and takes writes again once it is promoted', async () => {
    const url = await server.databaseUrl()
    await server.restart({ standby: true })
    await expect(ask(url, 'create table things (id integer)')).rejects.toThrow('read-only transaction')
    expect(await ask(url, 'select pg_promote()')).toBe(true)
    await ask(url, 'create table things (id integer)')
  })

  test('on a server that is given, makes databases and drops them in the end', async () => {
    const before = process.env['DATABASE_URL']
    process.env['DATABASE_URL'] = server.url
    try {
      const given = await startPostgres()
      expect(given.url).toBe(server.url)
      const name = new URL(await given.databaseUrl()).pathname.slice(1)
      const count = `select count(*)::int from pg_database where datname = '${name}'`
      expect(await ask(server.url, count)).toBe(1)
      await expect(given.restart()).rejects.toThrow('own: true')
      await given.stop()
      expect(await ask(server.url, count)).toBe(0)
    } finally {
      if (before === undefined) delete process.env['DATABASE_URL']
      else process.env['DATABASE_URL'] = before
    }
  })
})
