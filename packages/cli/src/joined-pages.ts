import { createHash } from 'node:crypto'
import type { RecordedReading } from '@infraledger/core'
import { refKey } from '@infraledger/core/adapter'

/**
 * Puts the pages of one listing together: an answer that says that there is more, and the one given behind it, as long as no resource
 * comes twice and all are of one account and region. Alone, the last page would look like a whole listing of which everything before is missing.
 */
export function joinedPages(readings: readonly RecordedReading[]): readonly RecordedReading[] {
  const joined: RecordedReading[] = []
  for (const reading of readings) {
    const before = joined.at(-1)
    if (before !== undefined && isNextPage(before, reading)) joined.splice(-1, 1, join(before, reading))
    else joined.push(reading)
  }
  return joined
}

function isNextPage(before: RecordedReading, next: RecordedReading): boolean {
  if (before.complete || targetOf(before) !== targetOf(next)) return false
  const known = new Set(before.observations.map(({ ref }) => refKey(ref)))
  return next.observations.every(({ ref }) => !known.has(refKey(ref)))
}

/** A listing is of one account and region. */
function targetOf({ observations }: RecordedReading): string {
  const { provider, account, region } = observations[0]?.ref ?? {}
  return JSON.stringify([provider, account, region])
}

function join(before: RecordedReading, next: RecordedReading): RecordedReading {
  const observedAt = before.observedAt ?? next.observedAt
  const digest = createHash('sha256').update(before.source.digest).update(next.source.digest).digest('hex')
  return {
    // Names of a source have a limit; the first page says enough.
    source: { name: `${before.source.name.replace(/ and following$/, '')} and following`, digest },
    ...(observedAt === undefined ? {} : { observedAt }),
    complete: next.complete,
    observations: [...before.observations, ...next.observations],
  }
}
