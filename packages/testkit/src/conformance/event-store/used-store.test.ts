import { describe, it } from 'vitest'
import { describeEventStore } from './describe-event-store.ts'
import { usedStore } from './used-store.fixture.ts'

describeEventStore(
  'the conformance suite on a store that is not empty, that others write to, and whose positions are large and have gaps',
  async () => {
    const store = usedStore()
    return { store, cleanup: () => store.close() }
  },
  { describe, it },
)
