import { createHash } from 'node:crypto'
import { canonicalJson } from '../json.ts'
import type { Policies } from './policies.ts'

/** Characters of a digest that tell two policies apart. */
const CHARACTERS = 16

/** Equal for equal policies, whatever the order of their keys: SHA-256 over the canonical text, cut. */
export function policiesDigest(policies: Policies): string {
  // Policies are parsed JSON data; going through their text drops optional fields that are undefined.
  const text = canonicalJson(JSON.parse(JSON.stringify(policies)))
  return createHash('sha256').update(text).digest('hex').slice(0, CHARACTERS)
}
