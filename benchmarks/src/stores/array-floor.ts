import type { MeasuredStore } from './measured-store.ts'
import type { WorkEvent } from './workload.ts'

/** The least that a store in memory does: lists, and a look at the length that was expected. No ids, no chain, no copies. */
export function arrayFloor(): MeasuredStore {
  const log: WorkEvent[] = []
  const streams = new Map<string, WorkEvent[]>()
  return {
    async append(stream, events, at) {
      const known = streams.get(stream) ?? []
      if (known.length !== at) throw new Error('conflict')
      if (at === 0) streams.set(stream, known)
      for (const event of events) {
        log.push(event)
        known.push(event)
      }
    },
    async read(stream, apply) {
      for (const event of streams.get(stream) ?? []) apply(event)
    },
    async readAll(apply) {
      for (const event of log) apply(event)
    },
    close: () => Promise.resolve(),
  }
}
