import { createHash } from 'node:crypto'
import { keyOf } from '../graph/ids.ts'
import type { LedgerOptions } from './options.ts'

/** RDS and Cloud SQL allow 63 characters or more; buckets 63. */
const LONGEST = 63

/** The default name of a created resource: lower case letters, digits and hyphens, unique for what was cut off. */
export const defaultResourceName: NonNullable<LedgerOptions['nameResource']> = ({ environment, node, incarnation }) => {
  const wanted = `${environment}-${keyOf(node)}${incarnation > 1 ? `-${incarnation}` : ''}`
  const name = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
  if (name.length <= LONGEST && name.length > 0) return name
  const digest = createHash('sha256').update(wanted).digest('hex').slice(0, 8)
  return `${name.slice(0, LONGEST - digest.length - 1) || 'r'}-${digest}`
}
