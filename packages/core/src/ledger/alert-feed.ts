import type { EventData } from '../environment/catalogue.ts'
import type { Alert } from '../environment/slice.ts'
import { decodeEvent } from '../event-store/codec.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore, SubscribeOptions } from '../event-store/event-store.ts'
import { environmentOfStream } from '../event-store/stream-names.ts'
import { followed } from './followed.ts'

/** An alert as it was raised, and where the feed goes on after it: a bigint, which JSON takes only as text. */
export type RaisedAlert = Alert & { readonly position: bigint }

/** The alerts of all environments from a position on: what is there, then what comes, in order and at least once. */
export function alertFeed(
  store: EventStore,
  range: Pick<SubscribeOptions, 'after' | 'signal'> = {},
): AsyncIterable<RaisedAlert> {
  return followed(store, { ...range, types: ['AlertRaised'] }, raisedAlert)
}

function raisedAlert(recorded: RecordedEvent): RaisedAlert {
  const { event } = decodeEvent(recorded)
  return {
    // The subscription tells this one type, whose data was checked when it was written.
    ...(event.data as EventData<'AlertRaised'>),
    environment: environmentOfStream(recorded.stream),
    raisedAt: recorded.recordedAt,
    acknowledged: undefined,
    position: recorded.position,
  }
}
