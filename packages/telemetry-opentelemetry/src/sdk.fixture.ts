import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import type { MetricData } from '@opentelemetry/sdk-metrics'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { EventStore, Telemetry } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'

/** The SDK as a program sets it up, with what it exports at hand. */
export function sdk(options: { readonly sampled?: boolean } = {}) {
  const exporter = new InMemorySpanExporter()
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const tracerProvider = new TracerProvider({
    sampler: options.sampled === false ? new AlwaysOffSampler() : new AlwaysOnSampler(),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  return {
    tracerProvider,
    meterProvider,
    spans: async (): Promise<readonly ReadableSpan[]> => {
      await tracerProvider.forceFlush()
      return exporter.getFinishedSpans()
    },
    metrics: async (): Promise<ReadonlyMap<string, MetricData>> => {
      await meterProvider.forceFlush()
      const scopes = metricExporter.getMetrics().at(-1)?.scopeMetrics ?? []
      return new Map(
        scopes.flatMap(({ metrics }) => metrics.map((metric) => [metric.descriptor.name, metric] as const)),
      )
    },
  }
}

export const ada = { actor: user('ada') }

/** A ledger with a fake cloud that tells a telemetry what it does. */
export async function told(telemetry: Telemetry, store: EventStore = inMemoryEventStore()) {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const ledger = openLedger({ store, clouds: [cloud.provider], clock, telemetry })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
  return { ledger, prod, cloud, store }
}

/** A bucket and a service that uses it. */
export const model = {
  services: [
    { name: 'checkout', image: 'checkout:1', uses: [{ need: 'bucket/receipts' as const, operations: ['write'] }] },
  ],
  needs: ['bucket/receipts' as const],
}

/** The names of a span and of those that it lies in, from the outermost on. */
export function pathOf(span: ReadableSpan, spans: readonly ReadableSpan[]): string {
  const parent = spans.find((one) => one.spanContext().spanId === span.parentSpanContext?.spanId)
  return parent === undefined ? span.name : `${pathOf(parent, spans)} > ${span.name}`
}
