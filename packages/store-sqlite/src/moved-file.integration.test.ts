import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import type { EventStore } from '@infraledger/core/adapter'
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

/** Appends until it is refused, which takes some milliseconds. */
async function appendOn(store: EventStore): Promise<never> {
  for (const writer = streamWriter('environment-other'); ;) await writer.append(store, 1)
}

async function openStore() {
  const file = temporaryFile()
  const store = sqliteEventStore({ file, pollIntervalMs: 5 })
  onTestFinished(() => store.close())
  const prod = streamWriter('environment-prod')
  await prod.append(store, 3)
  return { file, store, prod }
}

it.each(ACCIDENTS)(
  'STORE 29: nothing more is acknowledged into a file that %s while it was open',
  async (_, happen) => {
    const { file, store } = await openStore()
    happen(file)
    const error = await refused('store-unavailable', async () => appendOn(store), { appended: 'no' })
    expect(error.retryable).toBe(false)
    expect(error.message).toContain(
      'sqlite:infra.db was removed, renamed or replaced while it was open; nothing was written',
    )
  },
)

it('STORE 29: a reader of such a file is told, instead of being shown for ever what was', async () => {
  const { file, store } = await openStore()
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  await take(subscription, 3)
  const waiting = subscription.next()
  rmSync(file)
  await refused('store-unavailable', async () => waiting)
  await refused('store-unavailable', () => collect(store.readAll()))
})

it('STORE 29: a store that is put back in its place is opened again with all that was acknowledged', async () => {
  const { file, store, prod } = await openStore()
  const saved = `${file}.saved`
  for (const suffix of ['', '-wal']) renameSync(file + suffix, saved + suffix)
  await refused('store-unavailable', async () => appendOn(store))
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
