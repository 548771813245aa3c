import { environmentOfStream } from '@infraledger/core/adapter'
import type { EventStore } from '@infraledger/core/adapter'
import type { OpenReadModels } from '../read-models.ts'
import { beginnings } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'

/**
 * Every checkpoint, with those of environments that the store has and the tables do not know yet. Reads only how environments began, which a
 * store finds by the type of the event.
 */
export async function discover(models: OpenReadModels, store: EventStore): Promise<readonly Checkpoint[]> {
  const known = await allCheckpoints(models)
  const names = new Set(known.map(({ environment }) => environment))
  const fresh = new Set<string>()
  for await (const { stream } of store.readAll({ types: ['EnvironmentCreated'] })) {
    const name = environmentOfStream(stream)
    if (!names.has(name)) fresh.add(name)
  }
  if (fresh.size === 0) return known
  const rows = [...fresh].flatMap(beginnings)
  await models.transaction((transaction) => transaction.add('checkpoints', rows))
  return allCheckpoints(models)
}

async function allCheckpoints(models: OpenReadModels): Promise<readonly Checkpoint[]> {
  return models.transaction((transaction) => transaction.select('checkpoints', {}))
}
