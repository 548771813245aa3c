import fc from 'fast-check'
import type { StoreFault } from '../store.fixture.ts'
import { a, gap, HOUR, pick } from './arbitrary.fixture.ts'
import type { Pick } from './command.fixture.ts'

/** What happens to the processes, their store and their clock. */
export type RunningCommand =
  | { readonly type: 'reconcile'; readonly node: Pick | null }
  | { readonly type: 'store-fault'; readonly fault: StoreFault; readonly nth: number }
  | { readonly type: 'pass'; readonly milliseconds: number; readonly suspended: boolean }
  | { readonly type: 'window' }
  | { readonly type: 'restart' }
  /** The process stands still for so long: what it waits for, and what it was about to do. */
  | { readonly type: 'suspend'; readonly milliseconds: number }
  /** Somebody sets the clock of all machines by so much. */
  | { readonly type: 'set-clock'; readonly byMs: number }
  | { readonly type: 'snapshot' }

export const reconcile = a('reconcile', { node: fc.option(pick, { freq: 3 }) })
export const scan = a('reconcile', { node: fc.constant(null) })
export const storeFault = a('store-fault', {
  fault: fc.constantFrom<StoreFault>('written-unheard', 'lost-unheard', 'down'),
  nth: fc.integer({ min: 1, max: 12 }),
})
export const pass = a('pass', { milliseconds: gap, suspended: fc.boolean() })
export const window = a('window')
export const restart = a('restart')
export const suspend = a('suspend', { milliseconds: fc.constantFrom(10_000, 59_000, 180_000, HOUR) })
export const setClock = a('set-clock', { byMs: fc.constantFrom(-90_000, -5_000, 30_000, 1_200_000) })
export const setClockFar = a('set-clock', { byMs: fc.constantFrom(-90_000, 3 * HOUR) })
export const snapshot = a('snapshot')
