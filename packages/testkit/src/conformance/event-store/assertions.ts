import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { GENESIS_HASH, hashEvent, isLedgerError } from '@infraledger/core/adapter'
import type { ErrorCode, ErrorDetails, LedgerError, RecordedEvent } from '@infraledger/core/adapter'

/** Everything that an iterable yields, as an array. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** The next `count` items of an iterator that may go on for ever. */
export async function take<T>(items: AsyncIterator<T>, count: number): Promise<T[]> {
  const taken: T[] = []
  while (taken.length < count) {
    const next = await items.next()
    assert.notEqual(next.done, true, `ended after ${taken.length} of ${count}`)
    taken.push(next.value)
  }
  return taken
}

/**
 * Runs `call`, which must fail with a {@link LedgerError} of this code and these details, and answers with the error.
 */
export async function refused<C extends ErrorCode>(
  code: C,
  call: () => Promise<unknown>,
  details: Partial<ErrorDetails[C]> = {},
): Promise<LedgerError<C>> {
  let answer: unknown
  try {
    answer = await call()
  } catch (error) {
    if (!isLedgerError(error, code)) throw error
    for (const [key, value] of Object.entries(details))
      assert.deepEqual(Object.entries(error.details).find(([name]) => name === key)?.[1], value, `details.${key}`)
    return error
  }
  return assert.fail(`expected ${code}, got an answer: ${inspect(answer)}`)
}

/** Asserts that these are whole streams, each with revisions from 0 and an unbroken, true chain of hashes. */
export function assertChained(events: Iterable<RecordedEvent>): void {
  const ends = new Map<string, { revision: number; hash: string }>()
  for (const event of events) {
    const end = ends.get(event.stream) ?? { revision: -1, hash: GENESIS_HASH }
    const name = `${event.stream} ${event.revision}`
    assert.equal(event.revision, end.revision + 1, `revision of ${name}`)
    assert.equal(event.previousHash, end.hash, `previous hash of ${name}`)
    assert.equal(event.hash, hashEvent(event.stream, event.revision, event), `hash of ${name}`)
    ends.set(event.stream, { revision: event.revision, hash: event.hash })
  }
}

/**
 * Asserts that the positions of everything behind `after` grow, and where the store declares them dense, have no gap.
 */
export function assertPositions(
  positions: 'dense' | 'monotonic',
  events: readonly RecordedEvent[],
  after: bigint = 0n,
): void {
  let before = after
  for (const { position } of events) {
    if (positions === 'dense') assert.equal(position, before + 1n, 'a dense position')
    assert.ok(position > before, `position ${position} behind ${before}`)
    before = position
  }
}
