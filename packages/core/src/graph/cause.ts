import { z } from 'zod'

/** Why a version exists. Every version has one (GRAPH 3), and through it and the event's actor a person or system behind it. */
export const causeSchema = z.discriminatedUnion('type', [
  /** A step of a deployment; `requests` are the change requests whose values it wrote. */
  z.strictObject({
    type: z.literal('deployment'),
    deployment: z.string(),
    step: z.string().optional(),
    requests: z.array(z.string()),
  }),
  /** A requested value was observed already, so the request converged without a call. */
  z.strictObject({ type: z.literal('change-request'), request: z.string(), observation: z.string() }),
  /**
   * Changed outside; true since some moment between `lastSeenAt` and the observation, unless attributed later. A first reading tells
   * what was not looked at before, so that nobody is known to have changed it.
   */
  z.strictObject({
    type: z.literal('drift'),
    observation: z.string(),
    lastSeenAt: z.string().optional(),
    firstReading: z.literal(true).optional(),
  }),
  z.strictObject({ type: z.literal('import'), import: z.string() }),
  /**
   * Another tool carried out a plan that announced it: seen by an import of its state, or by observing. True since some moment between
   * `lastSeenAt` and that.
   */
  z.strictObject({
    type: z.literal('external-deployment'),
    deployment: z.string(),
    import: z.string().optional(),
    observation: z.string().optional(),
    lastSeenAt: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('restore'), restore: z.string() }),
  /** A person put the record right: a binding, a hand-over. */
  z.strictObject({ type: z.literal('repair'), reason: z.string().max(4_096) }),
])

export type Cause = Readonly<z.infer<typeof causeSchema>>

/** Whether a provider's answer is behind a version with this cause. */
export function isSeenAtProvider(cause: Cause): boolean {
  if (cause.type === 'external-deployment') return cause.observation !== undefined
  return cause.type === 'deployment' || cause.type === 'drift' || cause.type === 'change-request'
}

/** The import that a version came with, if one. */
export function importOf(cause: Cause): string | undefined {
  return cause.type === 'import' || cause.type === 'external-deployment' ? cause.import : undefined
}
