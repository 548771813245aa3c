import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { collect, refused, streamWriter } from '@infraledger/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

/** A store, and another connection that holds its write lock until told. */
function lockedStore(busyTimeoutMs?: number) {
  const file = temporaryFile()
  const store = sqliteEventStore({ file, ...(busyTimeoutMs === undefined ? {} : { busyTimeoutMs }) })
  const other = new DatabaseSync(file)
  other.exec('begin immediate')
  onTestFinished(async () => {
    await store.close()
    other.close()
  })
  return { store, release: () => other.exec('rollback') }
}

it('STORE 20: an append on a busy file waits without blocking the event loop, and lands once it is free', async () => {
  const { store, release } = lockedStore()
  const prod = streamWriter('environment-prod')
  let settled = false
  const appending = prod.append(store, 1).finally(() => {
    settled = true
  })
  for (let turn = 0; turn < 1_000; turn++) await nextTurn()
  expect(settled).toBe(false)
  release()
  expect(await appending).toMatchObject({ lastPosition: 1n })
})

it('STORE 20: reads do not wait for a writer', async () => {
  const { store } = lockedStore()
  expect(await collect(store.readAll())).toEqual([])
})

it('STORE 20: after busyTimeoutMs an append is refused as store-unavailable, not appended, retryable', async () => {
  const { store, release } = lockedStore(0)
  const prod = streamWriter('environment-prod')
  const error = await refused('store-unavailable', () => prod.append(store, 1), {
    store: 'sqlite:infra.db',
    appended: 'no',
  })
  expect(error.retryable).toBe(true)
  expect(error.message).toContain('busyTimeoutMs')
  release()
  await prod.append(store, 1)
  expect(await collect(store.readAll())).toHaveLength(1)
})
