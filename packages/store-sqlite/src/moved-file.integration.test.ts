import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { assertChained, collect, refused, streamWriter, take } from '@infraledger/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

/** What may happen to the file of a store while it is open. */
const ACCIDENTS: readonly (readonly [what: string, happen: (file: string) => void])[] = [
  ['was removed', (file) => rmSync(file)],
  ['was renamed', (file) => renameSync(file, `${file}.old`)],
  ['was replaced by a copy of itself', (file) => copyOver(file, file)],
  ['was replaced by another ledger', (file) => copyOver(anotherLedger(), file)],
  ['lost its log', (file) => rmSync(`${file}-wal`)],
  ['got another log', (file) => copyOver(file, `${file}-wal`)],
]

/** As editors and backup tools do it: written beside, and moved into the place. */
function copyOver(from: string, to: string): void {
  copyFileSync(from, `${to}.new`)
  renameSync(`${to}.new`, to)
}

/** A ledger that another process has open, with its log. */
function anotherLedger(): string {
  const file = temporaryFile()
  const store = sqliteEventStore({ file })
  onTestFinished(() => store.close())
  return file
}

async function openStore() {
  const file = temporaryFile()
  const store = sqliteEventStore({ file, pollIntervalMs: 5 })
  onTestFinished(() => store.close())
  const prod = streamWriter('environment-prod')
  await prod.append(store, 3)
  return { file, store, prod }
}

it.each(ACCIDENTS)('STORE 29: nothing is acknowledged into a file that %s while it was open', async (_, happen) => {
  const { file, store, prod } = await openStore()
  happen(file)
  // The first to notice may have been in the middle of a commit; everyone behind it has written nothing.
  await refused('store-unavailable', () => prod.append(store, 1))
  const error = await refused('store-unavailable', () => prod.append(store, 1), { appended: 'no' })
  expect(error.retryable).toBe(false)
  expect(error.message).toContain(
    'sqlite:infra.db was removed, renamed or replaced while it was open; nothing was written',
  )
})

it('STORE 29: a reader of such a file is told, instead of being shown for ever what was', async () => {
  const { file, store } = await openStore()
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  await take(subscription, 3)
  const waiting = subscription.next()
  rmSync(file)
  await refused('store-unavailable', async () => waiting)
  await refused('store-unavailable', async () => collect(store.readAll()))
})

it('STORE 29: a file that is replaced within a commit leaves the append unknown', async () => {
  const file = temporaryFile()
  const database = new DatabaseSync(file)
  onTestFinished(() => database.close())
  const store = sqliteEventStore({ database })
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  // A trigger runs within the transaction, behind the look that precedes it.
  database.function('accident', () => {
    renameSync(file, `${file}.old`)
    return 0
  })
  database.exec('create temp trigger accident after insert on events begin select accident(); end')
  await refused('store-unavailable', () => prod.append(store, 1), { appended: 'unknown' })
})

it('STORE 29: a store that is put back in its place is opened again with all that was acknowledged', async () => {
  const { file, store, prod } = await openStore()
  const saved = `${file}.saved`
  for (const suffix of ['', '-wal']) renameSync(file + suffix, saved + suffix)
  await refused('store-unavailable', () => streamWriter('environment-other').append(store, 1))
  await store.close()
  for (const suffix of ['', '-wal']) if (existsSync(saved + suffix)) renameSync(saved + suffix, file + suffix)
  const again = sqliteEventStore({ file })
  assertChained(await collect(again.readAll()))
  expect(await collect(again.readStream('environment-prod'))).toHaveLength(3)
  await prod.append(again, 1)
  await again.close()
})

it('STORE 29: other handles on the same file come and go without being taken for an accident', async () => {
  const { file, store, prod } = await openStore()
  for (let round = 0; round < 3; round++) {
    const other = sqliteEventStore({ file })
    await streamWriter(`environment-${round}`).append(other, 1)
    await other.close()
    await prod.append(store, 1)
  }
  expect(await collect(store.readAll())).toHaveLength(9)
})
