import { recordingTelemetry } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import { eventSchemas } from '../environment/catalogue.ts'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import type { EventToAppend } from '../event-store/envelope.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { collected, eventsOf } from './export.fixture.ts'
import { ada, grace, rollout, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import { restoreLedger } from './restore-ledger.ts'

test('LEAVE 2: every type of event goes out and comes in again with its very text and its hash, with the trace and all else in its metadata', async () => {
  const store = inMemoryEventStore()
  const stream = 'environment-prod'
  const recordedAt = '2027-01-05T09:00:00.000Z'
  const metadata = JSON.stringify({
    actor: { type: 'user', id: 'ada', assurance: 'authenticated' },
    recordedAt,
    effectiveAt: '2026-12-24T00:00:00.000Z',
    correlationId: 'ticket-4711',
    causationId: 'e0',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    later: { fields: ['are', 'kept'] },
  })
  const events: EventToAppend[] = []
  for (const [index, type] of [...Object.keys(eventSchemas), 'ThingOfTomorrow'].entries()) {
    const previousHash = events.at(-1)?.hash ?? GENESIS_HASH
    const data = JSON.stringify({ node: `thing/${index}`, text: 'ä\u2028"\\', number: 1e21 })
    const event = { id: `e${index}`, type, schemaVersion: 1, data, metadata, recordedAt, previousHash }
    events.push({ ...event, hash: hashEvent(stream, index, event) })
  }
  await store.append(stream, events, 'none')
  const copy = inMemoryEventStore()
  const report = await restoreLedger(openLedger({ store }).export(), copy)
  expect(report).toMatchObject({ events: events.length, restored: events.length })
  expect(await eventsOf(copy)).toEqual(await eventsOf(store))
  expect(await openLedger({ store: copy }).verify()).toEqual(await openLedger({ store }).verify())
  expect(await openLedger({ store: copy }).verify()).toMatchObject({ intact: true, events: events.length })
})

test('LEAVE 2: a ledger that has planned, deployed, failed, drifted, imported and removed answers the same after a restoration, and goes on', async () => {
  const { ledger, prod, cloud, store, deploy, executor } = await world({ telemetry: recordingTelemetry() })
  await deploy(shop)
  await prod.requestChange({ node: 'bucket/receipts', set: { versioning: false }, reason: 'cost' }, grace)
  cloud.console('linus').modify('sql-instance/prod-main', { 'backup.retentionDays': 1 })
  cloud.console('linus').create('bucket', 'archive')
  await prod.reconcile()
  const fault = cloud.faults.refuse({ operation: 'update', kind: 'service' })
  await deploy(rollout('checkout@sha256:2')).catch(() => undefined)
  fault.lift()
  await deploy({ services: [], needs: [] })
  await prod.changePolicies({ approvals: { required: 1 }, drift: [] }, ada)
  await executor.stop()
  const types = new Set((await collected(store.readAll())).map(({ type }) => type))
  for (const type of ['StepFailed', 'DriftDetected', 'ChangeApplied', 'NodeRetired', 'UnmanagedResourceDiscovered'])
    expect(types).toContain(type)

  const copy = inMemoryEventStore()
  await restoreLedger(ledger.export(), copy)
  expect(await eventsOf(copy)).toEqual(await eventsOf(store))
  const restored = openLedger({ store: copy })
  expect(await restored.verify()).toEqual(await ledger.verify())
  const answers = async (from: typeof ledger) => {
    const environment = from.environment('prod')
    return {
      graph: (await environment.graph()).toJSON(),
      drift: await environment.drift(),
      deployments: await environment.deployments(),
      alerts: await environment.alerts(),
      requests: await environment.requests(),
      timeline: await collected(environment.timeline()),
    }
  }
  expect(await answers(restored)).toEqual(await answers(ledger))
  await restored.environment('prod').grantRole({ subject: 'grace', role: 'member' }, ada)
  expect(await restored.verify()).toMatchObject({ intact: true })
})
