import type { Actor } from '../access/actor.ts'
import type { Authorization } from '../access/authorization.ts'
import type { DomainEvent, EventType, LedgerEvent } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import {
  activityTexts,
  applicationTexts,
  changeRequestTexts,
  driftTexts,
  environmentTexts,
  protectionTexts,
} from './timeline-texts.ts'
import { externalDeploymentTexts } from './timeline-external-texts.ts'
import { deploymentTexts, graphTexts } from './timeline-graph-texts.ts'

/** One line of what happened in an environment. */
export type TimelineEntry = {
  /** When it was recorded (ISO 8601). */
  readonly at: string
  /** When it happened in the world, where that is known. */
  readonly effectiveAt?: string
  readonly actor: Actor
  /** What allowed it, where that was recorded. */
  readonly authorization?: Authorization
  readonly type: EventType
  readonly text: string
  readonly node?: NodeId
  readonly deployment?: string
  readonly graphVersion?: number
  /** What its command belonged to: a ticket or request of the caller, a deployment, a scan. */
  readonly correlationId: string
  /** The recorded trace in which it was written. */
  readonly traceId?: string
  /** Of the event in its stream: where to go on reading. */
  readonly revision: number
}

/** What an event is to a reader; undefined where another entry says it already. */
export type TextOf<T extends EventType> = (data: DomainEvent<T>['data']) => string | undefined

const texts: { readonly [T in EventType]: TextOf<T> } = {
  ...environmentTexts,
  ...applicationTexts,
  ...graphTexts,
  ...changeRequestTexts,
  ...deploymentTexts,
  ...driftTexts,
  ...protectionTexts,
  ...externalDeploymentTexts,
  ...activityTexts,
}

/**
 * What an event is on a timeline. Undefined for what belongs to another entry: the thousands of versions of an import to its completion, the
 * parts of a plan or model to the whole, a need's edge to its binding. Also for events of types that this version does not know.
 */
export function timelineEntry(event: LedgerEvent): TimelineEntry | undefined {
  // The table pairs each type with its text; an event from a newer version may have none.
  const textOf = (texts as { readonly [type: string]: TextOf<EventType> | undefined })[event.type]
  const text = textOf?.(event.data)
  if (text === undefined) return undefined
  const { recordedAt: at, effectiveAt, actor, authorization, graphVersion, correlationId, traceId } = event.metadata
  return {
    at,
    ...(effectiveAt === undefined ? {} : { effectiveAt }),
    actor,
    ...(authorization === undefined ? {} : { authorization }),
    type: event.type,
    text,
    ...('node' in event.data && event.data.node !== undefined ? { node: event.data.node } : {}),
    ...('deployment' in event.data ? { deployment: event.data.deployment } : {}),
    ...(graphVersion === undefined ? {} : { graphVersion }),
    correlationId,
    ...(traceId === undefined ? {} : { traceId }),
    revision: event.revision,
  }
}
