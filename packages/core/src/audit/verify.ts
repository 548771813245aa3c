import type { StreamHead } from '../event-store/codec.ts'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import type { CheckpointComparison } from './checkpoint-comparison.ts'

/** What was done to a ledger, as far as its first event that does not fit shows. */
export type Tampering = 'edited' | 'removed' | 'reordered' | 'inserted'

/** The first event that does not fit. */
export type IntegrityProblem = {
  readonly kind: Tampering
  readonly stream: string
  readonly revision: number
  readonly position: bigint
  readonly id: string
  /** What is wrong with it, in words. */
  readonly problem: string
}

/** How far a ledger was found intact. */
export type IntegrityReport = {
  readonly intact: boolean
  /** Events that were checked. */
  readonly events: number
  /** Last revision and hash of each stream: compare them with ones kept elsewhere, for a chain cannot show that its end was cut off. */
  readonly heads: ReadonlyMap<string, { readonly revision: number; readonly hash: string }>
  /** Of the last event that was looked at; 0n where there was none. */
  readonly lastPosition: bigint
  /** What a verification from a checkpoint on took that one’s word for. */
  readonly unchecked?: { readonly events: number; readonly upTo: bigint }
  readonly problem?: IntegrityProblem
  /** How the ledger compares with a checkpoint, where one was given. It is intact only where both hold. */
  readonly checkpoint?: CheckpointComparison
}

/** Where a verification begins that takes the word of a checkpoint for everything before. */
export type VerifiedBefore = {
  readonly events: number
  readonly position: bigint
  readonly heads: ReadonlyMap<string, StreamHead>
}

/** Holds events, given one by one in the store's order, against their chain. */
export interface Verifier {
  /**
   * Undefined as long as everything fits; once something did not, always that. What is missing counts as removed until it turns up
   * elsewhere: going on to the end tells removed and reordered apart.
   */
  check(event: RecordedEvent): IntegrityProblem | undefined
  report(): IntegrityReport
  /** Where each stream ends, as of now: what the chain goes on with. */
  heads(): ReadonlyMap<string, StreamHead>
}

/**
 * Starts a verification: positions in order (without gaps where the store says `dense`), revisions of each stream without gaps, each event
 * chained to the one before, its hash computed again from the very text that is stored, and its columns as its metadata says. It keeps the
 * head of each stream and nothing else. With `before` it begins behind a checkpoint.
 */
export function verifier(options: {
  readonly positions: 'dense' | 'monotonic'
  readonly before?: VerifiedBefore | undefined
}): Verifier {
  const { before } = options
  const heads = new Map<string, StreamHead>(before?.heads)
  let events = 0
  let position = before?.position ?? 0n
  let problem: IntegrityProblem | undefined
  let missing: Missing | undefined

  return {
    heads: () => heads,
    check(event) {
      if (problem !== undefined) {
        if (turnsUp(event, missing)) problem = { ...problem, kind: 'reordered' }
        return problem
      }
      const head = heads.get(event.stream)
      const found =
        wrongPlace(event, position, options.positions) ?? wrongRevision(event, head) ?? wrongContent(event, head)
      if (found !== undefined) {
        const { stream, revision, id } = event
        problem = { ...found, stream, revision, position: event.position, id }
        missing =
          found.kind === 'removed'
            ? { stream, revision: (head?.revision ?? -1) + 1, position: position + 1n }
            : undefined
        return problem
      }
      events++
      position = event.position
      heads.set(event.stream, { revision: event.revision, hash: event.hash, recordedAt: event.recordedAt })
      return undefined
    },
    report() {
      return {
        intact: problem === undefined,
        events,
        heads: new Map([...heads].map(([stream, { revision, hash }]) => [stream, { revision, hash }])),
        lastPosition: position,
        ...(before === undefined ? {} : { unchecked: { events: before.events, upTo: before.position } }),
        ...(problem === undefined ? {} : { problem }),
      }
    },
  }
}

type Found = { readonly kind: Tampering; readonly problem: string }

/** What should have stood where the first problem was found. */
type Missing = { readonly stream: string; readonly revision: number; readonly position: bigint }

function turnsUp({ stream, revision, position }: RecordedEvent, missing: Missing | undefined): boolean {
  return position === missing?.position || (stream === missing?.stream && revision === missing.revision)
}

function wrongPlace({ position }: RecordedEvent, before: bigint, positions: 'dense' | 'monotonic'): Found | undefined {
  if (position === before)
    return { kind: 'inserted', problem: `stands at position ${position}, where another event stands already` }
  if (position < before)
    return { kind: 'reordered', problem: `stands at position ${position}, after position ${before}` }
  if (positions === 'dense' && position !== before + 1n) {
    return {
      kind: 'removed',
      problem: `follows position ${before} at position ${position}: what stood between is gone`,
    }
  }
  return undefined
}

function wrongRevision(
  { stream, revision, previousHash }: RecordedEvent,
  head: StreamHead | undefined,
): Found | undefined {
  const expected = (head?.revision ?? -1) + 1
  if (revision === expected) return undefined
  const last = head === undefined ? 'at the beginning' : `after revision ${head.revision}`
  if (revision > expected)
    return { kind: 'removed', problem: `is revision ${revision} of ${stream} ${last}: what was between is gone` }
  const isCopy = head !== undefined && revision === head.revision
  return isCopy || previousHash === head?.hash
    ? { kind: 'inserted', problem: `is revision ${revision} of ${stream}, which is there already` }
    : { kind: 'reordered', problem: `is revision ${revision} of ${stream} ${last}` }
}

function wrongContent(event: RecordedEvent, head: StreamHead | undefined): Found | undefined {
  const { stream, revision, recordedAt } = event
  if (hashEvent(stream, revision, event) !== event.hash) {
    return { kind: 'edited', problem: 'does not have the content that its hash was made of' }
  }
  if (event.previousHash !== (head?.hash ?? GENESIS_HASH)) {
    return {
      kind: 'edited',
      problem:
        'was written after another event than the one that stands before it now: that one was edited or replaced',
    }
  }
  const stated = recordedAtOf(event.metadata)
  if (stated !== recordedAt)
    return { kind: 'edited', problem: `says ${recordedAt} in its column and ${stated ?? 'nothing'} in its metadata` }
  if (head !== undefined && recordedAt < head.recordedAt) {
    return { kind: 'reordered', problem: `was recorded at ${recordedAt}, before its predecessor at ${head.recordedAt}` }
  }
  return undefined
}

function recordedAtOf(metadata: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(metadata)
    if (typeof parsed !== 'object' || parsed === null || !('recordedAt' in parsed)) return undefined
    return typeof parsed.recordedAt === 'string' ? parsed.recordedAt : undefined
  } catch {
    // What cannot be read says nothing; the caller reports it.
    return undefined
  }
}
