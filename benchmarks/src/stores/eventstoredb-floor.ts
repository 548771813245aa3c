import { ANY, EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client'
import type { MeasuredStore } from './measured-store.ts'
import type { WorkEvent } from './workload.ts'

/** The driver alone: events as JSON, and as many requests. No checks, no chain. */
export function eventStoreDbFloor(connectionString: string): MeasuredStore {
  const client = EventStoreDBClient.connectionString`${connectionString}`
  return {
    async append(stream, events, at) {
      const proposed = events.map(({ type, data, metadata }) => jsonEvent({ type, data, metadata }))
      await client.appendToStream(stream, proposed, { expectedRevision: at === 0 ? NO_STREAM : ANY })
    },
    async read(stream, apply) {
      for await (const { event } of client.readStream(stream)) if (event !== undefined) apply({ data: workData(event) })
    },
    async readAll(apply) {
      for await (const { event } of client.readAll())
        if (event?.streamId.startsWith('environment-') === true) apply({ data: workData(event) })
    },
    close: () => client.dispose(),
  }
}

/** What was appended is what is read. */
function workData({ data }: { readonly data: unknown }): WorkEvent['data'] {
  return data as WorkEvent['data']
}
