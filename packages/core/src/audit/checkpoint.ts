import { hash } from 'node:crypto'
import { z } from 'zod'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { positionTextSchema, sha256Schema } from '../event-store/event-schema.ts'
import { invalidInput } from '../invalid-input.ts'
import { canonicalJson } from '../json.ts'
import type { JsonValue } from '../json.ts'
import { LedgerError, rejectionError } from '../ledger-error.ts'
import { frontierLength, leafHash, LEAVES_LIMIT, rootOf } from './merkle-tree.ts'
import type { Hash } from './merkle-tree.ts'

/** The version of a checkpoint's form that this library writes and reads. */
export const CHECKPOINT_VERSION = 1

/** Streams of a checkpoint's list of heads, signatures of one checkpoint, characters of a ledger's name. */
export const CHECKPOINT_LIMITS = { heads: 1_000_000, signatures: 16, ledgerCharacters: 256 } as const

/** Most hashes of a frontier or proof: two for each level of a tree of {@link LEAVES_LIMIT} leaves. */
export const PROOF_HASHES = 108

const count = z.number().int().nonnegative().max(LEAVES_LIMIT)

/** What a checkpoint states, and what is signed: everything else in its file follows from it. */
export const checkpointStatementSchema = z.strictObject({
  format: z.literal('infraledger-checkpoint'),
  version: z.literal(CHECKPOINT_VERSION),
  /** What the ledger is called; a store's name where nobody gave another one. */
  ledger: z.string().min(1).max(CHECKPOINT_LIMITS.ledgerCharacters),
  createdAt: z.iso.datetime(),
  events: count,
  positions: z.enum(['dense', 'monotonic']),
  /** The last event that it covers; null while there is none. */
  last: z
    .strictObject({ position: positionTextSchema, stream: z.string().min(1), revision: count, hash: sha256Schema })
    .nullable(),
  /** Root of the Merkle tree (RFC 9162) over the hashes of all events, in the order of the store. */
  root: sha256Schema,
  /** Roots of the complete trees that this one consists of, largest first: where the next checkpoint goes on. */
  frontier: z.array(sha256Schema).max(PROOF_HASHES),
  streams: count,
  /** SHA-256 of the list of heads in its canonical form (RFC 8785). */
  heads: sha256Schema,
  /** The checkpoint before, so that a dropped one shows. */
  previous: z.strictObject({ digest: sha256Schema, events: count, root: sha256Schema }).nullable(),
})

/** Where a stream ended. */
const headSchema = z.strictObject({
  stream: z.string().min(1),
  revision: count,
  hash: sha256Schema,
  recordedAt: z.string(),
})

/** A signature of a statement: Ed25519, by the key with this fingerprint. */
export const signatureSchema = z.strictObject({
  algorithm: z.literal('Ed25519'),
  keyId: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and the SHA-256 of the public key'),
  signature: z.base64().length(88, 'must be 64 bytes in base64'),
})

const checkpointSchema = z.strictObject({
  checkpoint: checkpointStatementSchema,
  signatures: z.array(signatureSchema).max(CHECKPOINT_LIMITS.signatures),
  /** Shows that the tree begins with the previous checkpoint's (RFC 9162, 2.1.4). */
  consistency: z.array(sha256Schema).max(PROOF_HASHES),
  /** Sorted by stream. May be left out: everything but going on from here, and naming what is missing, works without. */
  heads: z.array(headSchema).max(CHECKPOINT_LIMITS.heads).optional(),
})

/** What a checkpoint states; see {@link checkpointStatementSchema}. */
export type CheckpointStatement = Readonly<z.infer<typeof checkpointStatementSchema>>
export type CheckpointHead = Readonly<z.infer<typeof headSchema>>
export type CheckpointSignature = Readonly<z.infer<typeof signatureSchema>>

/**
 * What a ledger held at a moment: all events in their order by one hash, and where each stream ended. Plain JSON, to be kept where the
 * ledger’s administrators cannot write.
 */
export type Checkpoint = Readonly<z.infer<typeof checkpointSchema>>

/** Reads a checkpoint from outside and holds it against itself. Throws `input-invalid`. */
export function parseCheckpoint(input: unknown): Checkpoint {
  const parsed = checkpointSchema.safeParse(input)
  if (!parsed.success) throw rejectionError(invalidInput('checkpoint', parsed.error))
  const { checkpoint, heads } = parsed.data
  checkStatement(checkpoint)
  if (heads !== undefined && (heads.length !== checkpoint.streams || headsDigest(heads) !== checkpoint.heads))
    throw invalidCheckpoint('heads', 'are not those that the checkpoint was made of')
  return parsed.data
}

/** Holds a statement against itself. Throws `input-invalid`. */
export function checkStatement({ root, frontier, events, last, positions }: CheckpointStatement): void {
  const isWhole = frontier.length === frontierLength(events) && toHex(rootOf(frontier.map(fromHex))) === root
  if (!isWhole) throw invalidCheckpoint('frontier', 'does not lead to the root')
  const isCounted = last === null ? events === 0 : positions === 'monotonic' || last.position === String(events)
  if (!isCounted) throw invalidCheckpoint('last', 'does not fit the number of events')
}

/** The digest of a checkpoint: SHA-256 of its statement in canonical form (RFC 8785). It is what is signed, and what the next one names. */
export function checkpointDigest(statement: CheckpointStatement): string {
  return digestOf(statement)
}

/** The digest of a list of heads, which must be sorted by stream. */
export function headsDigest(heads: readonly CheckpointHead[]): string {
  return digestOf(heads)
}

/** The leaf of an event: its hash covers everything but its position, and its place in the tree is its place in the order. */
export function eventLeaf({ hash: eventHash }: Pick<RecordedEvent, 'hash'>): Hash {
  return leafHash(fromHex(eventHash))
}

export function fromHex(hex: string): Hash {
  return Buffer.from(hex, 'hex')
}

export function toHex(bytes: Hash): string {
  return Buffer.from(bytes).toString('hex')
}

function digestOf(value: JsonValue): string {
  return hash('sha256', canonicalJson(value))
}

function invalidCheckpoint(path: string, problem: string): LedgerError<'input-invalid'> {
  const message = `the checkpoint is not valid: its ${path} ${problem}. It was changed, or is not whole.`
  return new LedgerError('input-invalid', message, { what: 'checkpoint', issues: [{ path, problem }] })
}
