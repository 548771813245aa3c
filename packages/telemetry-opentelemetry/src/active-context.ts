import { AsyncLocalStorage } from 'node:async_hooks'
import { context, isSpanContextValid, trace, TraceFlags } from '@opentelemetry/api'
import type { Context } from '@opentelemetry/api'
import type { TraceContext } from '@infraledger/core'

/**
 * The context in which the ledger’s own spans run. The API keeps contexts only once a context manager is registered, which not every program
 * does; spans of one ledger are to be nested all the same.
 */
const own = new AsyncLocalStorage<Context>()

/** The context of the caller: the API’s where that has a span, else the ledger’s own. */
export function activeContext(): Context {
  const ambient = context.active()
  return trace.getSpan(ambient) === undefined ? (own.getStore() ?? ambient) : ambient
}

/** Runs work in a context, also behind its awaits. */
export function runIn<Result>(within: Context, work: () => Result): Result {
  return own.run(within, () => context.with(within, work))
}

/** Where the trace of a context stands; undefined where there is none, or it is not recorded: nothing would be found under its id. */
export function traceContextOf(within: Context): TraceContext | undefined {
  const spanContext = trace.getSpanContext(within)
  if (spanContext === undefined || !isSpanContextValid(spanContext)) return undefined
  if ((spanContext.traceFlags & TraceFlags.SAMPLED) === 0) return undefined
  return { traceId: spanContext.traceId, spanId: spanContext.spanId }
}
