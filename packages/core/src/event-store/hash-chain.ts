import { hash } from 'node:crypto'
import type { EventToAppend } from './envelope.ts'

/**
 * The hash of an event: SHA-256 over its predecessor's hash, its envelope fields and the very text of `data` and `metadata`, each
 * prefixed by its length in UTF-8 bytes so that no two different events feed the same bytes. `position` is left out: the store assigns it.
 */
export function hashEvent(stream: string, revision: number, event: Omit<EventToAppend, 'hash'>): string {
  // Text that is hashed in one call: twice as fast as a hash that is updated field by field.
  return hash(
    'sha256',
    prefixed(event.previousHash) +
      prefixed(stream) +
      prefixed(String(revision)) +
      prefixed(event.id) +
      prefixed(event.type) +
      prefixed(String(event.schemaVersion)) +
      prefixed(event.recordedAt) +
      prefixed(event.data) +
      prefixed(event.metadata),
  )
}

const prefixed = (field: string): string => `${Buffer.byteLength(field)}:${field}`
