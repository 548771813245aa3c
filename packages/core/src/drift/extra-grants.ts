import { extraGrantId, isExtraGrant } from '../application/grant-id.ts'
import type { ResourceObservation } from '../cloud/observation.ts'
import { refKey } from '../cloud/provider-ref.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { GraphDraft } from '../graph/build.ts'
import type { Cause } from '../graph/cause.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { checkProperty } from '../graph/kind-catalogue.ts'
import type { Kind } from '../graph/kind.ts'
import { isManaged, newestVersion, nodeByRef } from '../graph/state.ts'
import type { JsonValue, Properties } from '../json.ts'
import { raise } from './alerts.ts'
import type { DriftCommandOf } from './commands.ts'
import { DECIDED_BY } from './decide-property.ts'
import { driftRuleFor } from './drift-rule.ts'

/** What of a page of observations an extra grant is recorded with. */
export type ExtraGrantPage = {
  readonly command: DriftCommandOf<'record-observations'>
  readonly draft: GraphDraft
  readonly isBeingCreated: (resource: ResourceObservation) => boolean
}

/**
 * OWN 8: a grant that no node knows, for an identity that we manage. What an identity may do is part of it, and grants are enforced: so this
 * one is ours, though we did not make it. It becomes a managed node with cause drift, which no use keeps, and so the next plan removes
 * it like any right that is not used; until then it is in the graph for everyone to see, with an alert, and whoever made it is looked up.
 * Undefined where it is none, or a policy does not enforce grants: then it is unmanaged like any other resource (OWN 5).
 */
export function extraGrant(
  state: EnvironmentState,
  { command, draft, isBeingCreated }: ExtraGrantPage,
  resource: ResourceObservation,
  context: CommandContext,
): readonly DomainEvent[] | undefined {
  if (resource.kind !== 'grant' || !resource.settled) return undefined
  const known = knownDependencies(state, resource)
  const identity = known.find((node) => kindOf(node) === 'identity')
  if (identity === undefined || !isManaged(state.graph, identity)) return undefined
  const rule = driftRuleFor(state.environment.policies.drift, 'grant', 'operations', context.now)
  if (rule !== undefined && rule.decision !== 'enforce') return undefined
  if (isBeingCreated(resource) || mayBeOurs(state, resource)) return undefined

  const { observation, observedAt } = command
  const { ref } = resource
  const node = extraGrantId(refKey(ref), ref.name)
  // A listing may still show what was removed after it began (DRIFT 17).
  if (wasRetiredSince(state, resource, node, command.startedRevision)) return []
  const set = recordedProperties(node, resource, identity, context.kinds.orUnknown('grant'))
  const cause: Cause = { type: 'drift', observation }
  const version = draft.nodeVersion(node, { set, ref, ownership: 'managed', cause, effectiveAt: observedAt })
  if (version === undefined) return []
  const edges = known.map((to) => draft.edgeVersion('depends-on', node, to, { cause, effectiveAt: observedAt }))
  const operations = set['operations'] ?? []
  const message = `${ref.name} grants ${identity} ${JSON.stringify(operations)} and follows from nothing that the code uses; the next deployment removes it`
  return [
    // The difference comes first: the version that records it does away with it, and leaves the question of who made it.
    {
      type: 'DriftDetected',
      data: {
        observation,
        node,
        version: version.data.version,
        decisions: [
          {
            property: 'operations',
            observed: operations,
            decision: 'enforced',
            decidedBy: rule?.reason ?? DECIDED_BY.kind,
          },
        ],
      },
      effectiveAt: observedAt,
    },
    version,
    ...edges.filter((edge) => edge !== undefined),
    ...raise(state, { node, reason: 'extra-grant-found', severity: 'critical', message: cut(message) }, context.newId),
  ]
}

/** Longest message of an alert. */
const MESSAGE_CHARACTERS = 4_096

function cut(message: string): string {
  return message.length <= MESSAGE_CHARACTERS ? message : `${message.slice(0, MESSAGE_CHARACTERS - 1).toWellFormed()}…`
}

function knownDependencies({ graph }: EnvironmentState, { dependencies = [] }: ResourceObservation): NodeId[] {
  const known = dependencies.map(({ ref }) => nodeByRef(graph, ref)).filter((node) => node !== undefined)
  return [...new Set(known)]
}

/** A creation of ours of which nobody knows what became: the next deployment finds it under its name. */
function mayBeOurs({ deployments }: EnvironmentState, { ref, idempotencyKey }: ResourceObservation): boolean {
  return [...deployments.unresolved.values()].some(
    (intent) =>
      kindOf(intent.node) === 'grant' && (intent.name === ref.name || intent.idempotencyKey === idempotencyKey),
  )
}

function wasRetiredSince(
  { graph }: EnvironmentState,
  { ref }: ResourceObservation,
  node: NodeId,
  revision: number,
): boolean {
  const before = graph.byIdentity.get(refKey(ref)) ?? node
  return (newestVersion(graph, before)?.revision ?? -1) > revision
}

/** That a grant which nobody here made follows from a use is not for the provider to say, neither when it is found nor later. */
export function isUnbelieved(node: NodeId, property: string): boolean {
  return (property === 'service' || property === 'need') && isExtraGrant(node)
}

/** What the provider says of it and the kind accepts. */
function recordedProperties(node: NodeId, resource: ResourceObservation, identity: NodeId, kind: Kind): Properties {
  const volatile = new Set(resource.volatile)
  const told: [string, JsonValue][] = Object.entries(resource.properties).filter(
    ([property, value]) =>
      value !== null &&
      !isUnbelieved(node, property) &&
      !volatile.has(property) &&
      checkProperty(kind, property, value) === undefined,
  )
  return { identity, operations: [], ...Object.fromEntries(told) }
}
