import type { RecordedEvent } from '../event-store/envelope.ts'
import { eventLeaf, toHex } from './checkpoint.ts'
import type { Checkpoint, CheckpointHead } from './checkpoint.ts'
import { completeRanges } from './merkle-proof.ts'
import { merkleTree } from './merkle-tree.ts'

/** What a checkpoint shows that no chain can show. */
export type CheckpointProblem = {
  /**
   * `cut-off`: events at the end of a stream are gone. `stream-missing`: all of them are. `rewritten`: the stream has another history, in
   * which all hashes fit. `reordered`: events of different streams changed places. `inserted`: events stand among those that it covers.
   */
  readonly kind: 'cut-off' | 'stream-missing' | 'rewritten' | 'reordered' | 'inserted'
  readonly stream?: string
  /** The revision at which the stream stood then. */
  readonly revision?: number
  /** What is wrong, in words. */
  readonly problem: string
}

/** How a ledger compares with a checkpoint. */
export type CheckpointComparison = {
  readonly holds: boolean
  readonly ledger: string
  readonly createdAt: string
  /** Events that it covers. */
  readonly events: number
  /** Fingerprints of the given keys by which it is signed; empty where no key was given, so that anybody may have made it. */
  readonly signedBy: readonly string[]
  /** Whether the positions are the ones of then. The order is compared, whatever they are: a restored ledger may count in other steps. */
  readonly positions: 'same' | 'renumbered' | 'not-compared'
  /** Where the order of then and the one of now part at the earliest: both counted from 1, in the order of the store. */
  readonly differsBetween?: { readonly from: number; readonly to: number }
  /** The first ones. */
  readonly problems: readonly CheckpointProblem[]
  readonly problemCount: number
}

/** Problems that a comparison lists; it counts all. */
export const PROBLEMS_LISTED = 100

/** Holds events, given one by one in the store’s order, against a checkpoint. */
export interface CheckpointComparer {
  add(event: RecordedEvent): void
  /** Once all were given. */
  result(): Omit<CheckpointComparison, 'signedBy'>
}

type Seen = { last: number; hashThen: string | undefined }

/** Starts a comparison. It keeps two numbers and a hash of each stream. */
export function checkpointComparer({ checkpoint, heads: listed }: Checkpoint): CheckpointComparer {
  const { last, events: covered } = checkpoint
  const heads = new Map((listed ?? onlyHead(last)).map((head) => [head.stream, head]))
  const seen = new Map<string, Seen>()
  const tree = merkleTree()
  let events = 0
  let frontier: readonly string[] | undefined = covered === 0 ? [] : undefined
  let position: bigint | undefined
  let stranger: RecordedEvent | undefined

  return {
    add(event) {
      const head = heads.get(event.stream)
      const known = seen.get(event.stream) ?? { last: -1, hashThen: undefined }
      seen.set(event.stream, known)
      known.last = Math.max(known.last, event.revision)
      if (event.revision === head?.revision) known.hashThen = event.hash
      if (events >= covered) return
      tree.add(eventLeaf(event))
      events++
      if (listed !== undefined && (head === undefined || event.revision > head.revision)) stranger ??= event
      if (events < covered) return
      frontier = tree.frontier().map(toHex)
      position = event.position
    },
    result() {
      const differs = frontier === undefined ? undefined : firstDifference(checkpoint.frontier, frontier, covered)
      const problems = [...headProblems(heads.values(), seen)]
      if (problems.length === 0 && frontier === undefined) problems.push(tooFew(covered, events))
      if (problems.length === 0 && differs !== undefined) problems.push(orderProblem(stranger, differs))
      const isSame = position === undefined || String(position) === last?.position
      return {
        holds: problems.length === 0,
        ledger: checkpoint.ledger,
        createdAt: checkpoint.createdAt,
        events: covered,
        positions: frontier === undefined || differs !== undefined ? 'not-compared' : isSame ? 'same' : 'renumbered',
        ...(differs === undefined ? {} : { differsBetween: differs }),
        problems: problems.slice(0, PROBLEMS_LISTED),
        problemCount: problems.length,
      }
    },
  }
}

/** Without its list, a checkpoint still tells of one head. */
function onlyHead(
  last: Checkpoint['checkpoint']['last'],
): readonly Pick<CheckpointHead, 'stream' | 'revision' | 'hash'>[] {
  return last === null ? [] : [last]
}

function* headProblems(
  heads: Iterable<Pick<CheckpointHead, 'stream' | 'revision' | 'hash'>>,
  seen: ReadonlyMap<string, Seen>,
): Generator<CheckpointProblem, void> {
  for (const { stream, revision, hash } of heads) {
    const now = seen.get(stream)
    const place = { stream, revision }
    if (now === undefined)
      yield { kind: 'stream-missing', ...place, problem: `${stream} is gone, all ${revision + 1} events of it` }
    else if (now.last < revision)
      yield {
        kind: 'cut-off',
        ...place,
        problem: `${stream} ends at revision ${now.last}: what followed up to revision ${revision} is gone`,
      }
    else if (now.hashThen !== hash)
      yield {
        kind: 'rewritten',
        ...place,
        problem: `${stream} has another history up to revision ${revision}: it, or what stood before it, was written anew`,
      }
  }
}

function tooFew(covered: number, events: number): CheckpointProblem {
  return { kind: 'cut-off', problem: `there were ${covered} events, and there are ${events}: the others are gone` }
}

function orderProblem(
  stranger: RecordedEvent | undefined,
  { from, to }: { readonly from: number; readonly to: number },
): CheckpointProblem {
  const where = `among events ${from} to ${to} in the order of the store`
  if (stranger === undefined)
    return { kind: 'reordered', problem: `events of different streams changed places, or were exchanged, ${where}` }
  const { stream, revision } = stranger
  return {
    kind: 'inserted',
    stream,
    revision,
    problem: `revision ${revision} of ${stream} stands before the end of the checkpoint, which does not know it; the order differs ${where}`,
  }
}

/** Where two trees of one size differ first, as closely as their frontiers tell. */
function firstDifference(
  then: readonly string[],
  now: readonly string[],
  size: number,
): { readonly from: number; readonly to: number } | undefined {
  const place = then.findIndex((root, index) => root !== now[index])
  const range = completeRanges(size)[place]
  return range === undefined ? undefined : { from: range.from + 1, to: range.to }
}
