import type { MetricName } from './metrics.ts'

/** What is told of a span or a measurement: never a secret, never the value of a property. Names follow OpenTelemetry. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/** Where a trace stands (W3C Trace Context): an event that carries it leads to its trace. */
export type TraceContext = {
  /** 32 lower-case hex digits. */
  readonly traceId: string
  /** 16 lower-case hex digits. */
  readonly spanId: string
}

/** How a piece of work went wrong: its code, never its message, because messages may hold values. */
export type SpanFailure = {
  /** The code of a `LedgerError`, or the kind of error; for `error.type`. */
  readonly errorType: string
  /** Whether it is an error; a refusal is an answer. */
  readonly isError: boolean
}

/** How a span begins. */
export type SpanOptions = {
  readonly attributes: Attributes
  /** `client`: it waits for something outside of this process. Default `internal`. */
  readonly kind?: 'internal' | 'client'
  /** When it began, by `Telemetry.now`; default now. */
  readonly startedAt?: number
  /** Begins a trace of its own, whatever its caller is part of. */
  readonly root?: boolean
  /** What it comes from, in other traces. */
  readonly links?: readonly TraceContext[]
}

/** A piece of work under way. */
export interface Span {
  /** Runs work inside the span: spans that begin in it, also after an await, are its children. */
  readonly run: <Result>(work: () => Result) => Result
  readonly set: (attributes: Attributes) => void
  /** Ends it; once. */
  readonly end: (failure?: SpanFailure) => void
}

/**
 * Where a ledger tells what it does: spans and measurements, whoever keeps them. Without one, nothing is measured and nothing costs
 * anything. None of its functions may throw, or wait. `@infraledger/telemetry-opentelemetry` is one.
 */
export interface Telemetry {
  /** Whether spans may name subjects (opaque ids, never names of persons). Default: only the type of the actor. */
  readonly subjectIds?: boolean
  /** Its own time, in milliseconds with fractions: for durations, and for when a span began. */
  readonly now: () => number
  /** Begins a span, as a child of the one in which its caller runs. */
  readonly begin: (name: string, options: SpanOptions) => Span
  /** Takes a measurement of one of the library's metrics. */
  readonly measure: (metric: MetricName, value: number, attributes: Attributes) => void
  /** The trace in which the caller runs; undefined where there is none, or nobody records it. */
  readonly current: () => TraceContext | undefined
}
