import { canonicalJson, isSecretReference } from '@infraledger/core/adapter'
import type { Fingerprinter, JsonValue } from '@infraledger/core/adapter'

/** Puts a secret reference in place of a value. */
export type Hide = (value: JsonValue) => JsonValue

/**
 * Hides whole values: text by its own fingerprint, so that the same password in two places has the same one; anything else by that of
 * its canonical JSON. Nothing is hidden where there is nothing: null, empty text, empty lists and objects.
 */
export function hideWith(fingerprint: Fingerprinter): Hide {
  return (value) => {
    if (isEmpty(value) || isSecretReference(value)) return value
    return fingerprint(typeof value === 'string' ? value : canonicalJson(value))
  }
}

function isEmpty(value: JsonValue): boolean {
  if (value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
