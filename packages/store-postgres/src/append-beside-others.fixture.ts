/** A process that appends to a stream of its own and to one that it shares: `url schema name rounds`. */
import { isLedgerError } from '@infraledger/core/adapter'
import { collect, streamWriter } from '@infraledger/testkit'
import { postgresEventStore } from './postgres-event-store.ts'

const [, , connectionString = '', schema = '', name = '', rounds = '0'] = process.argv
const store = postgresEventStore({ connectionString, schema })
await store.migrate()
const own = streamWriter(`own-${name}`)
for (let round = 0; round < Number(rounds); round++) {
  const acknowledged = await Promise.all([own.append(store, 2), appendShared()])
  process.stdout.write(acknowledged[0].events.map(({ id }) => `${id}\n`).join(''))
}
await store.close()

/** Reads the end of the shared stream and appends to it, again and again until no one else was faster. */
async function appendShared(): Promise<void> {
  for (;;) {
    const [end] = await collect(store.readStream('shared', { backwards: true, limit: 1 }))
    try {
      await streamWriter('shared', end).append(store, [{ type: name }])
      return
    } catch (error) {
      if (!isLedgerError(error, 'append-conflict')) throw error
    }
  }
}
