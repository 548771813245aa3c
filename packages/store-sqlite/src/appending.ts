import type { DatabaseSync } from 'node:sqlite'
import { decideAppend } from '@infraledger/core/adapter'
import type { AppendRequest, AppendResult, ExistingEvent, StreamKnowledge } from '@infraledger/core/adapter'

/**
 * Decides on an append and writes it, inside a transaction that its caller has begun. In the usual case, an append on
 * the right revision, it does not look for repeated ids: the table refuses them, with an error that spoils the
 * transaction. Called again with `carefully` it looks first, and refuses as the port says.
 */
export type Appending = (request: AppendRequest, carefully: boolean) => AppendResult

/** Prepares appending on one connection. */
export function appending(database: DatabaseSync): Appending {
  const lookAtEnds = endsOf(database)
  const selectExisting = database.prepare(
    'select id, revision, position, hash from events where stream = ? and id in (select value from json_each(?))',
  )
  const insert = database.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')

  return (request, carefully) => {
    const { stream, events, expected } = request
    const { lastPosition, actual } = lookAtEnds(stream)
    const ids = (): string => JSON.stringify(events.map(({ id }) => id))
    const existing = carefully || actual !== expected ? selectExisting.all(stream, ids()).map(existingEvent) : []
    const decision = decideAppend(request, { actual, existing })
    if (decision.type === 'duplicate') return decision.result

    let position = lastPosition
    let revision = decision.firstRevision - 1
    for (const event of events) {
      const { id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash } = event
      position += 1
      revision += 1
      insert.run(position, stream, revision, id, type, schemaVersion, data, metadata, recordedAt, previousHash, hash)
    }
    return { firstRevision: decision.firstRevision, lastRevision: revision, lastPosition: BigInt(position) }
  }
}

type Ends = Pick<StreamKnowledge, 'actual'> & { readonly lastPosition: number }

/** Where the store and a stream end, in one query. */
function endsOf(database: DatabaseSync): (stream: string) => Ends {
  const select = database.prepare(`
    select (select max(position) from events) as position,
      (select max(revision) from events where stream = ?) as revision`)
  return (stream) => {
    const row = select.get(stream)
    const revision = row?.['revision'] ?? 'none'
    return { lastPosition: Number(row?.['position'] ?? 0), actual: revision === 'none' ? revision : Number(revision) }
  }
}

function existingEvent(row: Record<string, unknown>): ExistingEvent {
  return {
    id: String(row['id']),
    revision: Number(row['revision']),
    position: BigInt(Number(row['position'])),
    hash: String(row['hash']),
  }
}
