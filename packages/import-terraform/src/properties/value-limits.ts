import { LedgerError } from '@infraledger/core/adapter'
import type { JsonValue, Properties } from '@infraledger/core/adapter'
import { STATE_LIMITS } from '../limits.ts'
import type { Attributes } from '../state/attributes.ts'
import { invalidState, stateName } from '../state/state-error.ts'

/**
 * Refuses attributes that no ledger could hold: nested too deep, or numbers beyond a double's range.
 *
 * @throws LedgerError `input-invalid` naming address and attribute
 */
export function checkAttributes(attributes: Attributes, address: string, name: string): void {
  for (const [attribute, value] of Object.entries(attributes)) {
    const problem = problemOf(value, STATE_LIMITS.valueDepth)
    if (problem !== undefined) {
      throw invalidState(
        name,
        [{ path: `${address}.${attribute}`, problem }],
        'Leave this resource out of the state, or open an issue',
      )
    }
  }
}

/** Why no ledger could hold a value: nested deeper than this, or a number beyond a double's range. */
export function problemOf(value: JsonValue, depth: number): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'a number beyond what JSON readers hold'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth === 0) return `nested deeper than ${STATE_LIMITS.valueDepth} levels`
  for (const member of Object.values(value)) {
    const problem = problemOf(member, depth - 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

/**
 * Refuses values that are larger than a ledger keeps.
 *
 * @throws LedgerError `property-value-too-large` naming address and property
 */
export function checkValueSizes(properties: Properties, address: string, name: string): void {
  for (const [property, value] of Object.entries(properties)) {
    const bytes = sizeOf(value)
    if (bytes <= STATE_LIMITS.valueBytes) continue
    throw new LedgerError(
      'property-value-too-large',
      `${stateName(name)}: ${property} of ${address} has ${bytes} bytes, more than the ${STATE_LIMITS.valueBytes} that a ledger keeps of one value. ` +
        'Keep it in a bucket or file, have Terraform refer to it, and import the state after that',
      { property: `${address}.${property}`, bytes, limitBytes: STATE_LIMITS.valueBytes },
    )
  }
}

/** Bytes of a value as JSON; 0 where they cannot be too many. */
export function sizeOf(value: JsonValue): number {
  // No text of this length can be too large: JSON escapes a character to six bytes at most.
  if (typeof value === 'string' && value.length * 6 < STATE_LIMITS.valueBytes) return 0
  return typeof value === 'object' || typeof value === 'string' ? Buffer.byteLength(JSON.stringify(value)) : 0
}
