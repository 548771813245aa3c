import type { Properties } from '@infraledger/core/adapter'

/** One replica of a workload, and what it runs. */
export type FakeReplica = { readonly image: string; readonly digest: string; readonly revision: number }

/** A workload as it truly is. Never altered: a change puts another one in its place. */
export type FakeWorkload = {
  /** Never used for another thing, unlike the name. */
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly account: string
  readonly region: string
  /** Key of its newest rollout, where the ledger asked for it. */
  readonly key: string | null
  /** What its newest rollout is to bring: image, digest and settings make a revision. */
  readonly image: string
  readonly digest: string
  readonly settings: Properties
  readonly revision: number
  /** What there is, oldest first. */
  readonly replicas: readonly FakeReplica[]
  readonly state: 'steady' | 'rolling-out' | 'stopped-halfway'
  readonly reason: string | null
  /** When the next replica is replaced, and after how many more the rollout fails; `null` for never. */
  readonly next: { readonly at: number; readonly failsAfter: number | null } | null
  readonly gone: boolean
}

/** A rollout or removal that the platform accepted, known by its idempotency key for ever. */
export type FakeRollOut = {
  readonly key: string
  /** Canonical JSON of the request: the same key for another request is refused. */
  readonly request: string
  readonly workload: string
  readonly revision: number
  /** Whether it came to its end; one that never does was displaced, or stopped halfway. */
  readonly completed: boolean
}

/** All that a fake platform knows beside what it shares with the fake cloud; all of it goes into JSON. */
export type Fleet = {
  readonly workloads: Map<string, FakeWorkload>
  readonly rollOuts: Map<string, FakeRollOut>
  /** How often each reference was pushed anew: its digest follows from that. */
  readonly pushes: Map<string, number>
}

/** A platform on which nothing ever ran. */
export function emptyFleet(): Fleet {
  return { workloads: new Map(), rollOuts: new Map(), pushes: new Map() }
}
