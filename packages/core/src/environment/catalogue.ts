import { z } from 'zod'
import { actorSchema } from '../access/actor.ts'
import { authorizationSchema } from '../access/authorization.ts'
import { activityEvents } from '../access/events.ts'
import { applicationEvents } from '../application/events.ts'
import { changeRequestEvents } from '../change-requests/events.ts'
import { deploymentEvents } from '../deployments/events.ts'
import { driftEvents } from '../drift/events.ts'
import { externalDeploymentEvents } from '../external-deployments/events.ts'
import { graphEvents } from '../graph/events.ts'
import { protectionEvents } from '../protection/events.ts'
import { environmentEvents } from './events.ts'

/** The schema of every event that this version of the library writes, by type. */
export const eventSchemas = {
  ...environmentEvents,
  ...applicationEvents,
  ...graphEvents,
  ...changeRequestEvents,
  ...deploymentEvents,
  ...driftEvents,
  ...protectionEvents,
  ...externalDeploymentEvents,
  ...activityEvents,
} as const

export type EventType = keyof typeof eventSchemas

/** The data of one type of event. */
export type EventData<T extends EventType> = z.infer<(typeof eventSchemas)[T]>

/** An event as rules decide it: its type and what it says. `effectiveAt` is when it happened in the world, where that is known. */
export type DomainEvent<T extends EventType = EventType> = {
  [K in T]: { readonly type: K; readonly data: EventData<K>; readonly effectiveAt?: string }
}[T]

/** What is known about an event besides what it says. */
export const metadataSchema = z.strictObject({
  actor: actorSchema,
  recordedAt: z.string(),
  effectiveAt: z.string().optional(),
  correlationId: z.string(),
  causationId: z.string().optional(),
  /** The recorded trace in which the event was written, and the span of its command (W3C Trace Context). */
  traceId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  spanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  /** What allowed the command that the event came of; left out of events from before this was recorded. */
  authorization: authorizationSchema.optional(),
  /** The graph version that the event's append carries, on events of the graph. */
  graphVersion: z.number().int().positive().optional(),
})

export type EventMetadata = Readonly<z.infer<typeof metadataSchema>>

/** A recorded event, read back: what folds are fed with. */
export type LedgerEvent<T extends EventType = EventType> = {
  [K in T]: {
    readonly type: K
    readonly data: EventData<K>
    readonly metadata: EventMetadata
    readonly id: string
    readonly revision: number
  }
}[T]

/** The handlers of one slice: for each type of event that concerns it, what it does to the slice, in place. */
export type Handlers<Slice> = { readonly [T in EventType]?: (slice: Slice, event: LedgerEvent<T>) => void }
