import { binaryEvent, jsonEvent, type EventData, type JSONType, type ResolvedEvent } from '@eventstore/db-client'
import { LedgerError } from '@infraledger/core/adapter'
import type { EventToAppend, RecordedEvent } from '@infraledger/core/adapter'

/** The version of the wrapper around an event's metadata. */
const WRAPPER_VERSION = 1

/** What servers before 22.6 answer with for the position of an event that is read from its stream. */
const NO_POSITION = 2n ** 64n - 1n

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/

/** An event as the client sends it. */
export type EncodedEvent = {
  readonly event: EventData
  /** What the server counts of it against its `MaxAppendSize`: data, metadata, and the type in UTF-16. */
  readonly bytes: number
}

/**
 * An event as the server keeps it: its own id and type, its data, and around its metadata a wrapper with the rest of
 * the envelope. JSON stays JSON, readable in the server's own tools, where writing it anew gives the very same text;
 * any other text goes as bytes. Throws `input-invalid` for an id that is no UUID in small letters.
 */
export function encodeEvent({ id, type, data, ...envelope }: EventToAppend): EncodedEvent {
  if (!UUID.test(id)) throw notUuid(id)
  // As bytes, which the client sends as they are; and of this very class, which it asks for.
  const metadata = Uint8Array.from(Buffer.from(JSON.stringify(wrapper(envelope))))
  const bytes = Buffer.byteLength(data) + metadata.length + 2 * type.length
  const json = reproducible(data)
  if (json === undefined) return { event: binaryEvent({ id, type, data: Buffer.from(data), metadata }), bytes }
  // The client takes any JSON value, though its types leave out numbers, booleans and null.
  return { event: jsonEvent({ id, type, data: json.value as JSONType, metadata }), bytes }
}

type Wrapper = {
  readonly infraledger: number
  readonly schemaVersion: number
  readonly recordedAt: string
  readonly previousHash: string
  readonly hash: string
} & ({ readonly metadata: unknown } | { readonly metadataText: string })

type Envelope = Omit<EventToAppend, 'id' | 'type' | 'data'>

function wrapper({ schemaVersion, recordedAt, previousHash, hash, metadata }: Envelope): Wrapper {
  const fields = { infraledger: WRAPPER_VERSION, schemaVersion, recordedAt, previousHash, hash }
  const parsed = reproducible(metadata)
  return parsed === undefined ? { ...fields, metadataText: metadata } : { ...fields, metadata: parsed.value }
}

/** The value of a JSON text, if it can be written as that text again. */
function reproducible(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? { value } : undefined
  } catch {
    return undefined
  }
}

/**
 * An event as it came from the server, where `streamPrefix` begins its stream's name. Throws `store-foreign` when we
 * did not write it, `store-newer-than-library` when a newer version did.
 */
export function decodeEvent({ event }: ResolvedEvent, streamPrefix: string, store: string): RecordedEvent {
  if (event === undefined) throw foreign(store, 'an event that is not there any more', 'is named by a link')
  const stream = event.streamId.slice(streamPrefix.length)
  const place = `event ${event.revision} of stream ${event.streamId}`
  const wrapped: unknown = event.metadata
  if (!isWrapper(wrapped)) throw foreign(store, place, `(${event.type}) was not written by Infraledger`)
  if (wrapped.infraledger > WRAPPER_VERSION) throw newer(store, place, wrapped.infraledger)
  const position = event.position?.commit ?? NO_POSITION
  if (position === NO_POSITION) throw tooOld(store)
  const { schemaVersion, recordedAt, previousHash, hash } = wrapped
  return {
    id: event.id,
    stream,
    revision: Number(event.revision),
    position,
    type: event.type,
    schemaVersion,
    data: event.data instanceof Uint8Array ? Buffer.from(event.data).toString('utf8') : JSON.stringify(event.data),
    metadata: 'metadataText' in wrapped ? wrapped.metadataText : JSON.stringify(wrapped.metadata),
    recordedAt,
    previousHash,
    hash,
  }
}

function isWrapper(value: unknown): value is Wrapper {
  if (typeof value !== 'object' || value === null) return false
  const fields: Record<string, unknown> = { ...value }
  const texts = [fields['recordedAt'], fields['previousHash'], fields['hash']]
  const text = 'metadataText' in fields ? typeof fields['metadataText'] === 'string' : 'metadata' in fields
  const numbers = [fields['infraledger'], fields['schemaVersion']]
  return text && texts.every((field) => typeof field === 'string') && numbers.every(Number.isSafeInteger)
}

function notUuid(id: string): LedgerError<'input-invalid'> {
  const problem = 'is not a UUID in lower case'
  const message = `The append is not valid: id "${id}" ${problem}, as which EventStoreDB keeps it.`
  return new LedgerError('input-invalid', message, { what: 'append', issues: [{ path: 'id', problem }] })
}

function foreign(store: string, place: string, what: string): LedgerError<'store-foreign'> {
  const problem = `${place} ${what}`
  const message = `${store} holds what is not ours: ${problem}. Give the ledger a streamPrefix that nobody else uses.`
  return new LedgerError('store-foreign', message, { store, problem })
}

function newer(store: string, place: string, version: number): LedgerError<'store-newer-than-library'> {
  const known = `this version knows ${WRAPPER_VERSION}`
  const message = `In ${store}, ${place} has format ${version}; ${known}. Update @infraledger/store-eventstoredb.`
  return new LedgerError('store-newer-than-library', message, { store, version, supported: WRAPPER_VERSION })
}

function tooOld(store: string): LedgerError<'store-unavailable'> {
  const message = `${store} gives no positions to the events of a stream. It must be EventStoreDB 23.10 or newer.`
  return new LedgerError('store-unavailable', message, { store, appended: 'no' })
}
