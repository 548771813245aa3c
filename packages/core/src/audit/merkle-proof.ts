import { merkleTree, nodeHash } from './merkle-tree.ts'
import type { Hash, MerkleTree } from './merkle-tree.ts'

/** Some leaves in a row, from the first (inclusive) to the last (exclusive). A proof is the roots of a few of them. */
export type LeafRange = { readonly from: number; readonly to: number }

/**
 * The ranges whose roots prove that leaf `index` is in a tree of `size` leaves, from the leaf up (RFC 9162, 2.1.3.1). Those before the
 * leaf are the complete trees that the leaves before it consist of.
 */
export function inclusionRanges(index: number, size: number): readonly LeafRange[] {
  const ranges: LeafRange[] = []
  let [from, to] = [0, size]
  while (to - from > 1) {
    const middle = from + split(to - from)
    ranges.push(index < middle ? { from: middle, to } : { from, to: middle })
    if (index < middle) to = middle
    else from = middle
  }
  return ranges.toReversed()
}

/** The ranges whose roots prove that a tree of `size` leaves begins with the one of `before` leaves (RFC 9162, 2.1.4.1). */
export function consistencyRanges(before: number, size: number): readonly LeafRange[] {
  if (before === 0 || before === size) return []
  const ranges: LeafRange[] = []
  let [from, to, isWhole] = [0, size, true]
  while (before !== to) {
    const middle = from + split(to - from)
    if (before <= middle) {
      ranges.push({ from: middle, to })
      to = middle
    } else {
      ranges.push({ from, to: middle })
      from = middle
      isWhole = false
    }
  }
  if (!isWhole) ranges.push({ from, to })
  return ranges.toReversed()
}

/** A tree of which only size and frontier are known. */
export type KnownTree = { readonly size: number; readonly frontier: readonly Hash[] }

/** Collects what a proof needs from leaves that pass by in order, before it is known how many there will be. */
export interface ProofRoots {
  /** Takes the next leaf. */
  add(leaf: Hash): void
  /** The roots of the ranges of a proof over all leaves so far, in their order. */
  roots(ranges: readonly LeafRange[]): readonly Hash[]
}

/**
 * Starts to collect for proofs that have `known` on their left, from leaf `from` on. Whatever the size of the tree will be, the ranges on the right are
 * the same, but for the last one, which ends with it: each is as wide as its beginning is divisible by powers of two.
 */
export function proofRoots(known: KnownTree, from: number): ProofRoots {
  const begun = new Map(completeRanges(known.size).map((range, place) => [keyOf(range), known.frontier[place]]))
  const right: { readonly from: number; readonly to: number; readonly tree: MerkleTree }[] = []
  let index = from

  return {
    add(leaf) {
      let range = right.at(-1)
      if (range === undefined || index >= range.to) {
        range = { from: index, to: index + alignment(index), tree: merkleTree() }
        right.push(range)
      }
      range.tree.add(leaf)
      index++
    },
    roots: (ranges) =>
      ranges.map((range) => {
        const found = right.find((one) => one.from === range.from && Math.min(one.to, index) === range.to)
        const root = found?.tree.root() ?? begun.get(keyOf(range))
        if (root === undefined) throw new Error(`leaves ${range.from} to ${range.to} were not collected`)
        return root
      }),
  }
}

/** The largest power of two that divides a number; everything divides 0. */
function alignment(index: number): number {
  if (index === 0) return Infinity
  let width = 1
  while (index % (width * 2) === 0) width *= 2
  return width
}

/** The complete trees that a tree of some size consists of, largest first. */
export function completeRanges(size: number): readonly LeafRange[] {
  const ranges: LeafRange[] = []
  for (let from = 0, left = size; left > 0;) {
    let width = 1
    while (width * 2 <= left) width *= 2
    ranges.push({ from, to: from + width })
    from += width
    left -= width
  }
  return ranges
}

/** The root that follows from a leaf, its index and its path; undefined where the path does not have the length that it must have. */
export function rootByInclusion(leaf: Hash, index: number, size: number, path: readonly Hash[]): Hash | undefined {
  const ranges = index < size ? inclusionRanges(index, size) : undefined
  if (ranges?.length !== path.length) return undefined
  return path.reduce((node, sibling, place) => {
    const isLeft = (ranges[place]?.to ?? 0) <= index
    return isLeft ? nodeHash(sibling, node) : nodeHash(node, sibling)
  }, leaf)
}

/**
 * Whether a proof shows that the tree of `size` leaves with root `root` begins with the one of `before` leaves with root `rootBefore`. Every
 * tree begins with the one of no leaves.
 */
export function isConsistent(
  [before, rootBefore]: readonly [size: number, root: Hash],
  [size, root]: readonly [size: number, root: Hash],
  proof: readonly Hash[],
): boolean {
  if (before > size || proof.length !== consistencyRanges(before, size).length) return false
  if (before === 0) return true
  const left = [...proof]
  const found = rootsByConsistency(before, size, rootBefore, left)
  return found !== undefined && isEqual(found.before, rootBefore) && isEqual(found.after, root)
}

type Roots = { readonly before: Hash; readonly after: Hash }

/** Both roots as the proof tells them; `rootBefore` stands for the first tree where that is a part of the second as it is. */
function rootsByConsistency(
  before: number,
  size: number,
  rootBefore: Hash | undefined,
  proof: Hash[],
): Roots | undefined {
  if (before === size) {
    const root = rootBefore ?? proof.shift()
    return root === undefined ? undefined : { before: root, after: root }
  }
  const middle = split(size)
  const isLeft = before <= middle
  const part = isLeft
    ? rootsByConsistency(before, middle, rootBefore, proof)
    : rootsByConsistency(before - middle, size - middle, undefined, proof)
  const sibling = proof.shift()
  if (part === undefined || sibling === undefined) return undefined
  return isLeft
    ? { before: part.before, after: nodeHash(part.after, sibling) }
    : { before: nodeHash(sibling, part.before), after: nodeHash(sibling, part.after) }
}

function isEqual(one: Hash, other: Hash): boolean {
  return Buffer.compare(one, other) === 0
}

/** Where a tree of more than one leaf is split: the largest power of two that is smaller than its size. */
function split(size: number): number {
  let middle = 1
  while (middle * 2 < size) middle *= 2
  return middle
}

function keyOf({ from, to }: LeafRange): string {
  return `${from}-${to}`
}
