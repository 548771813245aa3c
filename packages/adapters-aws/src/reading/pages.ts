import type { Filter } from '@aws-sdk/client-rds'
import type { AwsClients } from '../session/clients.ts'
import type { AwsSession, CallOptions } from '../session/session.ts'

/** RDS gives 100 records in a page at most (RDS API, `MaxRecords`): 10,000 instances are 100 calls. */
const RECORDS_PER_PAGE = 100

/** Pages of one listing at most: far above what an account's quotas allow, so that a server whose markers go round ends somewhere. */
const PAGES_AT_MOST = 10_000

/** What RDS gives as a page. */
type MarkedPage<T> = { readonly items: readonly T[]; readonly marker: string | undefined }

/** All pages of a listing, one after the other, for as long as there is a marker. */
async function* markedPages<T>(
  read: (marker: { Marker?: string }) => Promise<MarkedPage<T>>,
): AsyncGenerator<readonly T[]> {
  let marker: string | undefined
  for (let page = 0; page < PAGES_AT_MOST; page += 1) {
    const { items, marker: next } = await read(marker === undefined ? {} : { Marker: marker })
    yield items
    if (next === undefined || next === '' || next === marker) return
    marker = next
  }
}

/** One page of a Describe operation, as `command` asks for it. */
export type PageCall<T> = (
  client: AwsClients['rds'],
  page: { readonly MaxRecords: number; readonly Marker?: string },
  signal: { abortSignal?: AbortSignal },
) => Promise<MarkedPage<T>>

/** Everything that a Describe operation of RDS gives in a region, in pages as large as RDS makes them. */
export function describedPages<T>(
  session: AwsSession,
  region: string,
  operation: string,
  call: PageCall<T>,
  options: CallOptions,
): AsyncGenerator<readonly T[]> {
  return markedPages((marker) =>
    session.rds(
      region,
      operation,
      (client, signal) => call(client, { MaxRecords: RECORDS_PER_PAGE, ...marker }, signal),
      options,
    ),
  )
}

/** Filters as the input of a call has them: none at all where there are none. */
export function filtered(filters: readonly Filter[]): { Filters?: Filter[] } {
  return filters.length === 0 ? {} : { Filters: [...filters] }
}
