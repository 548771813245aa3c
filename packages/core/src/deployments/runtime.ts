import { z } from 'zod'
import { imageDigestSchema, imageReferenceSchema, parseImageReference } from '../compute/image-reference.ts'
import type { EventData } from '../environment/catalogue.ts'
import { invalidInput } from '../invalid-input.ts'
import { rejectionError } from '../ledger-error.ts'

/** What the images of a deployment were built with (DEPLOY 12). */
export type Runtime = NonNullable<EventData<'DeploymentTriggered'>['runtime']>

/** A runtime as it is given; whether it is pinned is read from the base image where it is not said. */
export type RuntimeInput = Omit<Runtime, 'pinned'> & { readonly pinned?: boolean }

const runtimeInputSchema = z
  .strictObject({
    version: z.string().min(1).max(256),
    baseImage: z.string().max(1_024).pipe(imageReferenceSchema),
    /** What the base image's tag meant when the images were built. */
    baseImageDigest: imageDigestSchema.optional(),
    pinned: z.boolean().optional(),
  })
  .superRefine(({ baseImage, baseImageDigest, pinned }, context) => {
    const digest = parseImageReference(baseImage)?.digest
    if (digest !== undefined && baseImageDigest !== undefined && digest !== baseImageDigest)
      context.addIssue({ code: 'custom', path: ['baseImageDigest'], message: 'is another one than in baseImage' })
    if (pinned === true && digest === undefined && baseImageDigest === undefined)
      context.addIssue({ code: 'custom', path: ['pinned'], message: 'is only what has a digest: a tag may be moved' })
  })

/** Reads a runtime from outside. Throws `input-invalid` for what is no image reference or digest, or is pinned to a tag alone. */
export function parseRuntime(input: unknown): Runtime {
  const parsed = runtimeInputSchema.safeParse(input)
  if (!parsed.success) throw rejectionError(invalidInput('runtime', parsed.error))
  const { version, baseImage, baseImageDigest, pinned } = parsed.data
  const digest = parseImageReference(baseImage)?.digest
  return {
    version,
    baseImage,
    ...(baseImageDigest === undefined && digest === undefined ? {} : { baseImageDigest: baseImageDigest ?? digest }),
    pinned: pinned ?? digest !== undefined,
  }
}
