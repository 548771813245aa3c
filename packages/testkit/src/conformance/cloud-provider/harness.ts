import type { CloudProvider, CloudTarget, Properties } from '@infraledger/core/adapter'
import type { ConformanceCase } from '../suite.ts'

/** Something that the suite can make: a kind, what to ask for, and what it needs. */
export type Sample = {
  readonly kind: string
  readonly properties: Properties
  /** A change that takes effect at once, without interrupting anybody, away from `properties`. */
  readonly change: Properties
  /** A change that may wait for the maintenance window; left out where the provider never puts anything off. */
  readonly deferrable?: Properties
  /** A property that the provider refuses to change after creation, with another value; left out where there is none. */
  readonly immutable?: Properties
  /** Properties with which the provider refuses the removal; left out where there is no such protection. */
  readonly protection?: Properties
  /** Whether snapshots of it can be taken. */
  readonly copies: boolean
}

/** What the suite asks of a provider that makes identities and grants. */
export type GrantSample = {
  /** Operations that the provider knows: at least two. */
  readonly operations: readonly string[]
  /** One that it does not know. */
  readonly unknown: string
}

/** One fresh place for one case. Where the provider waits on a clock, its time must pass by itself. */
export type CloudProviderHarness = {
  readonly provider: CloudProvider
  /** Where the suite may make things; nothing else of the sample's kind is there. */
  readonly target: CloudTarget
  readonly sample: Sample
  /** How grants are asked for, where the provider makes any; what they are asked for is tried once the harness tells. */
  readonly grants?: GrantSample
  /** So many resources that neither reads nor listings fit them into one page. */
  readonly moreThanAPage: number
  /** A name that the provider accepts and that nothing has yet, the same for the same hint. */
  readonly name: (hint: string) => string
  /** Waits on the provider's clock, where it asked to come back later. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Removes what was made. */
  readonly cleanup: () => Promise<void>
}

/** One requirement on every cloud provider. */
export type CloudProviderCase = ConformanceCase<CloudProviderHarness>
