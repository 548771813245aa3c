import { z } from 'zod'
import { invalidInput } from '../invalid-input.ts'
import { rejectionError } from '../ledger-error.ts'

/** Events after which a new snapshot is worth its writing, and the most that a policy may let pass. */
export const SNAPSHOT_EVERY = { default: 5_000, most: 1_000_000 } as const

/**
 * When the state of an environment is kept, so that a later start reads only what came after: once so many events have come since the last
 * time. `off`: none is kept and none is used, so every start reads the whole history, and nothing but the events is trusted.
 */
export type SnapshotPolicy = { readonly everyEvents: number } | 'off'

const policySchema = z.union([
  z.literal('off'),
  z.strictObject({ everyEvents: z.int().min(1).max(SNAPSHOT_EVERY.most) }),
])

/** The policy that was asked for, or the default one. Throws `input-invalid`. */
export function snapshotPolicy(policy: SnapshotPolicy | undefined): SnapshotPolicy {
  const parsed = policySchema.safeParse(policy ?? { everyEvents: SNAPSHOT_EVERY.default })
  if (parsed.success) return parsed.data
  throw rejectionError(invalidInput('the option snapshots', parsed.error))
}
