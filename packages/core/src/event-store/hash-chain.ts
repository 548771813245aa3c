import { createHash } from 'node:crypto'
import type { EventToAppend } from './envelope.ts'

/**
 * The hash of an event: SHA-256 over its predecessor's hash, its envelope fields and the very text of `data` and `metadata`, each
 * prefixed by its length in UTF-8 bytes so that no two different events feed the same bytes. `position` is left out: the store assigns it.
 */
export function hashEvent(stream: string, revision: number, event: Omit<EventToAppend, 'hash'>): string {
  const hash = createHash('sha256')
  for (const field of [
    event.previousHash,
    stream,
    String(revision),
    event.id,
    event.type,
    String(event.schemaVersion),
    event.recordedAt,
    event.data,
    event.metadata,
  ]) {
    hash.update(`${Buffer.byteLength(field)}:`).update(field)
  }
  return hash.digest('hex')
}
