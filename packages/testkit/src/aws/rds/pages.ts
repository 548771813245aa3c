import { AwsError, invalidValue } from '../wire/aws-error.ts'
import type { Form } from '../wire/form.ts'

const SMALLEST_PAGE = 20
const LARGEST_PAGE = 100

/**
 * One page of a listing, in the order of keys, with the marker of the next one. `MaxRecords` is from 20 to 100, by default 100 (RDS API);
 * `limit` makes pages smaller still, so that few things are many pages.
 */
export function pageOf<T>(
  all: readonly T[],
  form: Form,
  keyOf: (one: T) => string,
  limit: number,
): { readonly page: readonly T[]; readonly marker: string | undefined } {
  const asked = form.whole('MaxRecords') ?? LARGEST_PAGE
  if (asked < SMALLEST_PAGE || asked > LARGEST_PAGE)
    throw invalidValue(`Invalid value ${asked} for MaxRecords. Must be between ${SMALLEST_PAGE} and ${LARGEST_PAGE}`)
  const after = decoded(form.text('Marker'))
  const rest = all
    .filter((one) => after === undefined || keyOf(one) > after)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const page = rest.slice(0, Math.min(asked, limit))
  const last = page.at(-1)
  return { page, marker: last === undefined || rest.length === page.length ? undefined : encoded(keyOf(last)) }
}

const MARK = 'after:'

function encoded(key: string): string {
  return Buffer.from(`${MARK}${key}`, 'utf8').toString('base64url')
}

function decoded(marker: string | undefined): string | undefined {
  if (marker === undefined || marker === '') return undefined
  const text = Buffer.from(marker, 'base64url').toString('utf8')
  if (!text.startsWith(MARK)) throw new AwsError('InvalidParameterValue', 'Unable to parse the marker.')
  return text.slice(MARK.length)
}
