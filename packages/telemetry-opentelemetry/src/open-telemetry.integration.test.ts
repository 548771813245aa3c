import { context, metrics, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { DataPointType } from '@opentelemetry/sdk-metrics'
import { gitPush, METRICS } from '@infraledger/core'
import type { Environment, EventStore } from '@infraledger/core'
import { afterEach, describe, expect, test } from 'vitest'
import { VALUES_PER_ATTRIBUTE } from './bounded-values.ts'
import { openTelemetry } from './open-telemetry.ts'
import { ada, model, pathOf, sdk, told } from './sdk.fixture.ts'

const push = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })

async function deployed({ ledger, prod }: Awaited<ReturnType<typeof told>>): Promise<void> {
  const executor = ledger.runDeployments()
  await (await prod.deploy({ trigger: push, model })).completed()
  await executor.stop()
}

async function traceIds(store: EventStore): Promise<readonly (string | undefined)[]> {
  const found: (string | undefined)[] = []
  for await (const { metadata } of store.readAll()) found.push((JSON.parse(metadata) as { traceId?: string }).traceId)
  return found
}

const grant = (prod: Environment, subject: string) => prod.grantRole({ subject, role: 'member' }, ada)

afterEach(() => {
  trace.disable()
  metrics.disable()
  context.disable()
})

describe.each(['no context manager', 'a context manager'] as const)('spans, with %s registered', (manager) => {
  test('TELEMETRY 1: are nested over awaits, and in what runs side by side', async () => {
    if (manager === 'a context manager') context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    const { spans: exported, ...providers } = sdk()
    const world = await told(openTelemetry(providers))
    await deployed(world)
    await Promise.all(['s1', 's2', 's3'].map((subject) => grant(world.prod, subject)))
    const spans = await exported()
    const paths = spans.map((span) => pathOf(span, spans))
    for (const expected of [
      'create-environment > append infraledger',
      'deployment > reconcile > discover fake',
      'deployment > step create > create fake',
      'deployment > step create > finish-step > append infraledger',
    ])
      expect(paths).toContain(expected)
    expect(paths.filter((path) => path === 'grant-role > append infraledger')).toHaveLength(3)
    const appends = spans.filter((span) => pathOf(span, spans) === 'grant-role > append infraledger')
    expect(new Set(appends.map(({ parentSpanContext }) => parentSpanContext?.spanId)).size).toBe(3)
  })
})

describe('spans', () => {
  test('TELEMETRY 1: begin under the span of the program, except deployments, which link to what triggered them', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    const { spans: exported, ...providers } = sdk()
    const outer = providers.tracerProvider.getTracer('program')
    await outer.startActiveSpan('request', async (span) => {
      await deployed(await told(openTelemetry(providers)))
      span.end()
    })
    const spans = await exported()
    expect(spans.map((span) => pathOf(span, spans))).toContain('request > trigger-deployment')
    const trigger = spans.find(({ name }) => name === 'trigger-deployment')
    const deployment = spans.find(({ name }) => name === 'deployment')
    expect(deployment?.parentSpanContext).toBeUndefined()
    expect(deployment?.links[0]?.context.spanId).toBe(trigger?.spanContext().spanId)
  })

  test('TELEMETRY 1: the span of an instrumented client lies in the provider call that made it', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
    const { spans: exported, ...providers } = sdk()
    const telemetry = openTelemetry(providers)
    const call = telemetry.begin('create aws', { attributes: {}, kind: 'client' })
    await call.run(async () => {
      await Promise.resolve()
      providers.tracerProvider.getTracer('http').startSpan('POST').end()
    })
    call.end()
    const spans = await exported()
    expect(spans.map((span) => [pathOf(span, spans), span.kind])).toEqual([
      ['create aws > POST', SpanKind.INTERNAL],
      ['create aws', SpanKind.CLIENT],
    ])
  })

  test('TELEMETRY 2: an event carries the id of its trace, and none where the trace is not recorded', async () => {
    const recorded = sdk()
    const { store } = await told(openTelemetry(recorded))
    const [trigger] = await recorded.spans()
    expect(await traceIds(store)).toEqual([trigger?.spanContext().traceId, trigger?.spanContext().traceId])
    const unsampled = await told(openTelemetry(sdk({ sampled: false })))
    expect(await traceIds(unsampled.store)).toEqual([undefined, undefined])
    expect(await unsampled.ledger.verify()).toMatchObject({ intact: true })
  })

  test('TELEMETRY 4: an error is its code, without a message or a stack; a refusal is no error', async () => {
    const { spans: exported, ...providers } = sdk()
    const { prod, ledger, cloud } = await told(openTelemetry(providers))
    await prod.revokeRole({ subject: 'ada', role: 'admin' }, ada).catch(() => undefined)
    cloud.faults.refuse({ operation: 'create' }, { reason: 'hush' })
    const executor = ledger.runDeployments()
    await (await prod.deploy({ trigger: push, model })).completed().catch(() => undefined)
    await executor.stop()
    const spans = await exported()
    const refused = spans.find(({ name }) => name === 'revoke-role')
    expect(refused).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'error.type': 'last-admin' },
    })
    const step = spans.find(({ name }) => name === 'step create')
    expect(step?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'cloud-refused' })
    expect(step?.events).toMatchObject([{ name: 'exception', attributes: { 'exception.type': 'cloud-refused' } }])
    const text = JSON.stringify(
      spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    )
    for (const word of ['hush', 'stacktrace', '"ada"', 'checkout:1']) expect(text).not.toContain(word)
  })

  test('TELEMETRY 4: long texts are cut', async () => {
    const { spans: exported, ...providers } = sdk()
    const span = openTelemetry(providers).begin('s', { attributes: { long: 'x'.repeat(5_000), count: 1 } })
    span.end()
    expect((await exported())[0]?.attributes).toEqual({ long: 'x'.repeat(256), count: 1 })
  })

  test('TELEMETRY 1: one that is told afterwards has the beginning that it is given', async () => {
    const { spans: exported, ...providers } = sdk()
    const telemetry = openTelemetry(providers)
    telemetry.begin('s', { attributes: {}, startedAt: telemetry.now() - 60_000 }).end()
    const [seconds = 0] = (await exported())[0]?.duration ?? []
    expect(seconds).toBeGreaterThanOrEqual(59)
    expect(seconds).toBeLessThan(120)
  })
})

describe('metrics', () => {
  test('TELEMETRY 5: have the units and instruments of the catalogue, and no attribute that grows', async () => {
    const { metrics: exported, ...providers } = sdk()
    await deployed(await told(openTelemetry(providers)))
    const found = await exported()
    for (const [name, { descriptor, dataPointType }] of found) {
      const metric = METRICS[name as keyof typeof METRICS]
      expect({ name, unit: descriptor.unit }).toEqual({ name, unit: metric.unit })
      expect({ name, histogram: dataPointType === DataPointType.HISTOGRAM }).toEqual({
        name,
        histogram: metric.instrument === 'histogram',
      })
    }
    const appended = found.get('infraledger.store.append.events')?.dataPoints ?? []
    expect(appended).toMatchObject([{ attributes: { 'infraledger.environment': 'prod' } }])
    const open = found.get('infraledger.deployments.open')?.dataPoints ?? []
    expect(open.map(({ value }) => value)).toEqual([0])
    const commands = found.get('infraledger.command.duration')?.dataPoints ?? []
    expect(commands.map(({ attributes }) => attributes['infraledger.command'])).toContain('finish-step')
  })

  test('TELEMETRY 5: an attribute has a hundred values at most; further ones are _OTHER', async () => {
    const { metrics: exported, ...providers } = sdk()
    const telemetry = openTelemetry(providers)
    for (let number = 0; number < VALUES_PER_ATTRIBUTE + 50; number++)
      telemetry.measure('infraledger.alerts.raised', 1, { 'infraledger.environment': `pr:${number}` })
    telemetry.measure('infraledger.alerts.raised', 1, { 'infraledger.environment': 'pr:0' })
    const points = (await exported()).get('infraledger.alerts.raised')?.dataPoints ?? []
    expect(points).toHaveLength(VALUES_PER_ATTRIBUTE + 1)
    const of = (value: string) =>
      points.find(({ attributes }) => attributes['infraledger.environment'] === value)?.value
    expect([of('pr:0'), of('_OTHER')]).toEqual([2, 50])
  })
})

describe('the API alone', () => {
  test('TELEMETRY 7: with no SDK registered, everything works and nothing is told', async () => {
    const world = await told(openTelemetry())
    await deployed(world)
    expect(new Set(await traceIds(world.store))).toEqual(new Set([undefined]))
    expect(openTelemetry().current()).toBeUndefined()
  })

  test('TELEMETRY 7: an SDK that is registered after the ledger was opened is told from then on', async () => {
    const { prod, store } = await told(openTelemetry())
    const { spans: exported, metrics: measured, tracerProvider, meterProvider } = sdk()
    trace.setGlobalTracerProvider(tracerProvider)
    metrics.setGlobalMeterProvider(meterProvider)
    await grant(prod, 'grace')
    const spans = await exported()
    expect(spans.map((span) => pathOf(span, spans))).toEqual(['grant-role > append infraledger', 'grant-role'])
    expect((await measured()).get('infraledger.command.duration')?.dataPoints).toHaveLength(1)
    expect((await traceIds(store)).at(-1)).toBe(spans[0]?.spanContext().traceId)
  })
})
