import type { LogRecord, TransactionLog } from './transaction-log.ts'

/** `$tb` of a stream that was deleted softly: the highest event number there can be. */
export const DELETED_EVENT_NUMBER = 9_223_372_036_854_775_807n

/** What a stream looks like to those who read it, by its metadata and tombstone. */
export type StreamState = {
  readonly deleted: 'no' | 'soft' | 'hard'
  /** The revision that the next event is put behind; -1 for none. */
  readonly lastRevision: number
  /** The events that are not truncated. */
  readonly visible: readonly LogRecord[]
}

/** The type of the event that ends a stream for good. */
export const TOMBSTONE_TYPE = '$streamDeleted'

/** The name of the stream that holds a stream's metadata. */
export const metadataStream = (stream: string): string => `$$${stream}`

/** The state of one stream: `$tb`, `$maxCount` and `$maxAge` of its newest metadata hide its beginning. */
export function streamState(log: TransactionLog, name: string, now: number = Date.now()): StreamState {
  const records = log.stream(name)
  const lastRevision = records.length - 1
  if (records.at(-1)?.type === TOMBSTONE_TYPE) return { deleted: 'hard', lastRevision, visible: [] }
  const metadata = log.stream(metadataStream(name)).at(-1)
  if (metadata === undefined) return { deleted: 'no', lastRevision, visible: records }
  const text = Buffer.from(metadata.data).toString('utf8')
  if (numberOf(text, '$tb') === DELETED_EVENT_NUMBER) return { deleted: 'soft', lastRevision, visible: [] }
  const maxCount = numberOf(text, '$maxCount')
  const maxAgeSeconds = numberOf(text, '$maxAge')
  const byCount = maxCount === undefined ? 0 : records.length - Number(maxCount)
  const first = Math.max(0, Number(numberOf(text, '$tb') ?? 0n), byCount)
  const oldest = maxAgeSeconds === undefined ? 0 : now - Number(maxAgeSeconds) * 1_000
  return { deleted: 'no', lastRevision, visible: records.slice(first).filter(({ createdAt }) => createdAt >= oldest) }
}

/** A whole number of a JSON object, read from its text because 2^63 - 1 does not survive `JSON.parse`. */
function numberOf(json: string, name: string): bigint | undefined {
  const found = new RegExp(`"\\${name}"\\s*:\\s*(\\d+)`).exec(json)?.[1]
  return found === undefined ? undefined : BigInt(found)
}
