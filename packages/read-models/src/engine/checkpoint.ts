import { activityStreamName, environmentStreamName, GENESIS_HASH, LedgerError } from '@infraledger/core/adapter'
import type { EventStore, RecordedEvent } from '@infraledger/core/adapter'
import type { OpenReadModels } from '../read-models.ts'
import type { Row } from '../tables/catalogue.ts'
import { applyEvents } from './apply-events.ts'

/** How far a stream is projected. */
export type Checkpoint = Row<'checkpoints'>

/** The streams of an environment: what was decided, and what was tried. */
export function streamsOf(environment: string): readonly string[] {
  return [environmentStreamName(environment), activityStreamName(environment)]
}

/** Before the first events of an environment. */
export function beginnings(environment: string): readonly Checkpoint[] {
  return streamsOf(environment).map((stream) => beginning(environment, stream))
}

/** Before the first event of a stream. */
export function beginning(environment: string, stream: string): Checkpoint {
  return { environment, stream, revision: -1, hash: GENESIS_HASH, position: '0', recorded_at: null, events: 0 }
}

/** The checkpoint of a stream, as it is now. */
export async function checkpointOf(models: OpenReadModels, { environment, stream }: Checkpoint): Promise<Checkpoint> {
  const [found] = await models.transaction((transaction) => transaction.select('checkpoints', { environment, stream }))
  return found ?? beginning(environment, stream)
}

/**
 * Takes the events that follow a checkpoint into the tables, and moves the checkpoint, in one transaction. Answers the new checkpoint;
 * undefined where another process has moved it in the meantime, and nothing was written.
 */
export async function advance(
  models: OpenReadModels,
  from: Checkpoint,
  events: readonly RecordedEvent[],
): Promise<Checkpoint | undefined> {
  const last = checkFollowing(models.name, from, events)
  if (last === undefined) return from
  const { environment, stream, revision, hash } = from
  const { position, recordedAt } = last
  const to: Checkpoint = {
    environment,
    stream,
    revision: last.revision,
    hash: last.hash,
    position: String(position),
    recorded_at: recordedAt,
    events: from.events + events.length,
  }
  return models.transaction(async (transaction) => {
    if (revision < 0) await transaction.add('checkpoints', beginnings(environment))
    const where = { environment, stream, revision, hash }
    const moved = await transaction.update({ table: 'checkpoints', set: to, where })
    if (moved === 0) return undefined
    await applyEvents(transaction, environment, events)
    return to
  })
}

/** Refuses events that do not go on where the checkpoint is: the store is another one than the tables were made from. */
function checkFollowing(
  readModels: string,
  { stream, revision, hash }: Checkpoint,
  events: readonly RecordedEvent[],
): RecordedEvent | undefined {
  let [expected, previous] = [revision + 1, hash]
  for (const event of events) {
    if (event.revision !== expected || event.previousHash !== previous)
      throw anotherLedger(readModels, stream, expected, `event ${event.revision} does not follow what was projected`)
    expected++
    previous = event.hash
  }
  return events.at(-1)
}

/** Refuses tables that were made from another store than this one: their last event is not in it. */
export async function checkSameLedger(
  models: OpenReadModels,
  store: EventStore,
  { stream, revision, hash }: Checkpoint,
): Promise<void> {
  if (revision < 0) return
  for await (const event of store.readStream(stream, { from: revision, limit: 1 })) {
    if (event.revision === revision && event.hash === hash) return
    throw anotherLedger(models.name, stream, revision, `event ${revision} is another one in the store`)
  }
  throw anotherLedger(models.name, stream, revision, `the store has no event ${revision}`)
}

function anotherLedger(
  readModels: string,
  stream: string,
  revision: number,
  problem: string,
): LedgerError<'read-models-of-another-ledger'> {
  return new LedgerError(
    'read-models-of-another-ledger',
    `${readModels} was made from another ledger: ${problem} (${stream}). Name the store that it was made from, or rebuild it from this one.`,
    { readModels, stream, revision, problem },
  )
}
