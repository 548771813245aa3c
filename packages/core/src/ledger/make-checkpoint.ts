import {
  eventLeaf,
  fromHex,
  CHECKPOINT_VERSION,
  checkpointDigest,
  headsDigest,
  parseCheckpoint,
  toHex,
} from '../audit/checkpoint.ts'
import type { Checkpoint, CheckpointStatement } from '../audit/checkpoint.ts'
import { signedBy, signStatement } from '../audit/checkpoint-signature.ts'
import type { Signer } from '../audit/checkpoint-signature.ts'
import { consistencyRanges, proofRoots } from '../audit/merkle-proof.ts'
import type { KnownTree } from '../audit/merkle-proof.ts'
import { merkleTree } from '../audit/merkle-tree.ts'
import { verifier } from '../audit/verify.ts'
import type { IntegrityProblem } from '../audit/verify.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import { beforeCheckpoint } from './before-checkpoint.ts'
import { eachEvent } from './each-event.ts'
import type { ReadOptions } from './each-event.ts'

/** What a checkpoint is made with. */
export type CheckpointOptions = ReadOptions & {
  /** The checkpoint before. Only what came after it is read, checked and added; the new one names it, and proves that it goes on from it. */
  readonly previous?: Checkpoint
  /** Who signs it; without, it is only as safe as the place where it is kept. */
  readonly signers?: readonly Signer[]
  /** Public keys in PEM of who may have signed the one before; default those of the signers. */
  readonly keys?: readonly string[]
  /** What the ledger is called in it; default the store’s name. */
  readonly name?: string
}

/**
 * Makes a checkpoint of all events up to the last one there is, checking each on the way. Events that are appended meanwhile are in the next one:
 * it covers the beginning of the store up to one position. Throws `ledger-not-intact`, `checkpoint-mismatch` where the ledger does not go on from
 * `previous`, `checkpoint-untrusted` where that is signed by none of the keys, `input-invalid`.
 */
export async function makeCheckpoint(
  store: EventStore,
  createdAt: Date,
  { previous: given, signers = [], keys, name, ...read }: CheckpointOptions = {},
): Promise<Checkpoint> {
  const previous = given === undefined ? undefined : trustedPrevious(given, signers, keys)
  const before = previous === undefined ? undefined : await beforeCheckpoint(store, previous)
  const chain = verifier({ positions: store.positions, before })
  const begun = frontierOf(previous?.checkpoint)
  const tree = merkleTree(begun)
  const collected = proofRoots(begun, begun.size)
  let last: RecordedEvent | undefined
  await eachEvent(store, { ...read, after: before?.position ?? 0n }, (event) => {
    const problem = chain.check(event)
    if (problem !== undefined) throw notIntact(problem)
    const leaf = eventLeaf(event)
    tree.add(leaf)
    collected.add(leaf)
    last = event
    return undefined
  })
  const heads = [...chain.heads()].map(([stream, head]) => ({ stream, ...head })).toSorted(byStream)
  const statement: CheckpointStatement = {
    format: 'infraledger-checkpoint',
    version: CHECKPOINT_VERSION,
    ledger: name ?? previous?.checkpoint.ledger ?? store.name,
    createdAt: createdAt.toISOString(),
    events: tree.size,
    positions: store.positions,
    last: last === undefined ? (previous?.checkpoint.last ?? null) : placeOf(last),
    root: toHex(tree.root()),
    frontier: tree.frontier().map(toHex),
    streams: heads.length,
    heads: headsDigest(heads),
    previous: previous === undefined ? null : linkTo(previous.checkpoint),
  }
  return parseCheckpoint({
    checkpoint: statement,
    signatures: await Promise.all(signers.map((signer) => signStatement(statement, signer))),
    consistency: collected.roots(consistencyRanges(begun.size, tree.size)).map(toHex),
    heads,
  })
}

/** What is gone on with must not be anybody’s: a signature over it would vouch for everything before. */
function trustedPrevious(
  given: Checkpoint,
  signers: readonly Signer[],
  keys: readonly string[] | undefined,
): Checkpoint {
  const previous = parseCheckpoint(given)
  const accepted = keys ?? signers.map(({ publicKey }) => publicKey)
  if (accepted.length > 0) signedBy(previous, accepted)
  return previous
}

function frontierOf(statement: CheckpointStatement | undefined): KnownTree {
  return { size: statement?.events ?? 0, frontier: (statement?.frontier ?? []).map(fromHex) }
}

function placeOf({ position, stream, revision, hash }: RecordedEvent): CheckpointStatement['last'] {
  return { position: String(position), stream, revision, hash }
}

function linkTo(statement: CheckpointStatement): CheckpointStatement['previous'] {
  return { digest: checkpointDigest(statement), events: statement.events, root: statement.root }
}

/** By UTF-16 code units, as canonical JSON sorts. */
function byStream(a: { readonly stream: string }, b: { readonly stream: string }): number {
  return a.stream < b.stream ? -1 : Number(a.stream > b.stream)
}

function notIntact({ stream, revision, problem }: IntegrityProblem): LedgerError<'ledger-not-intact'> {
  const message = `the ledger is not intact: revision ${revision} of ${stream} ${problem}. No checkpoint is made of it.`
  return new LedgerError('ledger-not-intact', message, { stream, revision, problem })
}
