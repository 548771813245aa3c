import { AsyncLocalStorage } from 'node:async_hooks'
import type { Attributes, MetricName, SpanFailure, SpanOptions, Telemetry, TraceContext } from '@infraledger/core'

/** A span as it was told. */
export type RecordedSpan = TraceContext & {
  readonly name: string
  readonly kind: 'internal' | 'client'
  readonly parent: RecordedSpan | undefined
  readonly links: readonly TraceContext[]
  readonly attributes: Record<string, string | number | boolean>
  failure: SpanFailure | undefined
  /** How often it was ended: once, when all is well. */
  ends: number
}

/** A measurement as it was taken. */
export type Measurement = { readonly metric: MetricName; readonly value: number; readonly attributes: Attributes }

/** A telemetry that keeps in memory what it is told. */
export type RecordingTelemetry = Telemetry & {
  readonly spans: readonly RecordedSpan[]
  readonly measurements: readonly Measurement[]
}

/** Keeps spans, with their parents over awaits, and measurements: for tests of what a ledger tells. */
export function recordingTelemetry(options: { readonly subjectIds?: boolean } = {}): RecordingTelemetry {
  const spans: RecordedSpan[] = []
  const measurements: Measurement[] = []
  const active = new AsyncLocalStorage<RecordedSpan>()
  let time = 0
  return {
    ...options,
    spans,
    measurements,
    now: () => (time += 1),
    begin(name, told) {
      const span = recorded(name, told, told.root === true ? undefined : active.getStore(), spans.length + 1)
      spans.push(span)
      return {
        run: (work) => active.run(span, work),
        set: (attributes) => void Object.assign(span.attributes, attributes),
        end(failure) {
          span.failure = failure
          span.ends += 1
        },
      }
    },
    measure: (metric, value, attributes) => void measurements.push({ metric, value, attributes }),
    current() {
      const span = active.getStore()
      return span === undefined ? undefined : { traceId: span.traceId, spanId: span.spanId }
    },
  }
}

function recorded(name: string, told: SpanOptions, parent: RecordedSpan | undefined, number: number): RecordedSpan {
  return {
    name,
    kind: told.kind ?? 'internal',
    parent,
    links: told.links ?? [],
    attributes: { ...told.attributes },
    traceId: parent?.traceId ?? number.toString(16).padStart(32, '0'),
    spanId: number.toString(16).padStart(16, '0'),
    failure: undefined,
    ends: 0,
  }
}
