/** A process that appends until it is killed, from several callers at once, and says each acknowledged id: `file`. */
import { writeSync } from 'node:fs'
import { collect, streamWriter } from '@infraledger/testkit'
import { sqliteEventStore } from './sqlite-event-store.ts'

const [, , file = ''] = process.argv
const store = sqliteEventStore({ file })
await Promise.all([1, 2, 3].map((caller) => appendForEver(`environment-${caller}`, caller)))

async function appendForEver(stream: string, events: number): Promise<void> {
  const [end] = await collect(store.readStream(stream, { backwards: true, limit: 1 }))
  for (const writer = streamWriter(stream, end); ;) {
    const acknowledged = await writer.append(store, events)
    writeSync(1, acknowledged.events.map(({ id }) => `${id}\n`).join(''))
  }
}
