import fc from 'fast-check'
import { a, pick } from './arbitrary.fixture.ts'
import type { Pick } from './command.fixture.ts'

export type Doing = 'upgrade' | 'grow' | 'lose'
export type Operation = 'any' | 'create' | 'update' | 'remove' | 'snapshot' | 'observe' | 'discover' | 'activity'
export type Fault = (typeof FAULTS)[number]

const FAULTS = [
  'refused',
  'retryable',
  'answer-lost',
  'call-lost',
  'dies-before',
  'dies-after',
  'dies-waiting',
  'midway',
  'unreadable',
] as const

/** What happens behind the ledger's back. */
export type CloudCommand =
  | {
      readonly type: 'edit'
      readonly resource: Pick
      readonly patch: Pick
      readonly when: 'now' | 'maintenance-window'
      readonly who: 'linus' | 'mallory'
    }
  | { readonly type: 'make'; readonly made: Pick }
  /** Somebody gives an identity of ours a right that follows from nothing. */
  | { readonly type: 'grant'; readonly identity: Pick; readonly resource: Pick }
  | { readonly type: 'tear-down'; readonly resource: Pick; readonly takesMs: number }
  | { readonly type: 'unprotect' | 'stop' | 'fill'; readonly resource: Pick }
  /** Everything that holds objects holds none any more; or all that can be is open to everybody. */
  | { readonly type: 'empty' }
  | { readonly type: 'expose' }
  | { readonly type: 'provider'; readonly doing: Doing; readonly resource: Pick }
  /** Somebody rolls out by hand, restarts, or moves a tag. */
  | {
      readonly type: 'by-hand'
      readonly doing: 'roll-out' | 'restart' | 'push'
      readonly workload: Pick
      readonly image: Pick
    }
  | {
      readonly type: 'fault'
      readonly on: 'cloud' | 'platform'
      readonly fault: Fault
      readonly operation: Operation
      readonly nth: number
    }
  | { readonly type: 'lift-faults' }

export const edit = a('edit', {
  resource: pick,
  patch: pick,
  when: fc.constantFrom('now', 'now', 'now', 'maintenance-window'),
  who: fc.constantFrom('linus', 'mallory'),
})
export const make = a('make', { made: pick })
export const grant = a('grant', { identity: pick, resource: pick })
export const tearDown = a('tear-down', { resource: pick, takesMs: fc.constantFrom(0, 0, 600_000) })
export const unprotect = a('unprotect', { resource: pick })
export const empty = a('empty')
export const expose = a('expose')
export const idled = a(['stop', 'fill'], { resource: pick })
export const provider = a('provider', { doing: fc.constantFrom('upgrade', 'grow', 'lose'), resource: pick })
export const byHand = a('by-hand', {
  doing: fc.constantFrom('roll-out', 'roll-out', 'restart', 'push'),
  workload: pick,
  image: pick,
})
export const liftFaults = a('lift-faults')
export const fault = a('fault', {
  on: fc.constantFrom('cloud', 'cloud', 'cloud', 'platform'),
  fault: fc.constantFrom(...FAULTS),
  operation: fc.constantFrom(
    'any',
    'create',
    'create',
    'update',
    'update',
    'remove',
    'snapshot',
    'observe',
    'discover',
    'activity',
  ),
  nth: fc.constantFrom(1, 1, 1, 2, 3),
})
