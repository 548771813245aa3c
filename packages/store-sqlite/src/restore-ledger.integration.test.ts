import { createReadStream, createWriteStream, truncateSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { inMemoryEventStore, openLedger, restoreLedger, user } from '@infraledger/core'
import type { EventStore } from '@infraledger/core'
import { GENESIS_HASH, hashEvent } from '@infraledger/core/adapter'
import type { EventToAppend } from '@infraledger/core/adapter'
import { expect, test } from 'vitest'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

const ada = { actor: user('ada') }
const EVENTS = 100_000

/** Environments that grow in turn, some events at a time. */
async function filledStore(environments: number, atOnce = 500): Promise<EventStore> {
  const store = inMemoryEventStore()
  const streams = Array.from({ length: environments }, (_, index) => `environment-e${index}`)
  const heads = new Map<string, { revision: number; hash: string }>()
  const metadata = JSON.stringify({ actor: ada.actor, recordedAt: '2026-03-02T09:00:00.000Z', correlationId: 'c' })
  for (let append = 0; append < EVENTS / atOnce; append++) {
    const stream = streams[append % environments] ?? ''
    let { revision, hash } = heads.get(stream) ?? { revision: -1, hash: GENESIS_HASH }
    const expected = revision < 0 ? 'none' : revision
    const events: EventToAppend[] = []
    for (let index = 0; index < atOnce; index++) {
      const data = JSON.stringify({ subject: `s${append}-${index}`, role: 'admin' })
      const fields = { id: `e${append}-${index}`, type: 'RoleGranted', schemaVersion: 1, data, metadata }
      const event = { ...fields, recordedAt: '2026-03-02T09:00:00.000Z', previousHash: hash }
      revision++
      hash = hashEvent(stream, revision, event)
      events.push({ ...event, hash })
    }
    heads.set(stream, { revision, hash })
    await store.append(stream, events, expected)
  }
  return store
}

test('LEAVE 2: a hundred thousand events go through a file into another store in seconds, and the chain holds', async () => {
  const file = temporaryFile('ledger.jsonl')
  const source = openLedger({ store: await filledStore(3) })
  await pipeline(source.export(), createWriteStream(file))
  const store = sqliteEventStore({ file: temporaryFile() })
  const start = performance.now()
  const report = await restoreLedger(createInterface({ input: createReadStream(file) }), store)
  expect(performance.now() - start).toBeLessThan(15_000)
  expect(report).toMatchObject({ events: EVENTS, restored: EVENTS, alreadyThere: 0 })
  const copy = openLedger({ store })
  expect(await copy.verify()).toEqual(await source.verify())
  await copy.close()
})

test('LEAVE 2: environments that took turns event by event are restored in seconds, too, and in their order', async () => {
  const source = openLedger({ store: await filledStore(2, 1) })
  const copy = sqliteEventStore({ file: temporaryFile() })
  const start = performance.now()
  await restoreLedger(source.export(), copy)
  expect(performance.now() - start).toBeLessThan(15_000)
  expect(await openLedger({ store: copy }).verify()).toEqual(await source.verify())
  let position = 0
  for await (const event of copy.readAll()) expect(event.id).toBe(`e${position++}-0`)
  await copy.close()
})

test('LEAVE 5: a file that was cut off can be finished with the whole one, in a store that was closed meanwhile', async () => {
  const [file, half, database] = [temporaryFile('a.jsonl'), temporaryFile('b.jsonl'), temporaryFile()]
  const source = openLedger({ store: await filledStore(2) })
  await pipeline(source.export(), createWriteStream(file))
  await pipeline(source.export(), createWriteStream(half))
  truncateSync(half, 30_000_000)
  const first = sqliteEventStore({ file: database })
  const cut = restoreLedger(createInterface({ input: createReadStream(half) }), first)
  await expect(cut).rejects.toMatchObject({ code: 'input-invalid' })
  await first.close()
  const second = sqliteEventStore({ file: database })
  const report = await restoreLedger(createInterface({ input: createReadStream(file) }), second)
  expect(report.alreadyThere).toBeGreaterThan(1_000)
  expect(report.alreadyThere + report.restored).toBe(EVENTS)
  expect(await openLedger({ store: second }).verify()).toEqual(await source.verify())
  await second.close()
})

test('LEAVE 2: a ledger of SQLite that is in use can be exported, and its copy goes on', async () => {
  const ledger = openLedger({ store: sqliteEventStore({ file: temporaryFile() }) })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production' }, ada)
  await prod.grantRole({ subject: 'grace', role: 'admin' }, ada)
  const store = sqliteEventStore({ file: temporaryFile() })
  await restoreLedger(ledger.export(), store)
  const copy = openLedger({ store })
  await copy.environment('prod').revokeRole({ subject: 'ada', role: 'admin' }, { actor: user('grace') })
  expect(await copy.verify()).toMatchObject({ intact: true, events: 4 })
  await Promise.all([ledger.close(), copy.close()])
})

test('FEED 2: a feed tells what other processes append to the file', async () => {
  const file = temporaryFile()
  const ledger = openLedger({ store: sqliteEventStore({ file }) })
  const other = openLedger({ store: sqliteEventStore({ file }) })
  const changes = ledger.changes({ types: ['EnvironmentCreated'] })[Symbol.asyncIterator]()
  const first = changes.next()
  await other.createEnvironment({ name: 'prod', type: 'production' }, ada)
  expect(await first).toMatchObject({
    value: { source: 'infraledger:prod', sequence: '0000000000000000001', actor: 'user:ada' },
  })
  const waiting = changes.next()
  await ledger.close()
  expect(await waiting).toMatchObject({ done: true })
  await other.close()
})
