/** An event as a client proposes it. */
export type ProposedEvent = {
  readonly id: string
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
}

/** An event in the log. A write without an explicit transaction has one position: commit and prepare are the same. */
export type LogRecord = ProposedEvent & {
  readonly stream: string
  readonly revision: number
  /** Its first byte in the log, so positions are sparse. */
  readonly position: bigint
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** What a record takes in the log beside its names, data and metadata. */
const RECORD_OVERHEAD_BYTES = 101

/** The server's one log, in memory: only ever appended to, with an index by stream. */
export type TransactionLog = {
  readonly records: readonly LogRecord[]
  /** All events that were ever written to a stream, by revision; what is truncated is still among them. */
  stream(name: string): readonly LogRecord[]
  /** The newest event of a stream that has this id. */
  find(stream: string, id: string): LogRecord | undefined
  /** Writes events behind the last one of a stream, at revisions from `firstRevision` on. */
  append(stream: string, events: readonly ProposedEvent[]): readonly LogRecord[]
  /** The index in `records` of the first one behind a position. */
  indexAfter(position: bigint): number
  /** Calls `listener` after each append, until the answer is called. */
  watch(listener: () => void): () => void
}

type Stream = { readonly records: LogRecord[]; readonly byId: Map<string, LogRecord> }

/** A log that starts as a server's does: with events of the system. `now` answers with milliseconds since 1970. */
export function transactionLog(now: () => number = Date.now): TransactionLog {
  const records: LogRecord[] = []
  const streams = new Map<string, Stream>()
  const listeners = new Set<() => void>()
  // The log's first record, an epoch, is no event.
  let end = BigInt(RECORD_OVERHEAD_BYTES)

  function append(name: string, events: readonly ProposedEvent[]): readonly LogRecord[] {
    const stream: Stream = streams.get(name) ?? { records: [], byId: new Map() }
    streams.set(name, stream)
    const written = events.map((event) => {
      const record = { ...event, stream: name, revision: stream.records.length, position: end, createdAt: now() }
      stream.records.push(record)
      stream.byId.set(event.id, record)
      records.push(record)
      end += BigInt(RECORD_OVERHEAD_BYTES + Buffer.byteLength(name) + sizeOf(event))
      return record
    })
    for (const listener of listeners) listener()
    return written
  }

  append('$users', [systemEvent('4d9a1c6e-0000-4000-8000-000000000001', '$User', '"admin"')])
  append('$user-admin', [systemEvent('4d9a1c6e-0000-4000-8000-000000000002', '$UserCreated', '{"loginName":"admin"}')])
  return {
    records,
    stream: (name) => streams.get(name)?.records ?? [],
    find: (name, id) => streams.get(name)?.byId.get(id),
    append,
    indexAfter: (position) => firstIndexAfter(records, position),
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The bytes that the server counts for an event: its type in UTF-16, data and metadata. */
export function sizeOf({ type, data, metadata }: Pick<ProposedEvent, 'type' | 'data' | 'metadata'>): number {
  return 2 * type.length + data.length + metadata.length
}

/** An event that the server itself writes, in JSON. */
export function systemEvent(id: string, type: string, json: string): ProposedEvent {
  return { id, type, contentType: 'application/json', data: Buffer.from(json), metadata: new Uint8Array() }
}

function firstIndexAfter(records: readonly LogRecord[], position: bigint): number {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((records[middle]?.position ?? 0n) > position) high = middle
    else low = middle + 1
  }
  return low
}
