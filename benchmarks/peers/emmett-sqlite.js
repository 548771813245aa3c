import { DatabaseSync } from 'node:sqlite'
import { getSQLiteEventStore } from '@event-driven-io/emmett-sqlite'
import { emmettStore } from './emmett-store.js'

const TRIES = 20
const FILLED = 100_000

export async function open(fileName) {
  // Emmett turns the write-ahead log on in each new connection, waits for nothing, and ends the process where that meets a transaction.
  // Where it is on already, nothing can go wrong.
  const database = new DatabaseSync(fileName)
  database.exec('pragma journal_mode = wal')
  database.close()
  const store = getSQLiteEventStore({ schema: { autoMigration: 'CreateOrUpdate' }, fileName })
  let rebuilds = 0
  const readAll = async (apply) => {
    let read = 0
    const consumer = store.consumer({ pulling: { batchSize: 1_000, pullingFrequencyInMs: 1 } })
    const options = {
      processorId: `rebuild-${rebuilds++}`,
      startFrom: 'BEGINNING',
      eachMessage({ data }) {
        read += 1
        apply({ data })
      },
      stopAfter: () => read >= FILLED,
    }
    ;(consumer.processor ?? consumer.reactor).call(consumer, options)
    await consumer.start()
    await consumer.close()
  }
  return emmettStore(store, readAll, { append: retried })
}

/** Now and then an append fails with SQLITE_BUSY although nobody else has the file; it is made again, as a user would have to. */
async function retried(work) {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (error?.code !== 'SQLITE_BUSY' || tries >= TRIES) throw error
    }
  }
}
