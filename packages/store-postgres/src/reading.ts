import type { Statement } from './connection.ts'

/**
 * The queries of a store: each reads at most one page, and answers in the same look with where the stream or the store
 * ends: the page's `bound`.
 */
export type Reading = {
  /** Events of one stream with revisions from `from`, inclusive. */
  streamUp(limit: number, stream: string, from: number): Statement
  /** Events of one stream with revisions from `from`, inclusive, down to its first. */
  streamDown(limit: number, stream: string, from: number): Statement
  /** Events of the whole store, or of some types, behind position `after`. */
  all(limit: number, after: bigint, types?: readonly string[]): Statement
  /** The same for who waits for more: where there are none, one row of nulls tells the bound. */
  news(limit: number, after: bigint, types?: readonly string[]): Statement
  /** The last position of the store. */
  lastPosition(): Statement
}

/** The queries on the tables of a schema, which is given quoted. */
export function reading(schema: string): Reading {
  // The functions answer in their order, and nothing here could change it: to sort again would cost a tenth of the whole.
  const up = `
    select (select max(revision) from ${schema}.events where stream = $1), page.*
    from ${schema}.read_stream($1, $2, $3) as page`
  const down = `select null, page.* from ${schema}.read_stream_backwards($1, $2, $3) as page`
  const all = (page: string): string => `select (select position from ${schema}.head), page.* from ${page} as page`
  const news = (page: string): string =>
    `select head.position, page.* from ${schema}.head left join ${page} as page on true order by page.position`
  const onPage =
    (query: (page: string) => string) =>
    (limit: number, after: bigint, types?: readonly string[]): Statement =>
      types === undefined
        ? { text: query(`${schema}.read_all($1, $2)`), values: [after, limit] }
        : { text: query(`${schema}.read_types($1, $2, $3)`), values: [after, limit, [...new Set(types)]] }

  return {
    streamUp: (limit, stream, from) => ({ text: up, values: [stream, from, limit] }),
    streamDown: (limit, stream, from) => ({ text: down, values: [stream, from, limit] }),
    all: onPage(all),
    news: onPage(news),
    lastPosition: () => ({ text: `select position from ${schema}.head` }),
  }
}
