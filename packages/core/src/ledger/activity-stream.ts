import type { Actor } from '../access/actor.ts'
import type { activityEvents } from '../access/events.ts'
import type { Clock } from '../clock.ts'
import { encodeEvents } from '../event-store/codec.ts'
import type { StreamHead } from '../event-store/codec.ts'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { activityStreamName } from '../event-store/stream-names.ts'
import type { EventData, LedgerEvent } from '../environment/catalogue.ts'
import { isLedgerError } from '../ledger-error.ts'

/** One thing to note, by whom. */
export type Activity<T extends keyof typeof activityEvents = keyof typeof activityEvents> = {
  [K in T]: { readonly type: K; readonly data: EventData<K>; readonly actor: Actor; readonly correlationId: string }
}[T]

/** Times that a note is written again after another process was faster. */
const ATTEMPTS = 12

/** What noting needs of the ledger. */
export type ActivityOptions = {
  readonly store: EventStore
  readonly clock: Clock
  readonly newId: () => string
}

/** Notes something in the activity of an environment. Throws the store's error. */
export async function noteActivity(
  environment: string,
  { type, data, actor, correlationId }: Activity,
  { store, clock, newId }: ActivityOptions,
): Promise<void> {
  const stream = activityStreamName(environment)
  for (let attempt = 1; ; attempt++) {
    const head = await headOf(store, stream)
    const now = clock.now().toISOString()
    const recordedAt = now > head.recordedAt ? now : head.recordedAt
    const event: LedgerEvent = {
      type,
      data,
      metadata: { actor, recordedAt, correlationId },
      id: newId(),
      revision: head.revision + 1,
    }
    try {
      await store.append(stream, encodeEvents(stream, [event], head), head.revision < 0 ? 'none' : head.revision)
      return
    } catch (error) {
      if (!isLedgerError(error, 'append-conflict') || attempt === ATTEMPTS) throw error
    }
  }
}

async function headOf(store: EventStore, stream: string): Promise<StreamHead> {
  for await (const { revision, hash, recordedAt } of store.readStream(stream, { backwards: true, limit: 1 }))
    return { revision, hash, recordedAt }
  return { revision: -1, hash: GENESIS_HASH, recordedAt: '' }
}
