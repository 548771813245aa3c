import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collect, refused } from '@infraledger/testkit'
import { startPostgres, type TestPostgres } from '@infraledger/testkit/postgresql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { selfSigned } from './certificate.fixture.ts'
import { postgresEventStore } from './postgres-event-store.ts'
import { onClient } from './store.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'infraledger-tls-'))
const own = selfSigned('localhost')
const root = join(folder, 'root.crt')
const otherRoot = join(folder, 'other.crt')
let server: TestPostgres
let url: string
beforeAll(async () => {
  writeFileSync(root, own.certificate)
  writeFileSync(otherRoot, selfSigned('localhost').certificate)
  server = await startPostgres({ tls: own, fsync: false })
  url = await server.databaseUrl()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Migrates over a connection, and answers whether the server saw it encrypted. */
async function isEncrypted(host: string, parameters: string): Promise<unknown> {
  const at = new URL(url)
  at.hostname = host
  const store = postgresEventStore({ connectionString: `${at.href}?${parameters}`, maxConnections: 1 })
  try {
    await store.migrate()
    return await onClient(url, async (client) => {
      const text = `select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'infraledger'`
      return (await client.query<{ ssl: boolean }>(text)).rows[0]?.ssl
    })
  } finally {
    await store.close()
  }
}

test.each([
  ['localhost', `sslmode=verify-full&sslrootcert=${root}`, true],
  ['localhost', `sslmode=require&sslrootcert=${root}`, true],
  ['localhost', `sslrootcert=${root}`, true],
  // The certificate is that of localhost: only who signed it is verified.
  ['127.0.0.1', `sslmode=verify-ca&sslrootcert=${root}`, true],
  ['127.0.0.1', 'sslmode=no-verify', true],
  ['127.0.0.1', 'sslmode=disable', false],
  ['127.0.0.1', '', false],
])('STORE 32: %s with "%s" is encrypted: %s', async (host, parameters, encrypted) => {
  expect(await isEncrypted(host, parameters)).toBe(encrypted)
})

test.each([
  ['a certificate that nobody known has signed', 'localhost', 'sslmode=require'],
  ['one that another authority has signed', 'localhost', `sslmode=verify-ca&sslrootcert=${otherRoot}`],
  ['one of another name', '127.0.0.1', `sslmode=verify-full&sslrootcert=${root}`],
])('STORE 32: %s is refused, without the password', async (_, host, parameters) => {
  const at = new URL(url)
  at.hostname = host
  const store = postgresEventStore({ connectionString: `${at.href}?${parameters}`, busyTimeoutMs: 5_000 })
  const error = await refused('store-unavailable', () => collect(store.readAll()), { appended: 'no' })
  expect(error.retryable).toBe(false)
  expect(error.message).toContain('sslrootcert')
  expect(JSON.stringify([error.message, error.details, String(error.cause), error.stack])).not.toContain(at.password)
  await store.close()
})

test('STORE 32: a wrong password is told without it', async () => {
  const at = new URL(url)
  at.password = 'not-the-password'
  const store = postgresEventStore({ connectionString: at.href })
  const error = await refused('store-unavailable', () => collect(store.readAll()))
  expect([error.retryable, error.message.includes('password authentication failed')]).toEqual([false, true])
  expect(JSON.stringify([error.message, error.details, String(error.cause), error.stack])).not.toContain(at.password)
  await store.close()
})
