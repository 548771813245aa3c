import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'

/** How far a long read is. */
export type ReadProgress = {
  /** Events read so far. */
  readonly events: number
  /** Of the last of them; 0n before the first. */
  readonly position: bigint
  /** How many there were to read when it began, where that can be told; others may come meanwhile. */
  readonly total?: number
}

/** How to watch a long read, and how to end it. */
export type ReadOptions = {
  /** Once it aborts, the read ends by throwing its reason. */
  readonly signal?: AbortSignal
  /** Told every {@link PROGRESS_EVENTS} events, and at the end. */
  readonly onProgress?: (progress: ReadProgress) => void
}

/** Events between two reports of progress. */
export const PROGRESS_EVENTS = 1_000

/** Reads the store in its order, from after a position on, until `take` answers `stop` or there is no more. */
export async function eachEvent(
  store: EventStore,
  {
    after = 0n,
    total,
    signal,
    onProgress,
  }: ReadOptions & { readonly after?: bigint; readonly total?: number | undefined },
  take: (event: RecordedEvent) => 'stop' | undefined,
): Promise<void> {
  signal?.throwIfAborted()
  const expected = onProgress === undefined ? undefined : (total ?? (await countEvents(store, after)))
  const known = expected === undefined ? {} : { total: expected }
  let events = 0
  let position = after
  // From the beginning without a bound, so that a store shows also what does not belong there.
  for await (const event of store.readAll(after === 0n ? {} : { after })) {
    signal?.throwIfAborted()
    if (take(event) === 'stop') break
    events++
    position = event.position
    if (events % PROGRESS_EVENTS === 0) onProgress?.({ events, position, ...known })
  }
  onProgress?.({ events, position, ...known })
}

/**
 * How many events there are after a position, where positions have no gaps: by asking whether there is one after ever larger positions, and
 * then between the last two. No store has to count for it.
 */
async function countEvents(store: EventStore, after: bigint): Promise<number | undefined> {
  if (store.positions !== 'dense') return undefined
  const isBeyond = async (position: bigint): Promise<boolean> => {
    for await (const _ of store.readAll({ after: position, limit: 1 })) return true
    return false
  }
  let [low, high] = [after, after + 1n]
  while (await isBeyond(high)) [low, high] = [high, after + (high - after) * 2n]
  if (low === after && !(await isBeyond(after))) return 0
  while (high - low > 1n) {
    const middle = (low + high) / 2n
    if (await isBeyond(middle)) low = middle
    else high = middle
  }
  return Number(high - after)
}
