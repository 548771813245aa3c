import type { DatabaseSync } from 'node:sqlite'
import type { EventPage } from '@infraledger/core/adapter'
import { EVENT_COLUMNS, pageQuery, type PageQuery } from './event-pages.ts'

/** The queries of one connection: each answers with at most one page, in the order of its name. */
export type Reading = {
  /** The last position of the store; 0n when it is empty. */
  lastPosition(): bigint
  /** The last revision of a stream; -1 when it is missing. */
  lastRevision(stream: string): number
  /** Events of one stream with revisions from `from` up to `upTo`, both inclusive. */
  streamUp(limit: number, stream: string, from: number, upTo: number): EventPage
  /** Events of one stream with revisions from `from`, inclusive, down to its first. */
  streamDown(limit: number, stream: string, from: number): EventPage
  /** Events of the whole store, or of some types, behind position `after` and not behind `upTo`. */
  all(limit: number, after: bigint, upTo: bigint, types?: readonly string[]): EventPage
}

/** More types than this are read by scanning; a merge of that many branches would cost more than it saves. */
const MERGED_TYPES = 16

/** Prepares the reads of one connection. */
export function reading(database: DatabaseSync): Reading {
  const select = (where: string): PageQuery =>
    pageQuery(database.prepare(`select ${EVENT_COLUMNS} from events ${where}`))
  const lastPosition = database.prepare('select coalesce(max(position), 0) as last from events')
  const lastRevision = database.prepare('select coalesce(max(revision), -1) as last from events where stream = ?')
  const up = select('where stream = ? and revision between ? and ? order by revision limit ?')
  const down = select('where stream = ? and revision <= ? order by revision desc limit ?')
  const whole = select('where position > ? and position <= ? order by position limit ?')
  const scan = select(
    'where position > ? and position <= ? and +type in (select value from json_each(?)) order by position limit ?',
  )
  const merges = new Map<number, PageQuery>()

  function merge(count: number): PageQuery {
    const known = merges.get(count)
    if (known !== undefined) return known
    // Each branch comes out of the index on types in order of position, so SQLite merges them without sorting and stops
    // at the limit.
    const branch = 'where type = ? and position > ? and position <= ?'
    const branches = Array.from({ length: count }, () => branch).join(` union all select ${EVENT_COLUMNS} from events `)
    const query = select(`${branches} order by position limit ?`)
    merges.set(count, query)
    return query
  }

  return {
    lastPosition: () => BigInt(Number(lastPosition.get()?.['last'])),
    lastRevision: (stream) => Number(lastRevision.get(stream)?.['last']),
    streamUp: (limit, stream, from, upTo) => up(limit, stream, from, upTo),
    streamDown: (limit, stream, from) => down(limit, stream, from),
    all(limit, after, upTo, types) {
      if (types === undefined) return whole(limit, after, upTo)
      const wanted = [...new Set(types)]
      if (wanted.length === 0) return { events: [], last: true }
      if (wanted.length > MERGED_TYPES) return scan(limit, after, upTo, JSON.stringify(wanted))
      return merge(wanted.length)(limit, ...wanted.flatMap((type) => [type, after, upTo]))
    },
  }
}
