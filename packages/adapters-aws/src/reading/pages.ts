/** Pages of one listing at most: far above what an account's quotas allow, so that a server whose markers go round ends somewhere. */
const PAGES_AT_MOST = 10_000

/** What RDS gives as a page. */
export type MarkedPage<T> = { readonly items: readonly T[]; readonly marker: string | undefined }

/** All pages of a listing, one after the other, for as long as there is a marker. */
export async function* markedPages<T>(
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
