import { hash } from 'node:crypto'

/** A SHA-256, 32 bytes. */
export type Hash = Uint8Array

/**
 * A Merkle tree that grows by leaves and keeps only its frontier: the roots of the complete trees that it consists of, largest first, one
 * for each bit of its size. That is all it takes to go on, and to answer with the root.
 */
export interface MerkleTree {
  /** How many leaves it has. */
  readonly size: number
  /** Adds a leaf, as made by {@link leafHash}. */
  add(leaf: Hash): void
  frontier(): readonly Hash[]
  root(): Hash
}

/** Most leaves of a tree: counts stay exact. */
export const LEAVES_LIMIT = Number.MAX_SAFE_INTEGER

/** Starts a tree, or goes on with one of which only size and frontier were kept. */
export function merkleTree(begun: { readonly size: number; readonly frontier: readonly Hash[] } = EMPTY): MerkleTree {
  const complete = [...begun.frontier]
  let { size } = begun

  return {
    get size() {
      return size
    },
    add(leaf) {
      let node = leaf
      // As in binary counting: each trailing one of the size is a complete tree that this one completes to the next larger.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = complete.pop()
        if (left === undefined) throw new Error(`a tree of ${size} leaves has a frontier that is too short`)
        node = nodeHash(left, node)
      }
      complete.push(node)
      size++
    },
    frontier: () => [...complete],
    root: () => rootOf(complete),
  }
}

const EMPTY = { size: 0, frontier: [] }

/** How many complete trees one of this size consists of. */
export function frontierLength(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}

/** The root over a frontier: the smaller trees are joined first. That of no leaves is the hash of nothing (RFC 9162, 2.1.1). */
export function rootOf(frontier: readonly Hash[]): Hash {
  return frontier.length === 0
    ? hash('sha256', '', 'buffer')
    : frontier.reduceRight((right, left) => nodeHash(left, right))
}

/** The hash of a leaf: tagged, so that no leaf can be taken for an inner node (RFC 9162, 2.1.1). */
export function leafHash(data: Uint8Array): Hash {
  return tagged(0x00, [data])
}

/** The hash of an inner node. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return tagged(0x01, [left, right])
}

function tagged(tag: number, parts: readonly Uint8Array[]): Hash {
  return hash('sha256', Buffer.concat([Uint8Array.of(tag), ...parts]), 'buffer')
}
