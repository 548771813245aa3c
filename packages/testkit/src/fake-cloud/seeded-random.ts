/** Where a generator stands: a number, so that it can be saved with everything else. */
export type RandomState = { random: number }

/** The next number in [0, 1) of a seeded generator (mulberry32, public domain, by Tommy Ettinger). */
export function nextRandom(state: RandomState): number {
  state.random = (state.random + 0x6d2b79f5) >>> 0
  let mixed = state.random
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}

/** Numbers in [0, 1) that a seed repeats, for tests that print theirs and take one. */
export function randomNumbers(seed: number): () => number {
  const state = { random: seed }
  return () => nextRandom(state)
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Random-looking letters, as in the immutable ids that clouds give. */
export function randomLetters(state: RandomState, length: number): string {
  return Array.from({ length }, () => LETTERS[Math.floor(nextRandom(state) * LETTERS.length)]).join('')
}
