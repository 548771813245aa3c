import type { Actor } from '../../../access/actor.ts'
import type { Declaration } from '../../../application/declaration.ts'
import { refKey } from '../../../cloud/provider-ref.ts'
import type { ProviderRef } from '../../../cloud/provider-ref.ts'
import type { ResourceObservation } from '../../../cloud/observation.ts'
import type { EventData } from '../../../environment/catalogue.ts'
import type { Policies } from '../../../environment/policies.ts'
import type { EdgeId, NodeId } from '../../../graph/ids.ts'
import type { Impact } from '../../../graph/impact.ts'
import type { KindCatalogue } from '../../../graph/kind-catalogue.ts'
import type { JsonValue, Properties } from '../../../json.ts'
import type { Step } from '../../../planning/step.ts'
import type { World } from './moment.fixture.ts'

/** What is known of a node: a fold of its own, as simple as it can be. */
export type KnownNode = {
  version: number
  incarnation: number
  alive: boolean
  ownership: 'managed' | 'observed'
  properties: Properties
  ref: ProviderRef | undefined
  /** Where its newest version was recorded. */
  revision: number
}

export type KnownEdge = {
  readonly kind: string
  readonly from: NodeId
  readonly to: NodeId
  attributes: Properties
  version: number
  alive: boolean
}

export type KnownPlan = {
  readonly digest: string
  readonly steps: readonly Step[]
  readonly requests: readonly string[]
  /** What it says that it was made from: `node sql-instance/main`. */
  readonly inputs: ReadonlySet<string>
  approvals: { readonly by: Actor; readonly at: string; readonly sections: readonly string[] | undefined }[]
  begun: boolean
  /** Steps that ended well, or were put off. */
  readonly done: Set<string>
  readonly completed: Set<string>
}

export type KnownDeployment = {
  readonly triggered: EventData<'DeploymentTriggered'>
  readonly by: Actor
  plan: KnownPlan | undefined
  /** Every request that one of its plans had. */
  readonly planned: Set<string>
  /** Steps with an intent and no outcome. */
  readonly calls: Map<string, EventData<'StepStarted'>>
  /** What was to be compared again when it was planned. */
  compared: ReadonlyMap<NodeId, number>
  /** Nodes that it made. */
  readonly made: Set<NodeId>
  /** Nodes that it began to write. */
  readonly touched: Set<NodeId>
}

export type KnownRequest = EventData<'ChangeRequested'> & {
  readonly by: Actor
  readonly remaining: Set<string>
  status: string
  wasApplied: boolean
}

/** A difference that stands open. */
export type KnownDifference = EventData<'DriftDetected'>['decisions'][number] & {
  readonly lastSeenAt: string | undefined
}

/** What a play is held against, besides its tape: what does not change while it goes on. */
export type Terms = {
  readonly kinds: KindCatalogue
  /** Impacts that a provider states, by kind and property. */
  readonly impact: (kind: string, property: string) => Impact | undefined
  /** What a provider's adapter keeps current of a kind. */
  readonly baseline: (kind: string) => Properties | undefined
  /** How a provider keeps the last copy of a kind. */
  readonly lastCopy: (provider: string, kind: string) => string | undefined
  /** Whether answers may tell what was so a while ago, and how late the activity log is. */
  readonly late: boolean
  readonly activityDelayMs: number
}

/** What was seen so far: the rules are held against this, not against the state that the library folds. */
export type Facts = Terms & {
  now: string
  world: World
  type: 'production' | 'development' | 'preview'
  createdAt: string
  readonly nodes: Map<NodeId, KnownNode>
  readonly edges: Map<EdgeId, KnownEdge>
  graphVersion: number
  openImport: string | undefined
  readonly imports: Set<string>
  readonly bindings: Map<NodeId, NodeId>
  /** Models by digest. */
  readonly models: Map<string, ReadonlyMap<NodeId, Declaration>>
  readonly deployments: Map<string, KnownDeployment>
  readonly open: Set<string>
  /** Digest of the model of the last deployment that succeeded. */
  deployed: string | undefined
  /** Nodes that are written as declared although the code did not change, with when that came up: half done, handed over, or bound since. */
  readonly compareAgain: Map<NodeId, number>
  readonly requests: Map<string, KnownRequest>
  policies: Policies
  readonly proposals: Map<
    string,
    EventData<'PolicyChangeProposed'> & { readonly by: Actor; readonly approvals: Map<string, string> }
  >
  readonly roles: Map<string, Set<string>>
  readonly confirmations: Map<NodeId, EventData<'DeletionConfirmed'>>
  /** Differences that stand, by node and property. */
  readonly standing: Map<string, KnownDifference>
  readonly missing: Set<NodeId>
  /** What was put off, by node and property: the deployment that asked for it, and the value. */
  readonly deferred: Map<string, { readonly deployment: string; readonly value: JsonValue }>
  /** Intents by idempotency key. */
  readonly intents: Map<string, EventData<'StepStarted'>>
  readonly externals: Map<string, EventData<'ExternalDeploymentProposed'>>
  ending: 'destroying' | 'destroyed' | 'deleted' | undefined
  /** Everything that the activity tells to have been refused. */
  readonly refusals: (EventData<'CommandRefused'> & { readonly by: Actor })[]
  /** The newest answer about each thing, and every value that it was said or known to have. */
  readonly readings: Map<string, ResourceObservation>
  readonly truths: Map<string, Map<string, JsonValue>>
  /** What somebody was alerted about, by {@link alertKey}: the same alert is raised once. */
  readonly alerted: Set<string>
  /** When each drift was observed, by node and observation; and since when the thing of each node is known. */
  readonly foundAt: Map<string, string>
  /** Nodes that a provider was asked about. */
  readonly seen: Set<NodeId>
  readonly knownSince: Map<NodeId, string>
}

/** Nothing was seen yet. */
export function noFacts(terms: Terms): Facts {
  return {
    ...terms,
    now: '',
    world: { resources: [], activity: [], copies: [] },
    type: 'development',
    createdAt: '',
    nodes: new Map(),
    edges: new Map(),
    graphVersion: 0,
    openImport: undefined,
    imports: new Set(),
    bindings: new Map(),
    models: new Map(),
    deployments: new Map(),
    open: new Set(),
    deployed: undefined,
    compareAgain: new Map(),
    requests: new Map(),
    policies: { approvals: { required: 0 }, drift: [] },
    proposals: new Map(),
    roles: new Map(),
    confirmations: new Map(),
    standing: new Map(),
    missing: new Set(),
    deferred: new Map(),
    intents: new Map(),
    externals: new Map(),
    ending: undefined,
    refusals: [],
    readings: new Map(),
    truths: new Map(),
    alerted: new Set(),
    foundAt: new Map(),
    seen: new Set(),
    knownSince: new Map(),
  }
}

/** Under which something about one property is found. */
export function propertyKey(node: NodeId, property: string): string {
  return `${node}|${property}`
}

/** Under which an alert is found. */
export function alertKey(reason: string, node?: NodeId, property?: string): string {
  return `${reason}|${node}|${property}`
}

/** The thing behind a ref as it truly is now. */
export function truthOf({ world }: Pick<Facts, 'world'>, ref: ProviderRef): ResourceObservation | undefined {
  return world.resources.find(
    ({ ref: there, kind }) =>
      there.provider === ref.provider &&
      (ref.id === undefined ? kind === ref.type && there.name === ref.name : there.id === ref.id),
  )
}

/** Values that a property of a thing has, and had where answers come late. */
export function truthsOf(facts: Facts, ref: ProviderRef, property: string): readonly JsonValue[] {
  const now = truthOf(facts, ref)
  const before = facts.truths.get(`${refKey(now?.ref ?? ref)}|${property}`)?.values() ?? []
  return [...(now === undefined ? [] : [now.properties[property] ?? null]), ...before]
}

/** The node that lives under a ref. */
export function nodeOfRef({ nodes }: Facts, ref: ProviderRef): NodeId | undefined {
  for (const [id, node] of nodes)
    if (node.alive && node.ref !== undefined && node.ref.provider === ref.provider && sameThing(node.ref, ref))
      return id
  return undefined
}

function sameThing(known: ProviderRef, ref: ProviderRef): boolean {
  return known.id === undefined || ref.id === undefined
    ? known.type === ref.type && known.name === ref.name
    : known.id === ref.id
}
