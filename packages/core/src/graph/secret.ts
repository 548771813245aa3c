import { createHmac } from 'node:crypto'
import type { JsonValue } from '../json.ts'

/**
 * What the ledger keeps of a secret value: where it lives (if somewhere) and a keyed fingerprint, with which two readings can be
 * compared without knowing the value. `fingerprint` is left out where no key is configured.
 */
export type SecretReference = {
  readonly $secret: { readonly keyId?: string; readonly fingerprint?: string; readonly reference?: string }
}

/** Turns a secret value into what may be stored of it. */
export type Fingerprinter = (value: string) => SecretReference

/**
 * Fingerprints with HMAC-SHA256. The key lives outside the ledger; its id is recorded, because fingerprints made under different keys
 * cannot be compared.
 */
export function hmacFingerprinter(options: { keyId: string; key: Uint8Array }): Fingerprinter {
  return (value) => ({
    $secret: { keyId: options.keyId, fingerprint: createHmac('sha256', options.key).update(value).digest('hex') },
  })
}

/** Keeps nothing of the value: for ledgers without a fingerprint key. Whether such a secret changed is unknown. */
export const withoutFingerprint: Fingerprinter = () => ({ $secret: {} })

/** Tells whether a property value is a reference to a secret. */
export function isSecretReference(value: JsonValue | undefined): value is SecretReference {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '$secret')
}

/** Whether two references stand for the same value; `unknown` under different keys or without fingerprints. */
export function compareSecrets(a: SecretReference, b: SecretReference): 'same' | 'different' | 'unknown' {
  const [left, right] = [a.$secret, b.$secret]
  if (left.fingerprint === undefined || right.fingerprint === undefined || left.keyId !== right.keyId) return 'unknown'
  return left.fingerprint === right.fingerprint ? 'same' : 'different'
}
