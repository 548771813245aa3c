import type { Checkpoint } from '../audit/checkpoint.ts'
import type { VerifiedBefore } from '../audit/verify.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'

/**
 * What a checkpoint vouches for, to go on behind it. Its last event must still be where it was; nothing else before is looked at. Throws
 * `checkpoint-mismatch` where it is not, or where the checkpoint was kept without its list of heads.
 */
export async function beforeCheckpoint(store: EventStore, { checkpoint, heads }: Checkpoint): Promise<VerifiedBefore> {
  if (heads === undefined)
    throw mismatch('it was kept without its list of heads, without which no chain can be gone on with')
  const { last, events } = checkpoint
  const ends = new Map(heads.map(({ stream, revision, hash, recordedAt }) => [stream, { revision, hash, recordedAt }]))
  if (last === null) return { events: 0, position: 0n, heads: ends }
  const position = BigInt(last.position)
  for await (const event of store.readStream(last.stream, { from: last.revision, limit: 1 })) {
    if (event.hash !== last.hash) throw mismatch(`revision ${last.revision} of ${last.stream} is another event now`)
    if (event.position !== position)
      throw mismatch(`its last event stood at position ${position} and stands at ${event.position} now`)
    return { events, position, heads: ends }
  }
  throw mismatch(`its last event, revision ${last.revision} of ${last.stream}, is gone`)
}

function mismatch(problem: string): LedgerError<'checkpoint-mismatch'> {
  const message =
    `this ledger cannot be gone on with from the checkpoint: ${problem}. It is of another ledger, of one that was restored since, ` +
    'or history was changed: verify the whole ledger against it.'
  return new LedgerError('checkpoint-mismatch', message, { problem })
}
