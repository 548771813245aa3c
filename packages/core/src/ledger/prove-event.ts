import { eventLeaf, parseCheckpoint, toHex } from '../audit/checkpoint.ts'
import type { Checkpoint } from '../audit/checkpoint.ts'
import { signedBy } from '../audit/checkpoint-signature.ts'
import { PROOF_VERSION } from '../audit/event-proof.ts'
import type { EventProof } from '../audit/event-proof.ts'
import { inclusionRanges, proofRoots } from '../audit/merkle-proof.ts'
import type { ProofRoots } from '../audit/merkle-proof.ts'
import { merkleTree } from '../audit/merkle-tree.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import { eachEvent } from './each-event.ts'
import type { ReadOptions } from './each-event.ts'

/** Which event is meant: its id, or its place where the id stands in several streams. */
export type EventReference = string | { readonly stream: string; readonly revision: number }

/** What a proof is made with. */
export type ProofOptions = ReadOptions & {
  /** A checkpoint made after the event was recorded. */
  readonly checkpoint: Checkpoint
  /** Public keys in PEM: the checkpoint must be signed by one of them. */
  readonly keys?: readonly string[]
}

type Found = { readonly event: RecordedEvent; readonly index: number; readonly roots: ProofRoots }

/**
 * Proves one event by one pass over what the checkpoint covers. Throws `event-not-found` where it is not among that, `checkpoint-mismatch` where the
 * ledger is not the one that the checkpoint was made of (any more), `checkpoint-untrusted`, `input-invalid`.
 */
export async function proveEvent(
  store: EventStore,
  reference: EventReference,
  { checkpoint: given, keys, ...read }: ProofOptions,
): Promise<EventProof> {
  const { checkpoint, signatures } = parseCheckpoint(given)
  if (keys !== undefined) signedBy({ checkpoint, signatures }, keys)
  const tree = merkleTree()
  let found: Found | undefined
  await eachEvent(store, { ...read, total: checkpoint.events }, (event) => {
    if (tree.size === checkpoint.events) return 'stop'
    const leaf = eventLeaf(event)
    if (isMeant(event, reference)) {
      if (found !== undefined) throw ambiguous(reference, [found.event, event])
      const known = { size: tree.size, frontier: tree.frontier() }
      found = { event, index: tree.size, roots: proofRoots(known, tree.size + 1) }
    } else found?.roots.add(leaf)
    tree.add(leaf)
    return undefined
  })
  if (tree.size !== checkpoint.events || toHex(tree.root()) !== checkpoint.root) throw mismatch(checkpoint.events)
  if (found === undefined) throw notFound(reference, checkpoint.createdAt)
  const { event, index, roots } = found
  const path = roots.roots(inclusionRanges(index, checkpoint.events)).map(toHex)
  const { position, ...fields } = event
  const proven = { ...fields, position: String(position) }
  return {
    format: 'infraledger-proof',
    version: PROOF_VERSION,
    event: proven,
    index,
    path,
    checkpoint,
    signatures: [...signatures],
  }
}

function isMeant({ id, stream, revision }: RecordedEvent, reference: EventReference): boolean {
  return typeof reference === 'string'
    ? id === reference
    : stream === reference.stream && revision === reference.revision
}

function nameOf(reference: EventReference): string {
  return typeof reference === 'string' ? reference : `revision ${reference.revision} of ${reference.stream}`
}

function notFound(reference: EventReference, createdAt: string): LedgerError<'event-not-found'> {
  const event = nameOf(reference)
  const problem = `it is not among what the checkpoint of ${createdAt} covers`
  const message = `there is no event ${event}: ${problem}. If it was recorded later, prove it with a newer checkpoint.`
  return new LedgerError('event-not-found', message, { event, problem })
}

function ambiguous(reference: EventReference, events: readonly RecordedEvent[]): LedgerError<'input-invalid'> {
  const places = events.map(({ stream, revision }) => `revision ${revision} of ${stream}`).join(' and ')
  const problem = `is the id of ${places}`
  const message = `${nameOf(reference)} ${problem}: give the stream and the revision instead.`
  return new LedgerError('input-invalid', message, { what: 'event', issues: [{ path: 'event', problem }] })
}

function mismatch(events: number): LedgerError<'checkpoint-mismatch'> {
  const problem = `its first ${events} events are not those that the checkpoint was made of`
  const message = `this ledger does not fit the checkpoint: ${problem}. Verify it against the checkpoint to see where they part.`
  return new LedgerError('checkpoint-mismatch', message, { problem })
}
