import type { MeasuredStore } from './measured-store.ts'
import { WORKS } from './works.ts'
import type { Sizes, Work } from './works.ts'

/** Who takes part in a comparison, in this process or in one of its own. */
export type Contender = {
  readonly name: string
  /** Does a work and answers the milliseconds that it took. */
  readonly run: (work: Work, round: number) => Promise<number>
  readonly close: () => Promise<void>
}

/** A store that is measured in this process. */
export function contender(name: string, store: MeasuredStore, sizes: Sizes): Contender {
  return { name, run: (work, round) => WORKS[work](store, sizes, round), close: () => store.close() }
}
