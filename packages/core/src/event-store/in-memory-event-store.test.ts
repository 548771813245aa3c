import { describeEventStore } from '@infraledger/testkit'
import { describe, it } from 'vitest'
import { inMemoryEventStore } from './in-memory-event-store.ts'

describeEventStore(
  'in-memory event store',
  async () => {
    const store = inMemoryEventStore()
    return { store, fresh: true, cleanup: () => store.close() }
  },
  { describe, it },
)
