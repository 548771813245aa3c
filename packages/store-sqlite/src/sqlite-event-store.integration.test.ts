import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEventStore } from '@infraledger/testkit'
import type { EventStoreHarness } from '@infraledger/testkit'
import { describe, it } from 'vitest'
import { foreignTransaction } from './foreign-transaction.fixture.ts'
import { sqliteEventStore } from './sqlite-event-store.ts'

/** A store in a file of a folder, which further handles and foreign transactions may use, too. */
function harnessOf(folder: string, synchronous: 'full' | 'normal'): EventStoreHarness {
  const file = join(folder, 'infra.db')
  const opened: { close: () => Promise<void> | void }[] = []
  const kept = <T extends { close: () => Promise<void> | void }>(handle: T): T => {
    opened.push(handle)
    return handle
  }
  const open = () => kept(sqliteEventStore({ file, synchronous, pollIntervalMs: 5 }))
  return {
    store: open(),
    reopen: async () => open(),
    connect: async () => open(),
    openForeignTransaction: async () => kept(foreignTransaction(file)),
    async cleanup() {
      for (const handle of opened) await handle.close()
    },
  }
}

for (const synchronous of ['full', 'normal'] as const) {
  describeEventStore(
    `SQLite event store, synchronous ${synchronous}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'infraledger-sqlite-'))
      const harness = harnessOf(folder, synchronous)
      const cleanup = async (): Promise<void> => {
        await harness.cleanup()
        rmSync(folder, { recursive: true })
      }
      return { ...harness, fresh: true, cleanup }
    },
    { describe, it },
  )
}

describeEventStore(
  'SQLite event store in memory',
  async () => {
    const store = sqliteEventStore({ file: ':memory:' })
    return { store, fresh: true, cleanup: () => store.close() }
  },
  { describe, it },
)
