import {
  MaxAppendSizeExceededError,
  NO_STREAM,
  WrongExpectedVersionError,
  type EventStoreDBClient,
} from '@eventstore/db-client'
import { decideAppend, EVENT_LIMITS, isLedgerError, LedgerError } from '@infraledger/core/adapter'
import type { AppendRequest, AppendResult, ExistingEvent } from '@infraledger/core/adapter'
import type { AppendQueue } from './append-queue.ts'
import { encodeEvent, type EncodedEvent } from './event-encoding.ts'
import { mayHaveHappened } from './eventstoredb-errors.ts'
import type { Reading } from './reading.ts'
import { pauses, type RetryPolicy } from './retrying.ts'
import type { StreamIds } from './stream-ids.ts'

/** What appending needs of its store. */
export type AppendingStore = {
  readonly appender: EventStoreDBClient
  readonly read: Reading
  readonly ids: StreamIds
  readonly queue: AppendQueue
  readonly policy: RetryPolicy
  readonly streamPrefix: string
  readonly maxAppendBytes: number
}

/**
 * Appends as the port says, on a server that has other rules: on the right revision it writes an id again that the
 * stream holds; behind it, it takes events for repeated when their ids are there, whatever their content. So ids are
 * looked at before, and what is there is looked at after.
 */
export async function append(store: AppendingStore, request: AppendRequest): Promise<AppendResult> {
  const encoded = request.events.map(encodeEvent)
  const bytes = bytesOf(encoded)
  if (bytes > store.maxAppendBytes) throw tooLarge(encoded.length, bytes, store.maxAppendBytes)
  const answer = await store.queue.submit(() => send(store, request, encoded))
  // The look at what is there afterwards holds up nobody who waits to send.
  return typeof answer === 'object' ? answer : store.queue.track(verified(store, request, answer))
}

/** Answers with the revision that the server named, or with the first answer of a repeated append. */
async function send(
  store: AppendingStore,
  request: AppendRequest,
  encoded: readonly EncodedEvent[],
): Promise<AppendResult | number> {
  const { ids, read, policy } = store
  const { stream, events, expected } = request
  // A stream that must not be there yet holds no ids; if it is there after all, the server says so.
  if (expected !== 'none') await learnIds(store, stream, expected)
  else if (await read.isDeleted(stream)) throw deleted(policy.store, stream)
  if (events.some(({ id }) => ids.find(stream, id) !== undefined)) return decided(store, request)
  const waiting = pauses(policy)
  let appended: 'no' | 'unknown' = 'no'
  for (;;) {
    try {
      const last = await sendOnce(store, request, encoded)
      const first = last - events.length + 1
      ids.extend(
        stream,
        events.map(({ id }, index) => ({ id, revision: first + index })),
      )
      return last
    } catch (error) {
      if (error instanceof WrongExpectedVersionError) return decided(store, request, error.actualVersion)
      if (error instanceof MaxAppendSizeExceededError)
        throw tooLarge(encoded.length, bytesOf(encoded), error.maxAppendSize)
      if (mayHaveHappened(error)) appended = 'unknown'
      // Sent again, the same events on the same revision are written once: the server knows their ids.
      await waiting.after(error, appended)
    }
  }
}

async function sendOnce(
  { appender, streamPrefix }: AppendingStore,
  { stream, expected }: AppendRequest,
  encoded: readonly EncodedEvent[],
): Promise<number> {
  const events = encoded.map(({ event }) => event)
  const { nextExpectedRevision } = await appender.appendToStream(streamPrefix + stream, events, {
    expectedRevision: expected === 'none' ? NO_STREAM : BigInt(expected),
    requiresLeader: true,
  })
  return Number(nextExpectedRevision)
}

/** Reads the ids of a stream up to a revision, those that are not known yet, or up to its end. */
async function learnIds({ ids, read }: AppendingStore, stream: string, upTo = Infinity): Promise<void> {
  for (let known = ids.knownUpTo(stream); known < upTo;) {
    const { events, last } = await read.streamUp(stream, known + 1, upTo - known)
    ids.extend(stream, events)
    known += events.length
    if (last) return
  }
}

/**
 * The first answer of a repeated append again, or a refusal, as the port says: by the ids that the stream holds, and by
 * the revision at which the server refused. Without one the stream holds one of the ids.
 */
async function decided(
  store: AppendingStore,
  request: AppendRequest,
  actualVersion?: WrongExpectedVersionError['actualVersion'],
): Promise<AppendResult> {
  const { ids, read, policy } = store
  const { stream, events } = request
  const refusedAt = typeof actualVersion === 'bigint' ? Number(actualVersion) : undefined
  if (actualVersion !== NO_STREAM) await learnIds(store, stream, refusedAt)
  const wanted = new Set(events.flatMap(({ id }) => ids.find(stream, id) ?? []))
  const existing: ExistingEvent[] = []
  for (let cursor = Math.min(...wanted), end = Math.max(...wanted); cursor <= end;) {
    const page = await read.streamUp(stream, cursor, end - cursor + 1)
    if (page.events.length === 0) break
    existing.push(...page.events.filter(({ revision }) => wanted.has(revision)))
    cursor += page.events.length
  }
  const last = refusedAt ?? ids.knownUpTo(stream)
  const decision = decideAppend(request, { actual: last < 0 ? 'none' : last, existing })
  if (decision.type === 'duplicate') return decision.result
  throw contradicting(policy.store, stream)
}

/** Compares what is there with what was sent, for the server compares ids alone; answers with its positions. */
async function verified(store: AppendingStore, request: AppendRequest, lastRevision: number): Promise<AppendResult> {
  const { stream, events, expected } = request
  const firstRevision = lastRevision - events.length + 1
  if (firstRevision !== (expected === 'none' ? 0 : expected + 1)) throw deleted(store.policy.store, stream)
  const [last] = await store.read.streamUp(stream, lastRevision, 1).then(
    (page) => page.events,
    (error: unknown) => {
      throw writtenUnseen(error, store.policy.store)
    },
  )
  // The hash of the last event covers all before it.
  if (last?.hash === events.at(-1)?.hash && last !== undefined)
    return { firstRevision, lastRevision, lastPosition: last.position }
  store.ids.forget(stream)
  return decided(store, request)
}

const bytesOf = (encoded: readonly EncodedEvent[]): number => encoded.reduce((sum, { bytes }) => sum + bytes, 0)

function tooLarge(events: number, bytes: number, limitBytes: number): LedgerError<'append-too-large'> {
  const message =
    `An append of ${events} events is ${bytes} bytes with its envelopes; the server takes ${limitBytes} ` +
    '(MaxAppendSize); nothing was written. Write it in several appends, or raise MaxAppendSize and maxAppendBytes.'
  const limitEvents = EVENT_LIMITS.appendEvents
  return new LedgerError('append-too-large', message, { events, bytes, limitEvents, limitBytes })
}

function deleted(store: string, stream: string): LedgerError<'store-damaged'> {
  const problem = `stream ${stream} was deleted on the server, and would go on where it had ended`
  const message = `${store} is damaged: ${problem}. Use another name, or another streamPrefix.`
  return new LedgerError('store-damaged', message, { store, problem })
}

function contradicting(store: string, stream: string): LedgerError<'store-unavailable'> {
  const message =
    `${store} refused an append to stream ${stream} as if it were not where it is; nothing was written. ` +
    'Repeat the call, and look whether the stream was deleted meanwhile.'
  return new LedgerError('store-unavailable', message, { store, appended: 'no' }, { retryable: true })
}

/** The server said that it wrote, but what it wrote could not be looked at. */
function writtenUnseen(error: unknown, store: string): unknown {
  if (!isLedgerError(error, 'store-unavailable')) return error
  const message = `${error.message} The append before it was answered, and is confirmed when it is repeated.`
  return new LedgerError(
    'store-unavailable',
    message,
    { store, appended: 'unknown' },
    { retryable: true, cause: error },
  )
}
