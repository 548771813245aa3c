import { randomUUID } from 'node:crypto'
import { GENESIS_HASH, hashEvent } from '@infraledger/core/adapter'
import type { EventStore, EventToAppend } from '@infraledger/core/adapter'
import type { MeasuredStore } from './measured-store.ts'
import type { WorkEvent } from './workload.ts'

/** One of our stores, used as the ledger uses it: events are chained by their hashes on the way in. */
export function infraledgerStore(store: EventStore): MeasuredStore {
  const heads = new Map<string, string>()

  function chained(stream: string, events: readonly WorkEvent[], at: number): readonly EventToAppend[] {
    let previousHash = heads.get(stream) ?? GENESIS_HASH
    const encoded = events.map((event, index) => {
      const unchained = {
        id: randomUUID(),
        type: event.type,
        schemaVersion: 1,
        data: JSON.stringify(event.data),
        metadata: JSON.stringify(event.metadata),
        recordedAt: event.metadata.recordedAt,
        previousHash,
      }
      previousHash = hashEvent(stream, at + index, unchained)
      return { ...unchained, hash: previousHash }
    })
    heads.set(stream, previousHash)
    return encoded
  }

  return {
    async append(stream, events, at) {
      await store.append(stream, chained(stream, events, at), at === 0 ? 'none' : at - 1)
    },
    async read(stream, apply) {
      for await (const { data } of store.readStream(stream)) apply({ data: JSON.parse(data) })
    },
    async readAll(apply) {
      for await (const { data } of store.readAll()) apply({ data: JSON.parse(data) })
    },
    close: () => store.close(),
  }
}
