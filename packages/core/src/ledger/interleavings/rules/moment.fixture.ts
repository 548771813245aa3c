import type { Actor } from '../../../access/actor.ts'
import type { ActivityEntry } from '../../../cloud/activity-log.ts'
import type { ResourceObservation } from '../../../cloud/observation.ts'
import type { ProviderRef } from '../../../cloud/provider-ref.ts'
import type { LedgerEvent } from '../../../environment/catalogue.ts'
import type { GraphNode } from '../../../graph/node.ts'
import type { Properties } from '../../../json.ts'
import type { Told } from '../script/told.fixture.ts'
import type { Terms } from './facts.fixture.ts'

/** All that is true at the providers at one moment, whoever knows of it. */
export type World = {
  readonly resources: readonly ResourceObservation[]
  readonly activity: readonly ActivityEntry[]
  readonly copies: readonly { readonly source: string; readonly status: string }[]
}

/** What became of something that was asked for. */
export type Outcome =
  | { readonly status: 'done' }
  | { readonly status: 'died' }
  | { readonly status: 'refused'; readonly code: string; readonly message: string; readonly details: unknown }

/** What was written together. */
export type Append = {
  readonly type: 'append'
  readonly stream: 'environment' | 'activity'
  readonly events: readonly LedgerEvent[]
}

/** A write at a provider, right before it leaves. */
export type Call = {
  readonly type: 'call'
  readonly operation: 'create' | 'update' | 'remove' | 'take-last-copy'
  readonly key: string
  readonly ref: ProviderRef | undefined
}

/** What a provider answered to one page of a read, as the library heard it. */
export type Reading = {
  readonly type: 'reading'
  readonly found: readonly ResourceObservation[]
  readonly missing: readonly ProviderRef[]
}

/** Something that somebody asked for, and what became of it; `interfered` where the store had failed meanwhile. */
export type Commanded = {
  readonly type: 'command'
  readonly told: Told
  readonly by: Actor
  readonly outcome: Outcome
  readonly interfered: boolean
}

/** What a reader is told after a command. */
export type Answers = {
  readonly type: 'answers'
  readonly graphVersion: number
  readonly nodes: readonly Pick<
    GraphNode,
    'id' | 'version' | 'incarnation' | 'ownership' | 'properties' | 'lastObservedAt'
  >[]
  readonly edges: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly attributes: Properties
  }[]
  /** A former graph version as it is told now, whole and as text. */
  readonly past: { readonly version: number; readonly text: string } | undefined
  /** The graph of now as text: what it has to be told as later. */
  readonly text: string
  readonly requests: readonly {
    readonly request: string
    readonly status: string
    readonly remaining: readonly string[]
  }[]
  readonly openDeployments: readonly string[]
  /** Environments that the ledger lists. */
  readonly environments: readonly string[]
}

/** A scan of a world at rest, right after another one. */
export type SecondScan = {
  readonly type: 'second-scan'
  readonly versionBefore: number
  readonly versionAfter: number
  readonly events: readonly string[]
}

/** The store fails an append. */
export type StoreFailed = { readonly type: 'store-failed' }

/** A look at the world before somebody changes it there. */
export type Look = { readonly type: 'look' }

/** One thing that can be seen from outside of the library. */
export type Seen = Append | Call | Reading | Commanded | Answers | SecondScan | StoreFailed | Look

/** What was seen, when, and how the world was. All of a play, in order, is its tape: the rules are held against nothing else. */
export type Moment = Seen & {
  /** What the clock says (ISO 8601). */
  readonly at: string
  readonly world: World
}

/** What a play left: its terms, and all of its moments. The same tape is always judged in the same way. */
export type Tape = { readonly terms: Terms; readonly moments: readonly Moment[] }
