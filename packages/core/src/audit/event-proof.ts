import { z } from 'zod'
import { recordedEventSchema, sha256Schema } from '../event-store/event-schema.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import { invalidInput } from '../invalid-input.ts'
import { rejectionError } from '../ledger-error.ts'
import {
  CHECKPOINT_LIMITS,
  checkpointStatementSchema,
  checkStatement,
  eventLeaf,
  fromHex,
  PROOF_HASHES,
  signatureSchema,
  toHex,
} from './checkpoint.ts'
import type { CheckpointStatement } from './checkpoint.ts'
import { signedBy } from './checkpoint-signature.ts'
import { rootByInclusion } from './merkle-proof.ts'

/** The version of a proof's form that this library writes and reads. */
export const PROOF_VERSION = 1

const proofSchema = z.strictObject({
  format: z.literal('infraledger-proof'),
  version: z.literal(PROOF_VERSION),
  event: recordedEventSchema,
  /** Place of the event in the order of the store, from 0. */
  index: z.number().int().nonnegative(),
  /** Hashes that lead from the event to the root of the checkpoint (RFC 9162, 2.1.3): nothing can be learned from them about other events. */
  path: z.array(sha256Schema).max(PROOF_HASHES),
  checkpoint: checkpointStatementSchema,
  signatures: z.array(signatureSchema).max(CHECKPOINT_LIMITS.signatures),
})

/** That an event was in a ledger, at its place, when a checkpoint was made. Plain JSON; it holds that event whole, and of others only hashes. */
export type EventProof = Readonly<Omit<z.infer<typeof proofSchema>, 'event'>> & {
  /** With its position in digits. */
  readonly event: Omit<RecordedEvent, 'position'> & { readonly position: string }
}

/** What a proof shows. */
export type ProofReport = {
  readonly proven: boolean
  /** Why it is not. */
  readonly problem?: string
  readonly event: RecordedEvent
  /** Of the ledger and the moment at which the event was in it. */
  readonly checkpoint: Pick<CheckpointStatement, 'ledger' | 'createdAt' | 'events'>
  /** Fingerprints of the given keys that signed the checkpoint. */
  readonly signedBy: readonly string[]
}

/**
 * Checks a proof with nothing but public keys (PEM): that the checkpoint is signed by one of them, that the event’s hash is the one of its very
 * text, and that it is under the checkpoint at its place. Throws `input-invalid` for what is no proof or key, `checkpoint-untrusted`.
 */
export function verifyProof(input: unknown, keys: readonly string[]): ProofReport {
  const parsed = proofSchema.safeParse(input)
  if (!parsed.success) throw rejectionError(invalidInput('proof', parsed.error))
  const { event, checkpoint } = parsed.data
  checkStatement(checkpoint)
  const signers = signedBy(parsed.data, keys)
  const problem = problemOf(parsed.data)
  const { ledger, createdAt, events } = checkpoint
  return {
    proven: problem === undefined,
    ...(problem === undefined ? {} : { problem }),
    event,
    checkpoint: { ledger, createdAt, events },
    signedBy: signers,
  }
}

function problemOf({ event, index, path, checkpoint }: z.infer<typeof proofSchema>): string | undefined {
  if (hashEvent(event.stream, event.revision, event) !== event.hash)
    return 'the event does not have the content that its hash was made of: it was changed'
  const root = rootByInclusion(eventLeaf(event), index, checkpoint.events, path.map(fromHex))
  if (root === undefined || toHex(root) !== checkpoint.root)
    return 'the path does not lead from the event to the checkpoint: the event was not in that ledger, or not at that place'
  if (checkpoint.positions === 'dense' && event.position !== BigInt(index) + 1n)
    return `the event says position ${event.position}, and stood at ${index + 1}`
  return undefined
}
