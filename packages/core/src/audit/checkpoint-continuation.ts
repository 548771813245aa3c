import { checkpointDigest, fromHex } from './checkpoint.ts'
import type { Checkpoint, CheckpointStatement } from './checkpoint.ts'
import { isConsistent } from './merkle-proof.ts'

/**
 * Why a checkpoint does not go on from an earlier one, by the two files alone; undefined where it is proven to: the earlier one’s events, in their
 * order, are the beginning of the later one’s. Take both from `parseCheckpoint`, and check their signatures with `signedBy`.
 */
export function continuationProblem(
  { checkpoint: later, consistency }: Checkpoint,
  { checkpoint: earlier }: { readonly checkpoint: CheckpointStatement },
): string | undefined {
  const { previous } = later
  if (previous === null) return 'it names no checkpoint before it'
  if (previous.digest !== checkpointDigest(earlier))
    return 'the one that it names as the one before is another: one between them is missing, or was replaced'
  const isBeginning = isConsistent(
    [earlier.events, fromHex(earlier.root)],
    [later.events, fromHex(later.root)],
    consistency.map(fromHex),
  )
  return isBeginning ? undefined : 'it does not prove that it begins with the events of the one before'
}
