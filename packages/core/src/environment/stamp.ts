import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import { graphEvents } from '../graph/events.ts'
import type { DomainEvent, LedgerEvent } from './catalogue.ts'
import type { EnvironmentState } from './state.ts'

/** What an append adds to the facts that a rule decided. */
export type Stamp = {
  readonly actor: Actor
  readonly recordedAt: string
  readonly correlationId: string
  readonly causationId?: string
  readonly traceId?: string
  readonly spanId?: string
  /** What allowed the command. */
  readonly authorization?: Authorization
  readonly newId: () => string
  /** Revision of the first event. */
  readonly firstRevision: number
}

/** Gives decided events their ids, revisions and metadata; all changes of the graph in one append carry one graph version (GRAPH 5). */
export function stampEvents(
  state: EnvironmentState,
  events: readonly DomainEvent[],
  stamp: Stamp,
): readonly LedgerEvent[] {
  const graphVersion = state.graph.version + 1
  return events.map((event, index) => {
    const metadata = {
      actor: stamp.actor,
      recordedAt: stamp.recordedAt,
      ...(event.effectiveAt === undefined ? {} : { effectiveAt: event.effectiveAt }),
      correlationId: stamp.correlationId,
      ...(stamp.causationId === undefined ? {} : { causationId: stamp.causationId }),
      ...(stamp.traceId === undefined ? {} : { traceId: stamp.traceId }),
      ...(stamp.spanId === undefined ? {} : { spanId: stamp.spanId }),
      ...(stamp.authorization === undefined ? {} : { authorization: stamp.authorization }),
      ...(changesGraph(event) ? { graphVersion } : {}),
    }
    // The pair of type and data is taken over unchanged from the decided event, so it stays a member of the union.
    return {
      type: event.type,
      data: event.data,
      metadata,
      id: stamp.newId(),
      revision: stamp.firstRevision + index,
    } as LedgerEvent
  })
}

/** Whether an event is a change of the graph (the frame of an import is not). */
export function changesGraph(event: DomainEvent): boolean {
  return event.type in graphEvents && event.type !== 'ImportStarted' && event.type !== 'ImportCompleted'
}
