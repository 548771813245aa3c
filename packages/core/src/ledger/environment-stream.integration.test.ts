import { expect, test } from 'vitest'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { environmentAccess } from './environment-access.ts'
import { ada } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import { ledgerServices } from './services.ts'

const thing = (index: number) => ({
  source: { type: 'test', name: `import-${index}`, digest: `d${index}`, lineage: `lineage-${index % 7}` },
  nodes: [{ address: 'a', kind: 'thing', key: `n${index % 7}`, properties: { value: index } }],
  edges: [],
})

test('LEDGER 1: reads that overlap commands fold every event once', async () => {
  const store = inMemoryEventStore()
  const ledger = openLedger({ store })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) =>
      Promise.all([prod.import(thing(index), ada), prod.graph(), prod.describe()]),
    ),
  )
  const reopened = openLedger({ store }).environment('prod')
  expect((await prod.graph()).toJSON()).toEqual((await reopened.graph()).toJSON())
  for (const { id } of (await prod.graph()).nodes()) expect(await prod.history(id)).toEqual(await reopened.history(id))
})

test('LEDGER 2: commands of several processes on one environment are all decided on what the others wrote', async () => {
  const store = inMemoryEventStore()
  await openLedger({ store }).createEnvironment({ name: 'prod', type: 'development' }, ada)
  const processes = Array.from({ length: 4 }, () => openLedger({ store }))
  await Promise.all(
    processes.flatMap((ledger, process) =>
      Array.from({ length: 15 }, (_, index) => ledger.environment('prod').import(thing(process * 15 + index), ada)),
    ),
  )
  const graphs = await Promise.all(processes.map(async (ledger) => (await ledger.environment('prod').graph()).toJSON()))
  for (const graph of graphs) expect(graph).toEqual(graphs[0])
  expect(await processes[0]?.verify()).toMatchObject({ intact: true })
})

test('LEDGER 3: a state from a snapshot decides and answers as a whole replay does, and loads older history when asked', async () => {
  const store = inMemoryEventStore()
  const ledger = openLedger({ store })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)
  for (let round = 0; round < 6; round++) {
    const nodes = Array.from({ length: 900 }, (_, index) => ({
      address: `a${index}`,
      kind: 'thing',
      key: `n${index}`,
      properties: { value: round },
    }))
    await prod.import(
      {
        source: { type: 'test', name: 'big', digest: `big-${round}`, lineage: 'big', serial: round },
        nodes,
        edges: [],
      },
      ada,
    )
  }
  await prod.graph()
  expect(await store.loadSnapshot('environment-prod')).toMatchObject({ foldVersion: expect.any(Number) })
  const cold = openLedger({ store }).environment('prod')
  expect((await cold.graph()).toJSON()).toEqual((await prod.graph()).toJSON())
  expect((await cold.graph({ at: 2 })).node('thing/n5')?.properties).toEqual({ value: 1 })
  expect(await cold.history('thing/n5')).toHaveLength(6)
  expect((await cold.diff({ from: 0, to: 1 })).nodes).toHaveLength(900)
})

test('LEDGER 4: unknown events are kept and named: reads work, commands are refused', async () => {
  const store = inMemoryEventStore()
  const services = ledgerServices({ store })
  const ledger = openLedger({ store })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)
  await prod.import(thing(1), ada)
  const { stream } = environmentAccess('prod', services)
  await stream.catchUp()
  const { hashEvent } = await import('../event-store/hash-chain.ts')
  const later = {
    id: services.newId(),
    type: 'QuantumEntangled',
    schemaVersion: 1,
    data: '{}',
    metadata: JSON.stringify({ actor: ada.actor, recordedAt: stream.head.recordedAt, correlationId: 'c' }),
    recordedAt: stream.head.recordedAt,
    previousHash: stream.head.hash,
  }
  await store.append(
    'environment-prod',
    [{ ...later, hash: hashEvent('environment-prod', stream.head.revision + 1, later) }],
    stream.head.revision,
  )
  const old = openLedger({ store }).environment('prod')
  expect((await old.graph()).node('thing/n1')?.properties).toEqual({ value: 1 })
  await expect(old.import(thing(2), ada)).rejects.toMatchObject({
    code: 'ledger-newer-than-library',
    details: { types: ['QuantumEntangled'] },
  })
})

test('LEDGER 5: an environment that was never created is refused with the closest names', async () => {
  const ledger = openLedger({ store: inMemoryEventStore() })
  await ledger.createEnvironment({ name: 'staging', type: 'development' }, ada)
  await expect(ledger.environment('stagng').graph()).rejects.toMatchObject({
    code: 'environment-not-found',
    details: { closest: ['staging'] },
  })
})
