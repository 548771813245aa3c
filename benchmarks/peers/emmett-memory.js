import { getInMemoryEventStore } from '@event-driven-io/emmett'
import { emmettStore } from './emmett-store.js'

export async function open() {
  const store = getInMemoryEventStore()
  const streams = new Set()
  // There is no reading of all streams in memory: one after the other, by the names that were appended to.
  const measured = emmettStore(store, async (apply) => {
    for (const stream of streams) await measured.read(stream, apply)
  })
  return {
    ...measured,
    append(stream, events, at) {
      streams.add(stream)
      return measured.append(stream, events, at)
    },
  }
}
