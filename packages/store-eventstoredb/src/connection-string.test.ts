import { isLedgerError } from '@infraledger/core'
import { refused } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { parseConnectionString } from './connection-string.ts'
import { eventStoreDbEventStore } from './eventstoredb-event-store.ts'

it.each([
  ['esdb://localhost', [['localhost', 2113]], false],
  ['kurrentdb://localhost:2114/', [['localhost', 2114]], false],
  [
    'kdb://a,b:2,[::1]:3',
    [
      ['a', 2113],
      ['b', 2],
      ['[::1]', 3],
    ],
    false,
  ],
  ['esdb+discover://cluster.example', [['cluster.example', 2113]], true],
  ['kurrent://localhost?dnsDiscover=true', [['localhost', 2113]], true],
] as const)('STORE 49: %s names hosts', (text, hosts, discover) => {
  const settings = parseConnectionString(text)
  expect(settings.hosts.map(({ address, port }) => [address, port])).toEqual(hosts)
  expect(settings.discover).toBe(discover)
})

it('STORE 49: credentials may hold anything that is percent-encoded, and most of what is not', () => {
  const of = (text: string) => parseConnectionString(`esdb://${text}localhost`).credentials
  expect(of('')).toBeUndefined()
  expect(of('ada:p%40ss%3Aw%2Frd@')).toEqual({ username: 'ada', password: 'p@ss:w/rd' })
  expect(of('ada:p@ss:w/rd@')).toEqual({ username: 'ada', password: 'p@ss:w/rd' })
})

it('STORE 49: options are read whatever their case, and those that mean nothing here are passed over', () => {
  const { options } = parseConnectionString(
    'esdb://h?TLS=false&tls-ca-file=%2Fca.pem&keepAliveInterval=-1&defaultDeadline=500&nodePreference=follower&throwOnAppendFailure=false',
  )
  expect(options).toEqual({ tls: false, tlsCaFile: '/ca.pem', keepAliveInterval: -1, defaultDeadline: 500 })
})

it.each([
  ['postgres://ada:secret@localhost', 'scheme'],
  ['esdb://ada:secret@', 'hosts'],
  ['esdb://ada:secret@localhost:99999', 'hosts'],
  ['esdb://ada:secret@local host', 'hosts'],
  ['esdb://secret@localhost', 'credentials'],
  ['esdb://ada:sec%ret@localhost', 'password'],
  ['esdb://ada:secret@localhost?tls=maybe', 'tls'],
  ['esdb://ada:secret@localhost?gossipTimeout=secret', 'gossipTimeout'],
  ['esdb://ada:secret@localhost?tlsCaFile=', 'tlsCaFile'],
  ['esdb://ada:sec?ret@localhost', 'option'],
  ['esdb://ada:secret@localhost?password=secret', 'option'],
])('STORE 49: %s is refused, and the message quotes nothing of it', async (text, path) => {
  const error = await refused('input-invalid', async () => eventStoreDbEventStore({ connectionString: text }))
  expect(error.details.issues[0]?.path).toBe(path)
  expect(JSON.stringify([error.message, error.details])).not.toMatch(/secret|sec%ret/)
  expect(error.cause).toBeUndefined()
})

it('STORE 49: the name of a store is its first host, and no more', () => {
  const store = eventStoreDbEventStore({ connectionString: 'esdb://ada:secret@one.example:1,two.example:2?tls=true' })
  expect(store.name).toBe('eventstoredb:one.example:1')
})

it('a certificate file that is not there is refused without its path', async () => {
  const connectionString = 'esdb://localhost?tlsCaFile=/nowhere/ca.pem'
  const error = await refused('store-unavailable', async () => eventStoreDbEventStore({ connectionString }))
  expect(error.message).toContain('ENOENT')
  expect(error.message).not.toContain('nowhere')
})

it.each([
  { streamPrefix: '' },
  { streamPrefix: '$ledger' },
  { streamPrefix: 'a b c' },
  { streamPrefix: 'infraledger_snapshots-' },
  { streamPrefix: 'infraledger' },
  { maxAppendBytes: 1_000 },
  { retryTimeoutMs: -1 },
])('options that cannot work are refused: %o', (options) => {
  const open = () => eventStoreDbEventStore({ connectionString: 'esdb://localhost', ...options })
  expect(open).toThrow(expect.toSatisfy((error) => isLedgerError(error, 'input-invalid')))
})
