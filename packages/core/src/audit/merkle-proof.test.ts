import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { consistencyRanges, inclusionRanges, isConsistent, proofRoots, rootByInclusion } from './merkle-proof.ts'
import type { LeafRange } from './merkle-proof.ts'
import { frontierLength, leafHash, merkleTree } from './merkle-tree.ts'
import type { Hash } from './merkle-tree.ts'

const LEAVES = 70

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** The definition of RFC 9162, 2.1.1, word for word: slow, and not ours. */
function definedRoot(data: readonly Uint8Array[]): Buffer {
  if (data.length === 0) return sha256()
  const [only] = data
  if (data.length === 1 && only !== undefined) return sha256(Uint8Array.of(0), only)
  let k = 1
  while (k * 2 < data.length) k *= 2
  return sha256(Uint8Array.of(1), definedRoot(data.slice(0, k)), definedRoot(data.slice(k)))
}

const data = Array.from({ length: LEAVES }, (_, index) => sha256(Buffer.from(`event ${index}`)))
const leaves = data.map(leafHash)

function treeOf(size: number): ReturnType<typeof merkleTree> {
  const tree = merkleTree()
  for (const leaf of leaves.slice(0, size)) tree.add(leaf)
  return tree
}

/** The roots of ranges as they are defined. */
function defined(ranges: readonly LeafRange[]): readonly Hash[] {
  return ranges.map(({ from, to }) => definedRoot(data.slice(from, to)))
}

/** The same, collected from the leaves from `from` on, with the frontier of those before `known`. */
function collected(ranges: readonly LeafRange[], size: number, known: number, from: number): readonly Hash[] {
  const roots = proofRoots({ size: known, frontier: treeOf(known).frontier() }, from)
  for (const leaf of leaves.slice(from, size)) roots.add(leaf)
  return roots.roots(ranges)
}

const hex = (hash: Hash | undefined): string => Buffer.from(hash ?? []).toString('hex')

test('AUDIT 12 | the root of a tree that keeps only its frontier is the one that RFC 9162 defines, wherever it is continued', () => {
  for (let size = 0; size <= LEAVES; size++) {
    const tree = treeOf(size)
    expect(hex(tree.root())).toBe(definedRoot(data.slice(0, size)).toString('hex'))
    expect(tree.frontier()).toHaveLength(frontierLength(size))
    const continued = merkleTree({ size, frontier: tree.frontier() })
    for (const leaf of leaves.slice(size)) continued.add(leaf)
    expect(hex(continued.root())).toBe(hex(treeOf(LEAVES).root()))
  }
})

test('AUDIT 12 | each leaf is proven by a path of logarithmic length, and no other leaf, place, size or path is', () => {
  for (let size = 1; size <= 33; size++) {
    const root = hex(treeOf(size).root())
    for (let index = 0; index < size; index++) {
      const path = defined(inclusionRanges(index, size))
      const leaf = leaves[index] ?? Buffer.alloc(32)
      expect(hex(rootByInclusion(leaf, index, size, path))).toBe(root)
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)))
      expect(collected(inclusionRanges(index, size), size, index, index + 1).map(hex)).toEqual(path.map(hex))
      expect(hex(rootByInclusion(leaves[(index + 1) % LEAVES] ?? leaf, index, size, path))).not.toBe(root)
      expect(rootByInclusion(leaf, index, size, [...path, leaf])).toBeUndefined()
      expect(rootByInclusion(leaf, size, size, path)).toBeUndefined()
      if (path.length > 0) expect(rootByInclusion(leaf, index, size, path.slice(1))).toBeUndefined()
      for (const other of [index - 1, index + 1])
        if (other >= 0 && other < size) expect(hex(rootByInclusion(leaf, other, size, path))).not.toBe(root)
    }
  }
})

test('AUDIT 12 | a tree is proven to begin with every earlier one, from the frontier of that and what came since; another one is not', () => {
  const other = hex(leaves[0])
  for (let size = 0; size <= 33; size++) {
    const root = treeOf(size).root()
    for (let before = 0; before <= size; before++) {
      const earlier = treeOf(before).root()
      const proof = collected(consistencyRanges(before, size), size, before, before)
      expect(proof.map(hex)).toEqual(defined(consistencyRanges(before, size)).map(hex))
      expect(isConsistent([before, earlier], [size, root], proof)).toBe(true)
      expect(isConsistent([before, earlier], [size, root], [...proof, earlier])).toBe(false)
      if (before > 0) expect(isConsistent([before, Buffer.from(other, 'hex')], [size, root], proof)).toBe(before === 1)
      if (before < size) {
        expect(isConsistent([size, root], [before, earlier], proof)).toBe(false)
        expect(isConsistent([before + 1, earlier], [size, root], proof)).toBe(false)
      }
    }
  }
})

test('AUDIT 12 | counts beyond 32 bits are counted exactly', () => {
  const size = 2 ** 40 + 5
  expect(inclusionRanges(size - 1, size)).toEqual([
    { from: 2 ** 40, to: 2 ** 40 + 4 },
    { from: 0, to: 2 ** 40 },
  ])
  expect(frontierLength(size)).toBe(3)
})
