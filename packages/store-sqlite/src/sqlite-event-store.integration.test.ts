import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeEventStore } from '@infraledger/testkit'
import type { EventStore } from '@infraledger/core/adapter'
import { describe, it } from 'vitest'
import { sqliteEventStore } from './sqlite-event-store.ts'

for (const synchronous of ['full', 'normal'] as const) {
  describeEventStore(
    `SQLite event store, synchronous ${synchronous}`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'infraledger-sqlite-'))
      const opened: EventStore[] = []
      const open = (): EventStore => {
        const store = sqliteEventStore({ file: join(folder, 'infra.db'), synchronous })
        opened.push(store)
        return store
      }
      const cleanup = async (): Promise<void> => {
        for (const store of opened) await store.close()
        rmSync(folder, { recursive: true })
      }
      return { store: open(), reopen: async () => open(), cleanup }
    },
    { describe, it },
  )
}

describeEventStore(
  'SQLite event store in memory',
  async () => {
    const store = sqliteEventStore({ file: ':memory:' })
    return { store, cleanup: () => store.close() }
  },
  { describe, it },
)
