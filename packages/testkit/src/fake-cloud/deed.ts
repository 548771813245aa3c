import type { ActivityEntry } from '@infraledger/core/adapter'
import type { Attempt } from './errors.ts'
import type { FakeOperation } from './world.ts'

/** Who did something, and under which idempotency key where it was the ledger. */
export type Doer = { readonly principal: ActivityEntry['principal']; readonly key?: string }

/** One request being carried out: by whom, at which moment, and how it will go. */
export type Deed = {
  readonly by: Doer
  readonly attempt: Attempt
  readonly now: number
  /** It will come to nothing halfway. */
  readonly doomed?: boolean
  /** How long it takes, where that is not the kind's own time. */
  readonly takesMs?: number
}

/** What the cloud makes of a request that it accepts. */
export type Accepted = Pick<FakeOperation, 'resource' | 'properties' | 'endsAt' | 'doomed'>

/** When a deed is over: doomed ones halfway. */
export function endOf(deed: Deed, ownTimeMs: number): number {
  const takesMs = deed.takesMs ?? ownTimeMs
  return deed.now + (deed.doomed === true ? Math.ceil(takesMs / 2) : takesMs)
}
