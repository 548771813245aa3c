import type { EventMetadata } from '../environment/catalogue.ts'
import type { TraceContext } from '../telemetry/telemetry.ts'

/** The trace that an event was written in, where there is one. */
export function traceOf({ traceId, spanId }: EventMetadata): TraceContext | undefined {
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId }
}
