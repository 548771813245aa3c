import { performance } from 'node:perf_hooks'
import type { Telemetry } from '@infraledger/core'
import { activeContext, traceContextOf } from './active-context.ts'
import { measuring } from './measuring.ts'
import type { OpenTelemetryOptions } from './options.ts'
import { spanBeginning } from './spans.ts'

/**
 * Tells OpenTelemetry what a ledger does, through its API alone: exporters, sampling and resources are the SDK’s, which the program
 * registers. Where none is registered, nothing happens. Spans are nested over awaits and in what runs side by side, with or without a
 * context manager; with one, the spans of instrumented clients (HTTP, a database driver) are nested in the ledger’s, too.
 *
 * @example
 * const ledger = openLedger({ store, clouds, telemetry: openTelemetry() })
 */
export function openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
  return {
    subjectIds: options.subjectIds ?? false,
    now: () => performance.timeOrigin + performance.now(),
    begin: spanBeginning(options),
    measure: measuring(options),
    current: () => traceContextOf(activeContext()),
  }
}
