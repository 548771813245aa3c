import type { Statement } from './connections.ts'
import { pageQuery } from './event-pages.ts'

/**
 * The queries of a store: each reads at most one page. The first one of a read is told the end by the server (the
 * page's `bound`) in the same look, and the later ones stop there.
 */
export type Reading = {
  /** Events of one stream with revisions from `from` up to `upTo`, both inclusive. Bound: the stream's last revision. */
  streamUp(limit: number, stream: string, from: number, upTo: string | undefined): Statement
  /** Events of one stream with revisions from `from`, inclusive, down to its first. */
  streamDown(limit: number, stream: string, from: number): Statement
  /**
   * Events of the whole store, or of some types, behind position `after` and not behind `upTo`. Bound: the store's last
   * position, in a row that is there even without events.
   */
  all(limit: number, after: bigint, upTo: string | undefined, types?: readonly string[]): Statement
  /** The last position of the store. */
  lastPosition(): Statement
}

/** More types than this are read by scanning; a merge of that many branches would cost more than it saves. */
const MERGED_TYPES = 16

/** The largest integer of eight bytes: no bound. */
const NO_BOUND = String(2n ** 63n - 1n)

/** The queries on the tables of a schema, which is given quoted. */
export function reading(schema: string): Reading {
  const events = `${schema}.events`
  const up = `
    select (select max(revision) from ${events} where stream = $1), page.*
    from (${pageQuery(`${events} where stream = $1 and revision between $2 and $3`, 'revision', '$4')}) as page
    order by revision`
  const down = `
    select null, page.*
    from (${pageQuery(`${events} where stream = $1 and revision <= $2`, 'revision desc', '$3')}) as page
    order by revision desc`
  const all = (source: string): string => `
    select head.position, page.*
    from ${schema}.head left join (${pageQuery(source, 'position', '$3')}) as page on true
    order by page.position`
  const behind = 'position > $1 and position <= $2'
  const whole = all(`${events} where ${behind}`)
  const scan = all(`${events} where ${behind} and type = any ($4)`)
  const merges = new Map<number, string>()

  function merge(count: number): string {
    const known = merges.get(count)
    if (known !== undefined) return known
    // Each branch comes out of the index on types in order of position, so they are merged without sorting, and only as
    // far as the limit.
    const branches = Array.from(
      { length: count },
      (_, index) => `select * from ${events} where type = $${index + 4} and ${behind}`,
    )
    const query = all(`(${branches.join(' union all ')}) as of_types`)
    merges.set(count, query)
    return query
  }

  return {
    streamUp: (limit, stream, from, upTo = NO_BOUND) => ({ text: up, values: [stream, from, upTo, limit] }),
    streamDown: (limit, stream, from) => ({ text: down, values: [stream, from, limit] }),
    all(limit, after, upTo = NO_BOUND, types) {
      const values = [after, upTo, limit]
      if (types === undefined) return { text: whole, values }
      const wanted = [...new Set(types)]
      if (wanted.length === 0 || wanted.length > MERGED_TYPES) return { text: scan, values: [...values, wanted] }
      return { text: merge(wanted.length), values: [...values, ...wanted] }
    },
    lastPosition: () => ({ text: `select position from ${schema}.head` }),
  }
}
