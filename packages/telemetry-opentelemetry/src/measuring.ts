import { metrics } from '@opentelemetry/api'
import type { Meter, MeterProvider } from '@opentelemetry/api'
import { METRICS } from '@infraledger/core'
import type { Attributes, Metric, MetricName, Telemetry } from '@infraledger/core'
import { boundedValues } from './bounded-values.ts'
import type { OpenTelemetryOptions } from './options.ts'
import { SCOPE } from './spans.ts'

/** Bounds of buckets: from a millisecond, which a local append takes, to the hours of a large restore. */
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1_800, 3_600]
const BYTES = [256, 1_024, 4_096, 16_384, 65_536, 262_144, 921_600]

type Measure = (value: number, attributes: Attributes) => void

/** How measurements are taken: with instruments that are made when first used, and anew when another provider is registered. */
export function measuring({ meterProvider }: OpenTelemetryOptions): Telemetry['measure'] {
  const bounded = boundedValues()
  let madeOf: MeterProvider | undefined
  let instruments = new Map<MetricName, Measure>()
  return (name, value, attributes) => {
    const provider = meterProvider ?? metrics.getMeterProvider()
    if (provider !== madeOf) {
      madeOf = provider
      instruments = new Map()
    }
    const measure = instruments.get(name) ?? instrument(provider.getMeter(SCOPE), name, METRICS[name])
    instruments.set(name, measure)
    measure(value, bounded(attributes))
  }
}

function instrument(meter: Meter, name: MetricName, { instrument: form, unit, description }: Metric): Measure {
  if (form === 'counter') {
    const counter = meter.createCounter(name, { unit, description })
    return (value, attributes) => counter.add(value, attributes)
  }
  if (form === 'gauge') {
    const gauge = meter.createGauge(name, { unit, description })
    return (value, attributes) => gauge.record(value, attributes)
  }
  const advice = { explicitBucketBoundaries: unit === 's' ? SECONDS : BYTES }
  const histogram = meter.createHistogram(name, { unit, description, advice })
  return (value, attributes) => histogram.record(value, attributes)
}
