import { randomUUID } from 'node:crypto'
import { binaryEvent, jsonEvent, type EventData, type ResolvedEvent } from '@eventstore/db-client'
import type { Snapshot } from '@infraledger/core/adapter'
import { packIds, unpackIds } from './packed-ids.ts'

/** What the names of the streams with snapshots begin with, before the name of the stream that they are of. */
export const SNAPSHOTS_PREFIX = 'infraledger_snapshots-'

/** The data of the event that completes a snapshot; its chunks hold the state, and behind it the ids of the stream. */
export type SnapshotHeader = Omit<Snapshot, 'stream' | 'state'> & {
  readonly chunks: number
  readonly stateBytes: number
}

const CHUNK = 'SnapshotChunk'
const SAVED = 'SnapshotSaved'

/**
 * A snapshot as events, in the appends that they are written with: chunks of at most so many bytes, and with the last
 * one the event that completes them.
 */
export function snapshotAppends(snapshot: Snapshot, ids: readonly string[], chunkBytes: number): EventData[][] {
  const { revision, hash, foldVersion } = snapshot
  const state = Buffer.from(snapshot.state)
  const content = Buffer.concat([state, packIds(ids)])
  const chunks = Math.max(1, Math.ceil(content.length / chunkBytes))
  const header: SnapshotHeader = { revision, hash, foldVersion, chunks, stateBytes: state.length }
  const appends: EventData[][] = Array.from({ length: chunks }, (_, index) => {
    const data = content.subarray(index * chunkBytes, (index + 1) * chunkBytes)
    return [binaryEvent({ id: randomUUID(), type: CHUNK, data })]
  })
  appends.at(-1)?.push(jsonEvent({ id: randomUUID(), type: SAVED, data: { ...header } }))
  return appends
}

/** What an event says of the snapshot that it completes; undefined for any other event. */
export function snapshotHeader({ event }: ResolvedEvent): SnapshotHeader | undefined {
  if (event?.type !== SAVED || !event.isJson) return undefined
  const data: unknown = event.data
  return isHeader(data) ? data : undefined
}

/** The bytes of a chunk; none for any other event. */
export function chunkContent({ event }: ResolvedEvent): Uint8Array {
  return event?.type === CHUNK && event.data instanceof Uint8Array ? event.data : new Uint8Array()
}

/** Puts a snapshot together from its chunks; undefined when they are not whole. */
export function assembled(
  stream: string,
  header: SnapshotHeader,
  chunks: readonly Uint8Array[],
): { readonly snapshot: Snapshot; readonly ids: readonly string[] } | undefined {
  const content = Buffer.concat(chunks)
  if (chunks.length !== header.chunks || content.length < header.stateBytes) return undefined
  const { revision, hash, foldVersion, stateBytes } = header
  const state = content.toString('utf8', 0, stateBytes)
  const ids = unpackIds(content.subarray(stateBytes))
  return { snapshot: { stream, revision, hash, foldVersion, state }, ids: ids.length === revision + 1 ? ids : [] }
}

function isHeader(value: unknown): value is SnapshotHeader {
  if (typeof value !== 'object' || value === null) return false
  const fields: Record<string, unknown> = { ...value }
  const numbers = ['revision', 'foldVersion', 'chunks', 'stateBytes'].map((name) => fields[name])
  return numbers.every(Number.isSafeInteger) && typeof fields['hash'] === 'string'
}
