import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import { assertChained, assertPositions, collect, refused, streamWriter } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { childWithFileLimit, said } from './child.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

/** What the child tells of each of its appends. */
type Told = { readonly id: string; readonly answer: 'appended' | { readonly code: string; readonly appended?: string } }

it('STORE 30: a disk that fails while it is written to is store-unavailable, and every answer is true', async () => {
  const file = temporaryFile()
  // Beyond this size each write fails with EFBIG, which SQLite meets as SQLITE_IOERR_WRITE; half an append may be in the log.
  const child = childWithFileLimit(600, 'append-until-refused.fixture.ts', file)
  const told = (await said(child)).map((line): Told => JSON.parse(line))
  const failed = told.flatMap(({ answer }) => (answer === 'appended' ? [] : [answer]))
  expect(told.length - failed.length).toBeGreaterThan(3)
  expect(failed.length).toBeGreaterThan(0)
  for (const { code } of failed) expect(code).toBe('store-unavailable')

  const store = sqliteEventStore({ file })
  const all = await collect(store.readAll())
  const held = new Set(all.map(({ id }) => id))
  for (const { id, answer } of told) {
    if (answer === 'appended') expect(held.has(id)).toBe(true)
    else if (answer.appended === 'no') expect(held.has(id)).toBe(false)
  }
  assertChained(all)
  assertPositions('dense', all)
  await streamWriter('environment-other').append(store, 1)
  await store.close()
})

/** Runs with the rights of a user to whom nothing belongs; root may write everywhere. */
function withoutRights<T>(run: () => T): T {
  const user = process.geteuid?.()
  const nobody = 65_534
  if (user === 0) process.seteuid?.(nobody)
  try {
    return run()
  } finally {
    if (user === 0) process.seteuid?.(user)
  }
}

it.each([
  ['a folder that may not be written to', 0o555, 0o444],
  ['a file that may not be read', 0o755, 0o000],
])('STORE 30: %s is store-unavailable, not appended, and says what to check', async (_, folderMode, fileMode) => {
  const file = temporaryFile()
  const store = sqliteEventStore({ file })
  await streamWriter('environment-prod').append(store, 1)
  await store.close()
  chmodSync(file, fileMode)
  chmodSync(dirname(file), folderMode)
  const open = async (): Promise<unknown> => withoutRights(() => sqliteEventStore({ file }))
  const error = await refused('store-unavailable', open, { appended: 'no' })
  expect(error.message).toMatch(/permissions|may write/)
  expect(error.message).not.toContain(dirname(file))
  chmodSync(dirname(file), 0o755)
  chmodSync(file, 0o644)
  const again = sqliteEventStore({ file })
  expect(await collect(again.readAll())).toHaveLength(1)
  await again.close()
})
