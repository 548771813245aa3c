import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api'
import type { Link } from '@opentelemetry/api'
import type { Attributes, Span, SpanOptions, Telemetry, TraceContext } from '@infraledger/core'
import { activeContext, runIn } from './active-context.ts'
import type { OpenTelemetryOptions } from './options.ts'

/** The instrumented library, as OpenTelemetry calls it. */
export const SCOPE = '@infraledger/core'

/** Longest text of an attribute; what is longer is cut. */
const TEXT_CHARACTERS = 256

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const

/** How spans begin, with the tracer that is there at that moment. */
export function spanBeginning({ tracerProvider }: OpenTelemetryOptions): Telemetry['begin'] {
  return (name, options) => beginSpan(tracerProvider ?? trace.getTracerProvider(), name, options)
}

function beginSpan(
  provider: NonNullable<OpenTelemetryOptions['tracerProvider']>,
  name: string,
  { attributes, kind = 'internal', startedAt, root = false, links = [] }: SpanOptions,
): Span {
  const parent = root ? ROOT_CONTEXT : activeContext()
  const span = provider.getTracer(SCOPE).startSpan(
    name,
    {
      kind: KINDS[kind],
      attributes: cut(attributes),
      links: links.map(linkTo),
      root,
      ...(startedAt === undefined ? {} : { startTime: startedAt }),
    },
    parent,
  )
  const within = trace.setSpan(parent, span)
  return {
    run: (work) => runIn(within, work),
    set: (more) => void span.setAttributes(cut(more)),
    end(failure) {
      if (failure !== undefined) span.setAttribute('error.type', failure.errorType)
      if (failure?.isError === true) {
        // By its code alone: messages, and the stack that repeats them, may hold values.
        span.recordException({ name: failure.errorType })
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure.errorType })
      }
      span.end()
    },
  }
}

function linkTo({ traceId, spanId }: TraceContext): Link {
  return { context: { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true } }
}

function cut(attributes: Attributes): Attributes {
  const long = Object.values(attributes).some((value) => typeof value === 'string' && value.length > TEXT_CHARACTERS)
  if (!long) return attributes
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.slice(0, TEXT_CHARACTERS) : value,
    ]),
  )
}
