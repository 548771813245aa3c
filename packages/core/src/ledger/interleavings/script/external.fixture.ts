import fc from 'fast-check'
import { a, admin, pick, proven, who } from './arbitrary.fixture.ts'
import type { Pick, Who } from './command.fixture.ts'

/** What another tool plans and does. */
export type ExternalCommand =
  | {
      readonly type: 'propose'
      readonly node: Pick
      readonly patch: Pick
      readonly who: Who
      readonly supersede: boolean
    }
  | { readonly type: 'approve-external' | 'reject-external' | 'withdraw-external' | 'report'; readonly who: Who }
  /** The tool runs: what it announced is so in the cloud, or half of it. */
  | { readonly type: 'apply'; readonly half: boolean }

export const propose = a('propose', { node: pick, patch: pick, who, supersede: fc.boolean() })
export const approveExternal = proven(a('approve-external', { who: admin }))
export const decidedExternal = a(['approve-external', 'reject-external', 'withdraw-external', 'report'], { who })
export const report = proven(a('report', { who: admin }))
export const apply = a('apply', { half: fc.constantFrom(false, false, true) })
