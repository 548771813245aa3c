import type { Statement } from './connection.ts'

/**
 * The queries of a store: each reads at most one page, and answers in the same look with where the stream (`streamUp`)
 * or the store (`all`) ends: the page's `bound`.
 */
export type Reading = {
  /** Events of one stream with revisions from `from`, inclusive. */
  streamUp(limit: number, stream: string, from: number): Statement
  /** Events of one stream with revisions from `from`, inclusive, down to its first. */
  streamDown(limit: number, stream: string, from: number): Statement
  /** Events of the whole store, or of some types, behind position `after`; one row of nulls where there are none. */
  all(limit: number, after: bigint, types?: readonly string[]): Statement
  /** The last position of the store. */
  lastPosition(): Statement
}

/** The queries on the tables of a schema, which is given quoted. */
export function reading(schema: string): Reading {
  const up = `
    select (select max(revision) from ${schema}.events where stream = $1), page.*
    from ${schema}.read_stream($1, $2, $3) as page order by page.revision`
  const down = `
    select null, page.* from ${schema}.read_stream_backwards($1, $2, $3) as page order by page.revision desc`
  const all = (page: string): string =>
    `select head.position, page.* from ${schema}.head left join ${page} as page on true order by page.position`
  const whole = all(`${schema}.read_all($1, $2)`)
  const ofTypes = all(`${schema}.read_types($1, $2, $3)`)

  return {
    streamUp: (limit, stream, from) => ({ text: up, values: [stream, from, limit] }),
    streamDown: (limit, stream, from) => ({ text: down, values: [stream, from, limit] }),
    all: (limit, after, types) =>
      types === undefined
        ? { text: whole, values: [after, limit] }
        : { text: ofTypes, values: [after, limit, [...new Set(types)]] },
    lastPosition: () => ({ text: `select position from ${schema}.head` }),
  }
}
