import type { EventToAppend } from './envelope.ts'
import { EVENT_LIMITS } from './event-store.ts'

/** How many events from an index on fit into one append, with room for their envelopes; at least one. */
export function fittingCount(events: readonly EventToAppend[], from: number): number {
  let bytes = 0
  let count = 0
  for (let index = from; index < events.length; index++) {
    const event = events[index]
    if (event === undefined) break
    bytes += Buffer.byteLength(event.data) + Buffer.byteLength(event.metadata) + EVENT_LIMITS.envelopeBytes
    if (count > 0 && (bytes > EVENT_LIMITS.appendBytes || count >= EVENT_LIMITS.appendEvents)) break
    count++
  }
  return count
}
