import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { refused, streamWriter } from '@infraledger/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'
import { selfSigned } from './self-signed.fixture.ts'

/** A server with TLS and one user, and the file that its certificate is in. */
async function secureServer() {
  const tls = selfSigned()
  const server = await testServer({ tls, users: { ada: 'p@ss:word' } })
  const folder = mkdtempSync(join(tmpdir(), 'infraledger-tls-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'ca.pem')
  writeFileSync(file, tls.certificate)
  const { port } = server.address
  return { at: (options: string, user = 'ada:p%40ss%3Aword@') => `esdb://${user}localhost:${port}?${options}`, file }
}

const append = (connectionString: string) =>
  streamWriter('environment-prod').append(openStore({ connectionString }, { retryTimeoutMs: 0 }))

it('STORE 49: TLS is on and the certificate verified, unless the connection string says otherwise', async () => {
  const { at, file } = await secureServer()
  const error = await refused('store-unavailable', () => append(at('')), { appended: 'no' })
  expect(error.message).toContain('self-signed certificate')
  expect((await append(at(`tlsCaFile=${encodeURIComponent(file)}`))).lastRevision).toBe(0)
  expect(
    (await streamWriter('other').append(openStore({ connectionString: at('tlsVerifyCert=false') }))).lastRevision,
  ).toBe(0)
})

it('STORE 49: wrong or missing credentials answer store-unavailable, appended: no, without naming them', async () => {
  const { at, file } = await secureServer()
  const options = `tlsCaFile=${encodeURIComponent(file)}`
  for (const user of ['ada:wrong-secret@', '']) {
    const error = await refused('store-unavailable', () => append(at(options, user)), { appended: 'no' })
    expect(error.message).toContain('Check user and password')
    expect(JSON.stringify([error.message, error.details])).not.toMatch(/wrong-secret/)
  }
})
