import assert from 'node:assert/strict'
import { isLedgerError } from '@infraledger/core/adapter'
import type {
  AppendResult,
  EventStore,
  EventToAppend,
  ExpectedRevision,
  RecordedEvent,
} from '@infraledger/core/adapter'
import { assertChained } from './assertions.ts'
import type { Stage } from './stage.ts'

/** One append as its caller saw it. Moments count on one clock: of two calls, who ended before the other began came first. */
type Call = {
  readonly stream: string
  readonly events: readonly EventToAppend[]
  readonly expected: ExpectedRevision
  readonly began: number
  readonly ended: number
  readonly answer: AppendResult | { readonly conflictWith: ExpectedRevision }
}

type Read = { readonly began: number; readonly events: readonly RecordedEvent[] }

/** Keeps what callers did to a store, through any number of handles, and what they were told. */
export type History = {
  /** Appends, and answers with what happened: the result, or undefined for a conflict. Other errors are thrown. */
  readonly append: (
    store: EventStore,
    stream: string,
    events: readonly EventToAppend[],
    expected: ExpectedRevision,
  ) => Promise<AppendResult | undefined>
  /** Reads the case's events, all of them. */
  readonly read: (store: EventStore) => Promise<readonly RecordedEvent[]>
  /** Asserts that all of it could have happened one after the other, and is what the store holds. */
  readonly check: () => Promise<void>
}

/** An empty history of one case. */
export function history(stage: Stage): History {
  const calls: Call[] = []
  const reads: Read[] = []
  let moment = 0
  const now = (): number => (moment += 1)

  return {
    async append(store, stream, events, expected) {
      const began = now()
      const keep = (answer: Call['answer']): void =>
        void calls.push({ stream, events, expected, began, ended: now(), answer })
      try {
        const result = await store.append(stream, events, expected)
        keep(result)
        return result
      } catch (error) {
        if (!isLedgerError(error, 'append-conflict')) throw error
        keep({ conflictWith: error.details.actual })
        return undefined
      }
    },
    async read(store) {
      const began = now()
      const events = await stage.all(store)
      reads.push({ began, events })
      return events
    },
    async check() {
      const all = await stage.all()
      assertChained(all)
      assertAnswersTrue(calls, all)
      assertOrderOfTime(calls)
      for (const call of calls) if ('conflictWith' in call.answer) assertConflictTrue(call, call.answer, calls)
      for (const read of reads) assertPrefix(read, all, calls)
    },
  }
}

type Appended = Call & { readonly answer: AppendResult }
const appended = (calls: readonly Call[]): Appended[] =>
  calls.filter((call): call is Appended => !('conflictWith' in call.answer))

/** What was answered is there where the answer says, and nothing else is: each revision has exactly one winner. */
function assertAnswersTrue(calls: readonly Call[], all: readonly RecordedEvent[]): void {
  const held = new Map(all.map((event) => [`${event.stream} ${event.revision}`, event]))
  const claimed = new Map<string, string>()
  for (const { stream, events, answer } of appended(calls)) {
    assert.equal(answer.lastRevision - answer.firstRevision, events.length - 1, `revisions of an answer on ${stream}`)
    for (const [index, { id }] of events.entries()) {
      const place = `${stream} ${answer.firstRevision + index}`
      assert.equal(held.get(place)?.id, id, `who is at ${place}`)
      assert.equal(claimed.get(place) ?? id, id, `two winners of ${place}`)
      claimed.set(place, id)
    }
    assert.equal(
      held.get(`${stream} ${answer.lastRevision}`)?.position,
      answer.lastPosition,
      `last position on ${stream}`,
    )
  }
  assert.equal(all.length, claimed.size, 'events that nobody was told of')
}

/** Appends that did not overlap have positions in the order of time. */
function assertOrderOfTime(calls: readonly Call[]): void {
  const inOrder = appended(calls).toSorted((a, b) => a.began - b.began)
  for (const [index, later] of inOrder.entries())
    for (const earlier of inOrder.slice(0, index))
      if (earlier.ended < later.began)
        assert.ok(
          earlier.answer.lastPosition <= later.answer.lastPosition,
          `an append that began later came before position ${earlier.answer.lastPosition}`,
        )
}

/** A conflict names a revision at which the stream was while the call lasted, and not the one that was expected. */
function assertConflictTrue(
  call: Call,
  { conflictWith }: { conflictWith: ExpectedRevision },
  calls: readonly Call[],
): void {
  const { stream, expected, began, ended } = call
  assert.notEqual(conflictWith, expected, `a conflict on ${stream} with what was expected`)
  const ends = (before: (other: Appended) => boolean): number[] =>
    appended(calls)
      .filter((other) => other.stream === stream && before(other))
      .map(({ answer }) => answer.lastRevision)
  const least = Math.max(-1, ...ends((other) => other.ended < began))
  const most = Math.max(-1, ...ends((other) => other.began < ended))
  const actual = conflictWith === 'none' ? -1 : conflictWith
  assert.ok(actual >= least && actual <= most, `a conflict on ${stream} with ${actual}, not within ${least} to ${most}`)
}

/** A read is the beginning of what is there in the end, and holds all that was answered before it began. */
function assertPrefix({ began, events }: Read, all: readonly RecordedEvent[], calls: readonly Call[]): void {
  assert.deepEqual(ids(events), ids(all.slice(0, events.length)), 'a read is a prefix')
  const known = events.at(-1)?.position ?? 0n
  for (const { stream, ended, answer } of appended(calls))
    if (ended < began)
      assert.ok(
        answer.lastPosition <= known,
        `a read that began later lacks position ${answer.lastPosition} of ${stream}`,
      )
}

const ids = (list: readonly RecordedEvent[]): string[] => list.map(({ stream, id }) => `${stream} ${id}`)
