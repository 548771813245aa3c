import { z } from 'zod'
import type { ResourceObservation } from '../cloud/observation.ts'
import { providerRefSchema } from '../cloud/provider-ref.ts'
import { propertiesSchema } from '../json-schema.ts'
import type { JsonValue } from '../json.ts'
import type { ComputePlatform, RollOutUpdate, WorkloadObservation, WorkloadPage } from './compute-platform.ts'
import { imageDigestSchema, parseImageReference } from './image-reference.ts'

/** Images that one workload may run at a time, and settings that it may have. */
export const WORKLOAD_LIMITS = { images: 50, settings: 2_000, text: 4_096 } as const

const count = z.number().int().nonnegative()
const text = z.string().min(1).max(WORKLOAD_LIMITS.text)

const runningImageSchema = z
  .strictObject({ image: text, digest: imageDigestSchema.nullable(), replicas: count, ready: count })
  .refine(({ replicas, ready }) => ready <= replicas, 'more replicas are ready than there are')
  .refine(({ image, digest }) => {
    const asked = parseImageReference(image)?.digest
    return asked === undefined || digest === null || asked === digest
  }, 'the digest is not the one that the reference names')

const workloadSchema = z.strictObject({
  ref: providerRefSchema,
  kind: text,
  state: z.enum(['steady', 'rolling-out', 'stopped-halfway']),
  reason: z.string().max(WORKLOAD_LIMITS.text).optional(),
  running: z.array(runningImageSchema).max(WORKLOAD_LIMITS.images),
  desired: count.nullable(),
  settings: propertiesSchema.refine(
    (settings) =>
      Object.keys(settings).length <= WORKLOAD_LIMITS.settings &&
      !Object.keys(settings).some((key) => key === 'image' || key.startsWith('image.')),
    'there are too many, or the image is among them',
  ),
  completeMaps: z.array(text),
  idempotencyKey: text.optional(),
})

const updateSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('progress'), updated: count, ready: count, desired: count }),
  z.strictObject({ type: z.literal('completed'), workload: workloadSchema.nullable() }),
  z.strictObject({ type: z.literal('failed'), workload: workloadSchema, reason: z.string() }),
])

/** An answer that was understood, or why it was not. */
export type Understood<T> =
  | { readonly type: 'understood'; readonly value: T }
  | { readonly type: 'nonsense'; readonly problem: string }

/** Reads one update of a rollout or a removal. */
export function readUpdate(platform: ComputePlatform, kind: string, answer: unknown): Understood<RollOutUpdate> {
  const parsed = updateSchema.safeParse(answer)
  if (!parsed.success) return nonsense(parsed.error)
  const update = parsed.data
  const workload = update.type === 'progress' ? null : update.workload
  const problem = workload === null ? undefined : (strayProblem(platform, workload) ?? kindProblem(kind, workload.kind))
  // zod writes optional members as possibly undefined; they are left out where they are not there.
  return problem === undefined ? { type: 'understood', value: update as RollOutUpdate } : { type: 'nonsense', problem }
}

/** Reads a page as observations; what makes no sense is among what could not be read, and decides nothing (DRIFT 10). */
export function readPage(
  platform: ComputePlatform,
  page: WorkloadPage,
): {
  found: ResourceObservation[]
  failed: WorkloadPage['failed'][number][]
} {
  const found: ResourceObservation[] = []
  const failed = [...page.failed]
  for (const answer of page.found) {
    const parsed = workloadSchema.safeParse(answer)
    const problem = parsed.success ? strayProblem(platform, parsed.data) : issuesOf(parsed.error)
    if (problem === undefined) found.push(observationOf(answer))
    else {
      const ref = providerRefSchema.safeParse(answer.ref)
      const reason = `${platform.name} answers what is no workload: ${problem}`
      failed.push(ref.success && ref.data.provider === platform.name ? { ref: ref.data, reason } : { reason })
    }
  }
  return { found, failed }
}

/**
 * A workload as the rest of the ledger sees one. `image` is what all replicas run; while several images run, or a rollout stopped
 * halfway, there is none, and `image.running` lists what there is.
 */
export function observationOf(workload: WorkloadObservation): ResourceObservation {
  const { ref, kind, state, running, desired, settings, completeMaps, idempotencyKey } = workload
  const single = running.length === 1 && state !== 'stopped-halfway' ? running[0] : undefined
  const ready = running.reduce((sum, image) => sum + image.ready, 0)
  const outputs: Record<string, JsonValue> = { 'provider.readyReplicas': ready, 'provider.desiredReplicas': desired }
  return {
    ref,
    kind,
    properties: {
      ...settings,
      image: single?.image ?? null,
      ...(single?.digest === null ? {} : { 'image.digest': single?.digest ?? null }),
      'image.running': single === undefined && running.length > 0 ? namesOf(workload) : null,
      ...outputs,
    },
    volatile: Object.keys(outputs),
    completeMaps,
    alwaysTold: ['image', ...(single?.digest === null ? [] : ['image.digest']), 'image.running'],
    deferred: {},
    status: state,
    settled: state !== 'rolling-out',
    ...(state === 'stopped-halfway' ? { failure: workload.reason ?? 'its rollout stopped halfway' } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
}

/** The images that run, each with its digest where it is known, in one order. */
function namesOf({ running }: WorkloadObservation): string[] {
  const names = running.map(({ image, digest }) => {
    const asked = parseImageReference(image)
    return digest === null || asked?.digest !== undefined ? image : `${image}@${digest}`
  })
  return [...new Set(names)].toSorted()
}

function strayProblem(platform: ComputePlatform, { ref }: Pick<WorkloadObservation, 'ref'>): string | undefined {
  return ref.provider === platform.name ? undefined : `the workload is one of "${ref.provider}"`
}

function kindProblem(asked: string, answered: string): string | undefined {
  return asked === answered ? undefined : `it is a ${answered}, and a ${asked} was asked for`
}

function nonsense(error: z.ZodError): { type: 'nonsense'; problem: string } {
  return { type: 'nonsense', problem: issuesOf(error) }
}

function issuesOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.map(String).join('.') || '(all of it)'}: ${message}`)
    .join('; ')
}
