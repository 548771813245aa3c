import fc from 'fast-check'
import { a, pick, who } from './arbitrary.fixture.ts'
import type { Pick, Who } from './command.fixture.ts'

export type RequestWhen = 'default' | 'next-deployment' | 'maintenance-window' | 'later'

/** What persons ask to be changed, and what they say of the graph. */
export type ChangingCommand =
  | {
      readonly type: 'request'
      readonly node: Pick
      readonly patch: Pick
      readonly who: Who
      readonly when: RequestWhen
    }
  /** Something of an instance that restarts or interrupts it. */
  | {
      readonly type: 'request-hard'
      readonly patch: Pick
      readonly who: Who
      readonly when: RequestWhen
      readonly acknowledged: boolean
    }
  | { readonly type: 'withdraw' | 'reject'; readonly request: Pick; readonly who: Who }
  /** Somebody wants a label of a thing, and somebody else gives it another one in the console. */
  | { readonly type: 'contradict'; readonly node: Pick; readonly isMet: boolean }
  | { readonly type: 'bind'; readonly need: Pick; readonly resource: Pick }
  | { readonly type: 'manage'; readonly node: Pick; readonly unknown: boolean }
  | { readonly type: 'import'; readonly lineage: Pick; readonly variant: Pick; readonly serial: number }

export const request = a('request', {
  node: pick,
  patch: pick,
  who,
  when: fc.constantFrom('default', 'default', 'next-deployment', 'next-deployment', 'maintenance-window', 'later'),
})
export const hardRequest = a('request-hard', {
  patch: pick,
  who: fc.constantFrom('ada', 'grace'),
  when: fc.constantFrom('default', 'default', 'next-deployment'),
  acknowledged: fc.constantFrom(true, true, false),
})
export const ended = a(['withdraw', 'reject'], { request: pick, who })
export const withdrawn = a('withdraw', { request: pick, who: fc.constant('ada') })
export const contradicted = a('contradict', { node: fc.nat({ max: 1 }), isMet: fc.constantFrom(false, false, true) })
export const bind = a('bind', { need: pick, resource: pick })
export const manage = a('manage', { node: pick, unknown: fc.constant(false) })
export const manageUnknown = a('manage', { node: pick, unknown: fc.constant(true) })
export const imported = a('import', { lineage: pick, variant: pick, serial: fc.integer({ min: -1, max: 2 }) })
