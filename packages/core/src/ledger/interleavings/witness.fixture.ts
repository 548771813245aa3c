import type { FakeCloud } from '@infraledger/testkit'
import type { CloudProvider, OperationOptions } from '../../cloud/cloud-provider.ts'
import type { ProviderRef } from '../../cloud/provider-ref.ts'
import type { EventData, EventType, LedgerEvent } from '../../environment/catalogue.ts'
import { decodeEvent } from '../../event-store/codec.ts'
import type { EventStore } from '../../event-store/event-store.ts'
import type { NodeId } from '../../graph/ids.ts'
import type { KindCatalogue } from '../../graph/kind-catalogue.ts'
import type { Properties } from '../../json.ts'
import type { Truths } from './truths.fixture.ts'
import { approvalRules, noApprovals } from './approval-rules.fixture.ts'
import type { SeenApprovals } from './approval-rules.fixture.ts'
import { checkMetadata, lastingRules } from './lasting-rules.fixture.ts'
import { versionRules } from './version-rules.fixture.ts'
import { requestRules } from './request-rules.fixture.ts'
import { stepRules } from './step-rules.fixture.ts'

/** What the witness knows of a node: a fold of its own, as simple as it can be. */
export type SeenNode = {
  incarnation: number
  alive: boolean
  ownership: 'managed' | 'observed'
  properties: Properties
  ref: ProviderRef | undefined
}

/** What was seen so far: the rules are held against this, not against the state that the library folds. */
export type Seen = {
  readonly cloud: FakeCloud
  readonly truths: Truths
  readonly kinds: KindCatalogue
  readonly nodes: Map<NodeId, SeenNode>
  readonly open: Set<string>
  /** Every deployment, with the digest of its model. */
  readonly deployments: Map<string, string>
  readonly requests: Map<
    string,
    { readonly node: NodeId; readonly set: Properties; remaining: Set<string>; status: string }
  >
  readonly imports: Set<string>
  /** Confirmed deletions that hold: the incarnation that is meant. */
  readonly confirmations: Map<NodeId, EventData<'DeletionConfirmed'>>
  /** Intents by idempotency key, and the nodes and incarnations that they are about. */
  readonly intents: Map<string, EventData<'StepStarted'>>
  readonly succeeded: Set<string>
  /** Who holds the open deployment, and the last that was heard of them. */
  holder: { readonly deployment: string; readonly executor: string; sign: number } | undefined
  /** What was put off, by node and property: the deployment that asked for it. */
  readonly deferred: Map<string, string>
  /** What was approved, and what had to be. */
  readonly approvals: SeenApprovals
  readonly say: (problem: string) => void
}

/** What one type of event has to fulfil, and what it changes about what was seen. */
export type Rules = { readonly [T in EventType]?: (seen: Seen, event: LedgerEvent<T>) => void }

/** Sees every append and every call in the moment that it is made, and writes down what breaks a rule. */
export interface Witness {
  readonly problems: readonly string[]
  readonly seen: Seen
  witnessed(store: EventStore): EventStore
  watched(provider: CloudProvider): CloudProvider
}

export function witness(cloud: FakeCloud, kinds: KindCatalogue, truths: Truths): Witness {
  const problems: string[] = []
  const seen: Seen = {
    cloud,
    truths,
    kinds,
    nodes: new Map(),
    open: new Set(),
    deployments: new Map(),
    requests: new Map(),
    imports: new Set(),
    confirmations: new Map(),
    intents: new Map(),
    succeeded: new Set(),
    holder: undefined,
    deferred: new Map(),
    approvals: noApprovals(),
    say: (problem) => problems.push(problem),
  }
  const tables: readonly Rules[] = [lastingRules, versionRules, requestRules, stepRules, approvalRules]
  const see = (event: LedgerEvent): void => {
    checkMetadata(seen, event)
    for (const table of tables) {
      // The rule is looked up by the very type of the event that it is given.
      const rule = table[event.type] as ((seen: Seen, event: LedgerEvent) => void) | undefined
      rule?.(seen, event)
    }
  }
  return {
    problems,
    seen,
    witnessed: (store) => ({
      ...store,
      async append(stream, events, expected) {
        const result = await store.append(stream, events, expected)
        truths.remember()
        for (const [index, event] of events.entries()) {
          const revision = result.firstRevision + index
          see(decodeEvent({ ...event, stream, revision, position: 0n }).event)
        }
        if (seen.open.size > 1) seen.say(`DEPLOY 2: ${seen.open.size} deployments are open`)
        return result
      },
    }),
    watched: (provider) => ({
      ...provider,
      create(request, options) {
        called(seen, 'create', options, undefined)
        return provider.create(request, options)
      },
      update(request, options) {
        called(seen, 'update', options, request.ref)
        return provider.update(request, options)
      },
      remove(request, options) {
        called(seen, 'remove', options, request.ref)
        proveCopy(seen, options, request.ref)
        return provider.remove(request, options)
      },
      snapshot(request, options) {
        called(seen, 'take-last-copy', options, request.ref)
        return provider.snapshot(request, options)
      },
    }),
  }
}

/** DEPLOY 7, OWN 1: no write without an intent that was recorded before, on the very thing that it names, and none on what is not ours. */
function called(
  seen: Seen,
  operation: string,
  { idempotencyKey }: OperationOptions,
  ref: ProviderRef | undefined,
): void {
  const intent = seen.intents.get(idempotencyKey)
  if (intent === undefined || intent.operation !== operation)
    return seen.say(`DEPLOY 7: ${operation} ${idempotencyKey} was called without an intent`)
  if (ref !== undefined && ref.id !== intent.ref?.id)
    seen.say(`DEPLOY 7: ${operation} ${idempotencyKey} went to ${ref.id}, the intent names ${intent.ref?.id}`)
  const node = seen.nodes.get(intent.node)
  if (operation !== 'create' && node?.ownership !== 'managed')
    seen.say(`OWN 1: ${operation} of ${intent.node}, which is not managed`)
}

/** PROTECT 6: the last copy is there before the original goes. */
function proveCopy(
  { intents, nodes, kinds, cloud, say }: Seen,
  { idempotencyKey }: OperationOptions,
  ref: ProviderRef,
): void {
  const node = intents.get(idempotencyKey)?.node
  if (node === undefined || nodes.get(node)?.alive !== true) return
  const [kind = ''] = node.split('/')
  if (
    kinds.orUnknown(kind).lastCopy !== 'final-snapshot' ||
    cloud.provider.capabilities(kind)?.lastCopy !== 'final-snapshot'
  )
    return
  const isKept = cloud.inspect.snapshots().some(({ source, status }) => source === ref.id && status === 'available')
  if (!isKept) say(`PROTECT 6: ${node} is removed and no copy of it is kept`)
}
