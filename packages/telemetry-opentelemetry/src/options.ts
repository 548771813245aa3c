import type { MeterProvider, TracerProvider } from '@opentelemetry/api'

/** Where spans and measurements go, and what they may name. */
export type OpenTelemetryOptions = {
  /** Default: the one that is registered with the API; while there is none, spans are none. */
  readonly tracerProvider?: TracerProvider
  /** Default: the one that is registered with the API; while there is none, nothing is measured. */
  readonly meterProvider?: MeterProvider
  /** Whether spans name subjects (opaque ids of who acted). Default false: only the type of the actor. Metrics never do. */
  readonly subjectIds?: boolean
}
