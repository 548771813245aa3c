import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { EventStore, RecordedEvent } from '@infraledger/core/adapter'
import { collect } from './assertions.ts'
import type { Stage } from './stage.ts'

/** Reads a store as pollers do: it remembers the last position that it saw, and asks for what is behind it. */
export type Poller = {
  /** The case's events that it saw, in the order in which it saw them. */
  readonly seen: RecordedEvent[]
  /** Asks until there is nothing more. */
  readonly look: () => Promise<void>
}

/** A poller from the case's start on, which asks for `limit` events at a time. */
export function poller(stage: Stage, limit: number, store: EventStore = stage.store): Poller {
  const seen: RecordedEvent[] = []
  let after = stage.start
  const look = async (): Promise<void> => {
    for (;;) {
      const events = await collect(store.readAll({ after, limit }))
      seen.push(...events.filter(stage.isOurs))
      after = events.at(-1)?.position ?? after
      if (events.length < limit) return
    }
  }
  return { seen, look }
}

/** A subscription that is read in the background as fast as it gives. */
export type Follower = {
  /** The case's events that it was given. */
  readonly seen: RecordedEvent[]
  /** Resolves when it was given so many of the case's events; rejects when it ended before. */
  readonly given: (count: number) => Promise<void>
  /** Ends it. Idempotent. */
  readonly stop: () => Promise<void>
}

/** A follower from the case's start on. */
export function follower({ start, ours, store: first }: Stage, store: EventStore = first): Follower {
  const seen: RecordedEvent[] = []
  const leaving = new AbortController()
  let progress = Promise.withResolvers<void>()
  const reading = (async () => {
    for await (const event of ours(store.subscribe({ after: start, signal: leaving.signal }))) {
      seen.push(event)
      progress.resolve()
      progress = Promise.withResolvers()
    }
    throw new Error(`the subscription ended after ${seen.length} events`)
  })()
  // Whoever waits for events meets the error; nobody else has to.
  reading.catch(() => undefined)
  return {
    seen,
    async given(count) {
      while (seen.length < count) await Promise.race([progress.promise, reading])
    },
    async stop() {
      leaving.abort()
      await reading.catch(() => undefined)
    },
  }
}

/** Asserts that a reader saw exactly these events, each once, in this order. */
export function assertSeen(who: string, seen: readonly RecordedEvent[], wanted: readonly RecordedEvent[]): void {
  assert.deepEqual(names(seen), names(wanted), `what ${who} saw`)
}

const names = (events: readonly RecordedEvent[]): string[] =>
  events.map(({ stream, revision, position }) => `${stream} ${revision} at ${position}`)

/** Looks again and again while something is under way, at most so many times, and answers whether it came to an end. */
export async function lookWhile(
  underWay: Promise<unknown>,
  look: () => Promise<void>,
  times = Infinity,
): Promise<boolean> {
  const state = { ended: false }
  const end = (): void => {
    state.ended = true
  }
  underWay.then(end, end)
  for (let looks = 0; looks < times && !state.ended; looks++) {
    // A store that answers at once would leave the event loop no turn in which to write.
    await nextTurn()
    await look()
  }
  return state.ended
}
