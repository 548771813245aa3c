import { START, type EventStoreDBClient, type Position, type ResolvedEvent } from '@eventstore/db-client'
import type { RecordedEvent } from '@infraledger/core/adapter'
import { decodeEvent } from './event-encoding.ts'
import { isInvalidPosition } from './eventstoredb-errors.ts'
import { logFilter } from './log-filter.ts'
import { subscribeToLog } from './log-subscription.ts'
import { pauses, type RetryPolicy } from './retrying.ts'

/** What following the log needs of the store. */
export type FollowingStore = {
  readonly client: EventStoreDBClient
  readonly policy: RetryPolicy
  readonly streamPrefix: string
}

/** Which events, and for how long. */
export type Course = {
  readonly after: bigint
  readonly types: readonly string[] | undefined
  /** Ends behind this position of the log, or where nothing of ours lies before it any more; undefined: never. */
  readonly upTo?: bigint
  readonly signal: AbortSignal
}

/**
 * Our events of the server's log, in order. Where the connection breaks, the leader changes or the server restarts, it
 * goes on behind the last event or checkpoint, so nothing is skipped and nothing comes twice.
 */
export async function* follow(store: FollowingStore, course: Course): AsyncGenerator<RecordedEvent, void> {
  const { client, policy, streamPrefix } = store
  const { after, upTo, signal } = course
  const filter = logFilter(streamPrefix, course.types)
  const wanted = wantedEvent(course, streamPrefix)
  let cursor: Position | typeof START = after === 0n ? START : { commit: after, prepare: after }
  // The last event that was seen. What comes again from before it was given already, or was not wanted.
  let seen = after
  let waiting = pauses(policy, signal)
  while (!signal.aborted) {
    const subscription = subscribeToLog(client, cursor, filter, signal)
    try {
      for (let message = await subscription.next(); message !== undefined; message = await subscription.next()) {
        waiting = pauses(policy, signal)
        if (message.type === 'caught-up') {
          if (upTo !== undefined) return
          continue
        }
        const position = message.type === 'event' ? message.resolved.event?.position : message.position
        if (position === undefined) continue
        if (message.type === 'event' && position.commit > seen) {
          seen = position.commit
          if (wanted(message.resolved)) yield decodeEvent(message.resolved, streamPrefix, policy.store)
        }
        cursor = position
        if (upTo !== undefined && reaches(position, upTo)) return
      }
    } catch (error) {
      if (signal.aborted) return
      // The server starts only where an event begins; from anywhere else the way leads over the beginning.
      if (isInvalidPosition(error) && cursor !== START) cursor = START
      else await waiting.after(error)
    } finally {
      subscription.close()
    }
  }
}

/** What the server's filter lets pass, but was not asked for: other streams' events of a type, and what lies outside. */
function wantedEvent({ upTo, types }: Course, streamPrefix: string): (resolved: ResolvedEvent) => boolean {
  const names = types === undefined ? undefined : new Set(types)
  return ({ event }) =>
    event !== undefined &&
    (upTo === undefined || (event.position?.commit ?? 0n) <= upTo) &&
    event.streamId.startsWith(streamPrefix) &&
    (names === undefined || names.has(event.type))
}

/**
 * Whether nothing up to an event's position can come behind this one. Checkpoints of some versions have a prepare
 * position of 0 (kurrent-io/KurrentDB#3989), which is before the event that begins there.
 */
const reaches = ({ commit, prepare }: Position, upTo: bigint): boolean =>
  commit > upTo || (commit === upTo && prepare >= upTo)
