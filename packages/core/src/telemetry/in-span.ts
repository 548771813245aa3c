import { failureOf, outcomeOf } from './ending.ts'
import type { Outcome } from './ending.ts'
import type { MetricName } from './metrics.ts'
import type { Attributes, Span, SpanFailure, SpanOptions, Telemetry } from './telemetry.ts'

/** A piece of work to be told: its span, and the histogram that its duration goes to. */
export type Told = SpanOptions & {
  readonly name: string
  readonly duration?: MetricName
  /** Attributes of the measurement: few values each. `infraledger.outcome` and `error.type` are added. */
  readonly measured?: Attributes
}

/** Tells the end of a piece of work: its outcome on the span, and its duration. */
export type Finish = (ending: { readonly error: unknown } | Ending) => void

/** An end that is known without an error having been thrown. */
export type Ending = { readonly outcome: Outcome; readonly failure?: SpanFailure }

/** Begins a piece of work; whoever begins it calls `finish` once. */
export function beginWork(telemetry: Telemetry, told: Told): { readonly span: Span; readonly finish: Finish } {
  const { name, duration, measured = {}, ...options } = told
  const startedAt = telemetry.now()
  const span = telemetry.begin(name, options)
  return {
    span,
    finish(ending) {
      const outcome = 'error' in ending ? outcomeOf(ending.error) : ending.outcome
      const failure = 'error' in ending ? failureOf(ending.error) : ending.failure
      span.set({ 'infraledger.outcome': outcome })
      span.end(failure)
      if (duration === undefined) return
      const error = failure === undefined ? {} : { 'error.type': failure.errorType }
      const seconds = (telemetry.now() - startedAt) / 1_000
      telemetry.measure(duration, seconds, { ...measured, 'infraledger.outcome': outcome, ...error })
    },
  }
}

/** Runs work inside a span, and tells how it ended. */
export async function inSpan<Result>(
  telemetry: Telemetry,
  told: Told,
  work: (span: Span) => Promise<Result>,
  ending: (result: Result) => Ending = () => ({ outcome: 'done' }),
): Promise<Result> {
  const { span, finish } = beginWork(telemetry, told)
  let result: Result
  try {
    result = await span.run(() => work(span))
  } catch (error) {
    finish({ error })
    throw error
  }
  finish(ending(result))
  return result
}
