import { recordingTelemetry } from '@infraledger/testkit'
import type { RecordedSpan, RecordingTelemetry } from '@infraledger/testkit'
import { describe, expect, test } from 'vitest'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { METRICS } from '../telemetry/metrics.ts'
import { LedgerError } from '../ledger-error.ts'
import { collected } from './export.fixture.ts'
import { ada, grace, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

type Metadata = { readonly correlationId: string; readonly traceId?: string; readonly spanId?: string }

const metadataOf = ({ metadata }: RecordedEvent): Metadata => JSON.parse(metadata) as Metadata
const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })

/** What of an event leads to others, and to its trace. */
function traced(event: RecordedEvent | undefined): Pick<Metadata, 'correlationId' | 'traceId'> {
  if (event === undefined) throw new Error('no event')
  const { correlationId, traceId } = metadataOf(event)
  return { correlationId, ...(traceId === undefined ? {} : { traceId }) }
}

/** The names of a span and of those that it lies in, from the outermost on. */
function path(span: RecordedSpan): string {
  return span.parent === undefined ? span.name : `${path(span.parent)} > ${span.name}`
}

async function deployed(telemetry: RecordingTelemetry = recordingTelemetry()) {
  const store = inMemoryEventStore()
  const staged = await world({ telemetry, store })
  await staged.deploy(shop)
  await staged.executor.stop()
  return { ...staged, telemetry, store }
}

describe('spans', () => {
  test('TELEMETRY 1: commands, deployments, steps, provider calls, scans and appends are told, each under what it is part of', async () => {
    const { telemetry } = await deployed()
    const paths = new Set(telemetry.spans.map(path))
    for (const expected of [
      'create-environment > append infraledger',
      'trigger-deployment > append infraledger',
      'deployment > reconcile > discover fake',
      'deployment > reconcile > complete-observation > append infraledger',
      'deployment > plan-deployment > append infraledger',
      'deployment > step create > start-step > append infraledger',
      'deployment > step create > create fake',
      'deployment > step create > finish-step > append infraledger',
      'deployment > finish-deployment > append infraledger',
    ])
      expect(paths).toContain(expected)
    expect(telemetry.spans.filter(({ ends }) => ends !== 1)).toEqual([])
  })

  test('TELEMETRY 1: each says what it did, where, and how it ended', async () => {
    const { telemetry } = await deployed()
    const named = (name: string) => telemetry.spans.filter((span) => span.name === name)
    expect(named('create-environment')[0]?.attributes).toMatchObject({
      'infraledger.command': 'create-environment',
      'infraledger.environment': 'prod',
      'infraledger.actor.type': 'user',
      'infraledger.command.events': 2,
      'infraledger.outcome': 'done',
    })
    expect(named('step create').map(({ attributes }) => attributes['infraledger.node.id'])).toContain('bucket/receipts')
    expect(named('step create')[0]?.attributes).toMatchObject({
      'infraledger.deployment.phase': 'provision',
      'infraledger.step.attempts': 1,
      'infraledger.outcome': 'done',
    })
    expect(named('create fake')[0]).toMatchObject({
      kind: 'client',
      attributes: { 'infraledger.provider.operation': 'create', 'infraledger.node.kind': 'bucket' },
    })
    expect(named('append infraledger')[0]?.attributes).toMatchObject({
      'db.system.name': 'infraledger',
      'db.operation.name': 'append',
      'db.collection.name': 'environment-prod',
      'infraledger.append.events': 2,
    })
    expect(named('deployment').at(-1)?.attributes).toMatchObject({ 'infraledger.deployment.status': 'succeeded' })
  })

  test('TELEMETRY 1: calls that run side by side are told under what made them', async () => {
    const telemetry = recordingTelemetry()
    const { ledger, prod } = await world({ telemetry })
    const staging = await ledger.createEnvironment({ name: 'staging', type: 'development' }, ada)
    await Promise.all([
      prod.grantRole({ subject: 'hedy', role: 'member' }, ada),
      staging.grantRole({ subject: 'grace', role: 'member' }, ada),
      prod.grantRole({ subject: 'linus', role: 'member' }, ada),
    ])
    const grants = telemetry.spans.filter(({ name }) => name === 'grant-role').slice(-3)
    const appends = telemetry.spans.filter(({ parent }) => parent?.name === 'grant-role')
    expect(grants).toHaveLength(3)
    for (const grant of grants) {
      const own = appends.filter(({ parent, name }) => parent === grant && name.startsWith('append'))
      expect(own.map(({ attributes }) => attributes['infraledger.environment'])).toEqual([
        grant.attributes['infraledger.environment'],
      ])
    }
  })

  test('TELEMETRY 1: a deployment begins a trace of its own, linked to the one that triggered it', async () => {
    const { telemetry } = await deployed()
    const trigger = telemetry.spans.find(({ name }) => name === 'trigger-deployment')
    const deployment = telemetry.spans.find(({ name }) => name === 'deployment')
    expect(deployment?.links).toEqual([{ traceId: trigger?.traceId, spanId: trigger?.spanId }])
    expect(deployment?.traceId).not.toBe(trigger?.traceId)
  })

  test('TELEMETRY 1: what other writers appended is told when it is folded, and an empty tail is not', async () => {
    const telemetry = recordingTelemetry()
    const { prod, store, executor } = await world({ telemetry })
    await executor.stop()
    await openLedger({ store }).environment('prod').grantRole({ subject: 'linus', role: 'member' }, ada)
    const before = telemetry.spans.length
    await prod.describe()
    await prod.describe()
    expect(
      telemetry.spans.slice(before).map(({ name, attributes }) => [name, attributes['infraledger.fold.events']]),
    ).toEqual([['catch-up', 1]])
    expect(telemetry.measurements.filter(({ metric }) => metric === 'infraledger.fold.lag')).toHaveLength(1)
  })
})

describe('an event and its trace', () => {
  test('TELEMETRY 2: an event carries the trace and the span of its command, and that span the correlation id of the event', async () => {
    const { telemetry, store } = await deployed()
    const spans = new Map(telemetry.spans.map((span) => [span.spanId, span]))
    const events = await collected(store.readAll())
    expect(events.length).toBeGreaterThan(20)
    for (const event of events) {
      const { correlationId, traceId, spanId } = metadataOf(event)
      const span = spans.get(spanId ?? '')
      expect(span).toMatchObject({ traceId, attributes: { 'infraledger.correlation_id': correlationId } })
    }
    expect(await openLedger({ store }).verify()).toMatchObject({ intact: true })
    for await (const { correlationId, traceId, revision } of openLedger({ store }).environment('prod').timeline())
      expect({ correlationId, traceId }).toEqual(traced(events[revision]))
  })

  test('TELEMETRY 2: without telemetry, or outside of a recorded trace, an event carries none', async () => {
    const { store } = await world()
    const telemetry = { ...recordingTelemetry(), current: () => undefined }
    await world({ telemetry, store: inMemoryEventStore() })
    for (const event of await collected(store.readAll())) expect(metadataOf(event)).not.toHaveProperty('traceId')
  })

  test('TELEMETRY 3: the correlation id of a caller is in the events, in the change feed and on the spans, also of what an executor does', async () => {
    const telemetry = recordingTelemetry()
    const store = inMemoryEventStore()
    const { ledger, prod, executor } = await world({ telemetry, store })
    const by = { ...ada, correlationId: 'ticket-4711' }
    const count = (await collected(store.readAll())).length
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop }, by)
    expect(await deployment.completed()).toMatchObject({ correlationId: 'ticket-4711' })
    await prod.grantRole({ subject: 'grace', role: 'member' }, by)
    await executor.stop()
    const events = (await collected(store.readAll())).slice(count)
    expect(new Set(events.map((event) => metadataOf(event).correlationId))).toEqual(new Set(['ticket-4711']))
    for await (const change of ledger.changes({ after: BigInt(count) })) {
      expect(change.correlationid).toBe('ticket-4711')
      break
    }
    const told = telemetry.spans.filter(({ attributes }) => attributes['infraledger.correlation_id'] === 'ticket-4711')
    expect(told.map(({ name }) => name)).toEqual(expect.arrayContaining(['deployment', 'reconcile', 'finish-step']))
  })

  test('TELEMETRY 3: a scan is one story, a deployment that was given no correlation id has its own', async () => {
    const { prod, store, deploy } = await world()
    const { id, correlationId } = await deploy(shop)
    expect(correlationId).toBe(id)
    const count = (await collected(store.readAll())).length
    await prod.reconcile()
    await prod.reconcile()
    const events = (await collected(store.readAll())).slice(count)
    expect(new Set(events.map((event) => metadataOf(event).correlationId)).size).toBe(2)
  })

  test.each(['', 'a'.repeat(129), 'two words', 'line\n', 'ä', 7 as unknown as string])(
    'TELEMETRY 3: the correlation id %j is refused, and nothing is written',
    async (correlationId) => {
      const { prod, store } = await world()
      const before = (await collected(store.readAll())).length
      const by = { ...ada, correlationId }
      for (const refused of [
        prod.grantRole({ subject: 'grace', role: 'member' }, by),
        prod.deploy({ trigger: push('c1'), model: shop }, by),
        prod.requestChange({ node: 'bucket/x', set: {}, reason: 'r' }, by),
      ])
        await expect(refused).rejects.toMatchObject({ code: 'input-invalid', details: { what: 'correlationId' } })
      expect(await collected(store.readAll())).toHaveLength(before)
    },
  )
})

describe('what is told', () => {
  test('TELEMETRY 4: no value of a property, no reason or comment, no message of an error, and no subject', async () => {
    const telemetry = recordingTelemetry()
    const { prod, deploy, cloud } = await world({ telemetry })
    await deploy(shop)
    await prod.requestChange({ node: 'bucket/receipts', set: { versioning: false }, reason: 'hush-reason' }, grace)
    await expect(
      prod.requestChange({ node: 'bucket/receipts', set: { 'hush.key': 'hush-value' } as never, reason: 'r' }, grace),
    ).rejects.toMatchObject({ code: 'property-unknown' })
    cloud.faults.refuse({ operation: 'update', kind: 'bucket' }, { reason: 'hush-message' })
    await expect(deploy(shop)).rejects.toMatchObject({ code: 'deployment-failed' })
    const told = JSON.stringify([
      telemetry.spans.map(({ name, attributes, failure }) => [name, attributes, failure]),
      telemetry.measurements,
    ])
    for (const word of ['hush', 'checkout@sha256', '"grace"', '"ada"', 'postgres']) expect(told).not.toContain(word)
  })

  test('TELEMETRY 4: subjects are told on spans where that is asked for, and on no metric', async () => {
    const telemetry = recordingTelemetry({ subjectIds: true })
    await world({ telemetry })
    expect(telemetry.spans.find(({ name }) => name === 'create-environment')?.attributes).toMatchObject({
      'infraledger.actor.id': 'ada',
    })
    expect(JSON.stringify(telemetry.measurements)).not.toContain('ada')
  })

  test('TELEMETRY 4: an error is told by its code; a refusal is an answer, what fails is an error', async () => {
    const telemetry = recordingTelemetry()
    const store = inMemoryEventStore()
    let failure: Error | undefined
    const failing = {
      ...store,
      append: (...args: Parameters<typeof store.append>) =>
        failure === undefined ? store.append(...args) : Promise.reject(failure),
    }
    const { prod, executor } = await world({ telemetry, store: failing })
    await executor.stop()
    const before = telemetry.spans.length
    const grant = () => prod.grantRole({ subject: 'x', role: 'member' }, ada).catch((error: unknown) => error)
    await prod.revokeRole({ subject: 'ada', role: 'admin' }, ada).catch(() => undefined)
    failure = new LedgerError('store-full', 'the disk of hush is full', { store: 'memory', appended: 'no' })
    await grant()
    failure = new TypeError('hush')
    await grant()
    failure = new (class Hush extends Error {
      override readonly name = 'HushError'
    })('hush')
    await grant()
    const ended = telemetry.spans.slice(before).filter(({ name }) => name === 'grant-role' || name === 'revoke-role')
    expect(ended.map(({ attributes, failure: told }) => [attributes['infraledger.outcome'], told])).toEqual([
      ['refused', { errorType: 'last-admin', isError: false }],
      ['failed', { errorType: 'store-full', isError: true }],
      ['failed', { errorType: 'TypeError', isError: true }],
      ['failed', { errorType: '_OTHER', isError: true }],
    ])
  })

  test('TELEMETRY 5: metrics are those of the catalogue, and name no node, deployment, step, subject or correlation', async () => {
    const { telemetry, prod, cloud } = await deployed()
    cloud.console('linus').modify('bucket/prod-receipts', { versioning: false })
    await prod.reconcile()
    const seen = new Map(telemetry.measurements.map(({ metric, attributes }) => [metric, attributes]))
    for (const metric of seen.keys()) expect(METRICS).toHaveProperty([metric])
    for (const metric of [
      'infraledger.command.duration',
      'infraledger.store.append.events',
      'infraledger.store.append.size',
      'infraledger.store.operation.duration',
      'infraledger.provider.call.duration',
      'infraledger.step.duration',
      'infraledger.deployments.open',
      'infraledger.deployments.ended',
      'infraledger.reconcile.duration',
      'infraledger.drift.decisions',
    ] as const)
      expect([...seen.keys()]).toContain(metric)
    const names = new Set(telemetry.measurements.flatMap(({ attributes }) => Object.keys(attributes)))
    for (const name of names) expect(name).not.toMatch(/\.id$|_id$|correlation|region/)
    expect(seen.get('infraledger.drift.decisions')).toEqual({
      'infraledger.environment': 'prod',
      'infraledger.drift.decision': 'adopted',
    })
  })

  test('TELEMETRY 5: open deployments go up with a trigger and down with the end, and conflicts are counted', async () => {
    const telemetry = recordingTelemetry()
    const { store, deploy } = await world({ telemetry })
    await deploy(shop)
    const open = telemetry.measurements.filter(({ metric }) => metric === 'infraledger.deployments.open')
    expect(open.map(({ value }) => value)).toContain(1)
    expect(open.at(-1)?.value).toBe(0)
    const ledgers = Array.from({ length: 4 }, () => openLedger({ store, telemetry }).environment('prod'))
    await Promise.all(ledgers.map((prod, index) => prod.grantRole({ subject: `s${index}`, role: 'member' }, ada)))
    expect(telemetry.measurements.filter(({ metric }) => metric === 'infraledger.store.append.conflicts')).not.toEqual(
      [],
    )
  })
})
