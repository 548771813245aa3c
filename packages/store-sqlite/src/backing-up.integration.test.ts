import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { assertChained, assertPositions, collect, refused, streamWriter } from '@infraledger/testkit'
import type { RecordedEvent } from '@infraledger/core/adapter'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backUpSqliteStore, copyAtOnce, copyInBackground } from './backing-up.ts'
import { startChild } from './child.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'
import { temporaryFile } from './temporary-file.fixture.ts'

/** A process that appends until the test ends, several appends to a transaction, and the ids that it acknowledged so far. */
function busyWriter(file: string) {
  const child = startChild('append-until-killed.fixture.ts', file)
  const acknowledged: string[] = []
  const lines = createInterface(child.stdout)
  lines.on('line', (line) => void acknowledged.push(line))
  const killed = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'close')
  }
  onTestFinished(killed)
  return { child, acknowledged, killed, more: async () => once(lines, 'line') }
}

/** All events of a copy, which is opened as a store and must be whole in itself. */
async function eventsOf(file: string): Promise<readonly RecordedEvent[]> {
  const store = sqliteEventStore({ file })
  const all = await collect(store.readAll())
  await store.close()
  assertChained(all)
  assertPositions('dense', all)
  for (const caller of [1, 2, 3])
    expect(all.filter(({ stream }) => stream === `environment-${caller}`).length % caller, 'half an append').toBe(0)
  return all
}

const ids = (events: readonly RecordedEvent[]): string[] => events.map(({ id }) => id)

describe.each([
  ['in the background', copyInBackground],
  ['at once', copyAtOnce],
])('a backup %s', (_, copying) => {
  it('STORE 28: while another process writes, it holds all that was acknowledged before, and a prefix of the rest', async () => {
    const file = temporaryFile()
    const writer = busyWriter(file)
    const copies: { to: string; before: readonly string[]; lastPosition: bigint }[] = []
    for (let round = 0; round < 4; round++) {
      await writer.more()
      const before = [...writer.acknowledged]
      const to = `${file}.backup-${round}`
      copies.push({ to, before, ...(await backUpSqliteStore({ file, to }, copying)) })
    }
    await writer.killed()
    const all = ids(await eventsOf(file))
    for (const { to, before, lastPosition } of copies) {
      const held = ids(await eventsOf(to))
      expect(held).toEqual(all.slice(0, Number(lastPosition)))
      expect(before.filter((id) => !held.includes(id))).toEqual([])
    }
  })

  it('STORE 28: it is one file, and a store that goes on', async () => {
    const file = temporaryFile()
    const store = sqliteEventStore({ file })
    const prod = streamWriter('environment-prod')
    await prod.append(store, 3)
    const to = `${file}.backup`
    expect(await backUpSqliteStore({ file, to }, copying)).toEqual({ lastPosition: 3n })
    expect(readdirSync(dirname(file)).toSorted()).toEqual([
      'infra.db',
      'infra.db-shm',
      'infra.db-wal',
      'infra.db.backup',
    ])
    await store.close()
    const copy = sqliteEventStore({ file: to })
    expect(await prod.append(copy, 1)).toMatchObject({ lastPosition: 4n })
    await copy.close()
  })
})

it('STORE 28: a backup is never overwritten, and none is left that is not whole', async () => {
  const file = temporaryFile()
  const to = `${file}.backup`
  await refused('store-unavailable', () => backUpSqliteStore({ file, to }), { appended: 'no' })
  const store = sqliteEventStore({ file })
  for (let append = 0; append < 5; append++) await streamWriter(`environment-${append}`).append(store, 100)
  await store.close()
  writeFileSync(to, 'an earlier backup')
  const error = await refused('input-invalid', () => backUpSqliteStore({ file, to }))
  expect(error.message).toContain('infra.db.backup is there already')
  expect(readFileSync(to, 'utf8')).toBe('an earlier backup')

  const half = temporaryFile()
  const failing = async (_: unknown, unfinished: string): Promise<void> => {
    copyFileSync(file, unfinished)
    truncateSync(unfinished, 10_000)
  }
  await refused('store-damaged', () => backUpSqliteStore({ file, to: half }, failing))
  expect(readdirSync(dirname(half))).toEqual([])
})

it('STORE 28: a plain copy of file and log, taken while the writer is stopped, holds all that it acknowledged', async () => {
  const file = temporaryFile()
  const writer = busyWriter(file)
  for (let round = 0; round < 5; round++) {
    await writer.more()
    writer.child.kill('SIGSTOP')
    const acknowledged = [...writer.acknowledged]
    const copy = temporaryFile()
    for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix)
    writer.child.kill('SIGCONT')
    const held = new Set(ids(await eventsOf(copy)))
    expect(acknowledged.filter((id) => !held.has(id))).toEqual([])
  }
})
