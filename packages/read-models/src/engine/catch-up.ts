import type { EventStore, RecordedEvent } from '@infraledger/core/adapter'
import type { OpenReadModels } from '../read-models.ts'
import { advance, checkpointOf } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'

/** Events that one transaction takes in at most, and about how much of their text. */
const BATCH = { events: 2_000, characters: 8 * 1024 * 1024 } as const

/** What catching up needs, and whom it tells. */
export type CatchUpOptions = {
  readonly store: EventStore
  readonly models: OpenReadModels
  /** Asked before each batch: whether to go on. */
  readonly isWanted: () => boolean
  readonly advanced: (checkpoint: Checkpoint, events: number) => void
}

/**
 * Projects what a stream has beyond its checkpoint, batch by batch, and answers where it is then. Another process that projects the same
 * stream does no harm: whoever is second goes on from where the first one is.
 */
export async function catchUp(from: Checkpoint, options: CatchUpOptions): Promise<Checkpoint> {
  const { store, models, isWanted, advanced } = options
  let checkpoint = from
  reading: while (isWanted()) {
    for await (const batch of batches(store.readStream(checkpoint.stream, { from: checkpoint.revision + 1 }))) {
      const next = await advance(models, checkpoint, batch)
      if (next === undefined) {
        checkpoint = await checkpointOf(models, checkpoint)
        continue reading
      }
      checkpoint = next
      advanced(checkpoint, batch.length)
      if (!isWanted()) return checkpoint
    }
    return checkpoint
  }
  return checkpoint
}

async function* batches(events: AsyncIterable<RecordedEvent>): AsyncGenerator<readonly RecordedEvent[]> {
  let [batch, characters]: [RecordedEvent[], number] = [[], 0]
  for await (const event of events) {
    batch.push(event)
    characters += event.data.length + event.metadata.length
    if (batch.length < BATCH.events && characters < BATCH.characters) continue
    yield batch
    batch = []
    characters = 0
  }
  if (batch.length > 0) yield batch
}
