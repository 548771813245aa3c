import { getPostgreSQLEventStore, postgreSQLEventStoreConsumer } from '@event-driven-io/emmett-postgresql'
import { emmettStore } from './emmett-store.js'

export async function open(connectionString) {
  const store = getPostgreSQLEventStore(connectionString)
  await store.schema.migrate()
  let rebuilds = 0
  const readAll = async (apply) => {
    const consumer = postgreSQLEventStoreConsumer({
      connectionString,
      stopWhen: { noMessagesLeft: true },
      pulling: { batchSize: 1_000, pullingFrequencyInMs: 1 },
    })
    consumer.reactor({
      processorId: `rebuild-${rebuilds++}`,
      startFrom: 'BEGINNING',
      eachMessage: ({ data }) => apply({ data }),
    })
    await consumer.start()
    await consumer.close()
  }
  return emmettStore(store, readAll, { close: () => store.close() })
}
