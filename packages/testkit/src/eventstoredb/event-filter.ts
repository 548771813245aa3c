import type streams from '@eventstore/db-client/generated/streams_pb.js'
import { rpcErrors } from './rpc-errors.ts'
import type { LogRecord } from './transaction-log.ts'

/** A server-side filter on stream names or on event types: by prefixes or by a regular expression. */
export type EventFilter = {
  readonly passes: (record: LogRecord) => boolean
  /** So many events are looked at before a page ends, whether they pass or not. */
  readonly window: number
  /** So many windows lie between two checkpoints. */
  readonly checkpointMultiplier: number
}

const DEFAULT_WINDOW = 32

/** Reads the filter of a request; without one everything passes. */
export function eventFilter(options: streams.ReadReq.Options): EventFilter | undefined {
  const filter = options.getFilter()
  if (filter === undefined) return undefined
  const onStream = filter.getStreamIdentifier()
  const expression = onStream ?? filter.getEventType()
  if (expression === undefined) throw rpcErrors.invalidArgument('a filter needs an expression')
  const matches = matcher(expression)
  return {
    passes: ({ stream, type }) => matches(onStream === undefined ? type : stream),
    window: filter.hasMax() ? filter.getMax() : DEFAULT_WINDOW,
    checkpointMultiplier: filter.getCheckpointintervalmultiplier(),
  }
}

function matcher(expression: streams.ReadReq.Options.FilterOptions.Expression): (text: string) => boolean {
  const regex = expression.getRegex()
  const prefixes = expression.getPrefixList()
  if (regex === '') return (text) => prefixes.some((prefix) => text.startsWith(prefix))
  const compiled = new RegExp(regex)
  return (text) => compiled.test(text)
}
