import type { ResourceObservation } from '../cloud/observation.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { announcerOf } from '../external-deployments/announced.ts'
import type { NodeId } from '../graph/ids.ts'
import { kindOf } from '../graph/ids.ts'
import type { Kind } from '../graph/kind.ts'
import { checkProperty, mapOfKey, propertyOf } from '../graph/kind-catalogue.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import type { Properties } from '../json.ts'
import { hasNone } from './compare.ts'
import type { MaybeValue } from './compare.ts'
import { decideProperty } from './decide-property.ts'
import type { PropertyQuestion, Verdict } from './decide-property.ts'
import { lastObserved } from './last-observed.ts'
import { driftRuleFor } from './drift-rule.ts'
import { isUnbelieved } from './extra-grants.ts'

/** One property with its question and the answer. */
export type Judged = { readonly question: PropertyQuestion; readonly verdict: Verdict }

/** What was decided about a node, and what of it could not be read as a value of its kind. */
export type Judgement = { readonly judged: readonly Judged[]; readonly problems: readonly string[] }

/** What judging needs to know besides the state. */
export type JudgeContext = Pick<CommandContext, 'now' | 'kinds'>

/**
 * Judges every property that an observation says something about. Left out are volatile ones (DRIFT 1), those that were not looked at
 * (DRIFT 10), and values that the node's kind does not accept: those are problems to report, not facts to record.
 */
export function judgeResource(
  state: EnvironmentState,
  node: NodeId,
  resource: ResourceObservation,
  context: JudgeContext,
): Judgement {
  const kind = context.kinds.orUnknown(kindOf(node))
  if (resource.kind !== kind.name) {
    return { judged: [], problems: [`${node} is recorded as ${kind.name} and observed as ${resource.kind}`] }
  }
  const judged: Judged[] = []
  const problems: string[] = []
  const recorded = aliveVersion(state.graph, node)?.properties ?? {}
  const awaited = awaitedProperties(state, node, resource)
  const isUnset = knownUnset(state, node, resource)
  for (const [property, observed] of observedValues(state, node, resource)) {
    // Nearly all properties of nearly all observations: nothing changed, and nobody waits for a change.
    if (recorded[property] === observed && observed !== undefined && !awaited.has(property)) continue
    const question = ask(state, node, property, observed, resource.deferred, context)
    if (question === undefined) {
      problems.push(`${kind.name} has no property "${property}"`)
      continue
    }
    const asked = hasNone(question.recorded) ? { ...question, knownUnset: isUnset(property) } : question
    const verdict = decideProperty(asked)
    const problem = problemWith(kind, asked, verdict)
    if (problem === undefined) judged.push({ question: asked, verdict })
    else problems.push(problem)
  }
  return { judged, problems }
}

/** Everything that decides about one property; undefined where the kind does not know it. */
export function ask(
  state: EnvironmentState,
  node: NodeId,
  property: string,
  observed: MaybeValue,
  providerDeferred: Properties,
  context: JudgeContext,
): PropertyQuestion | undefined {
  const kindName = kindOf(node)
  const definition = propertyOf(context.kinds.orUnknown(kindName), property)
  if (definition === undefined) return undefined
  const request = state.changeRequests.pending.get(node)?.get(property)
  const ours = state.deployments.deferred.get(node)?.get(property)
  const announcer = announcerOf(state, node, property, observed, context.kinds)
  const rule = driftRuleFor(state.environment.policies.drift, kindName, property, context.now)
  const putOff = Object.hasOwn(providerDeferred, property) ? providerDeferred[property] : undefined
  return {
    property,
    definition,
    recorded: aliveVersion(state.graph, node)?.properties[property],
    observed,
    managed: isManaged(state.graph, node),
    ...(request === undefined ? {} : { request: { id: request.request, value: request.set[property] ?? null } }),
    ...(ours === undefined ? {} : { ours }),
    ...(putOff === undefined ? {} : { providerDeferred: putOff }),
    ...(rule === undefined ? {} : { rule }),
    ...(announcer === undefined ? {} : { announced: announcer.id }),
  }
}

/** What was looked at: the properties that are told, and the members of completely listed maps that are gone. */
function* observedValues(
  state: EnvironmentState,
  node: NodeId,
  resource: ResourceObservation,
): Generator<readonly [property: string, observed: MaybeValue]> {
  const volatile = new Set(resource.volatile)
  for (const [property, observed] of Object.entries(resource.properties)) {
    if (!volatile.has(property) && !isUnbelieved(node, property)) yield [property, observed]
  }
  if (resource.completeMaps.length === 0) return
  const known = [aliveVersion(state.graph, node)?.properties ?? {}, resource.deferred]
  const members = new Set([...known.flatMap(Object.keys), ...(state.drift.open.get(node)?.keys() ?? [])])
  for (const property of members) {
    const map = mapOfKey(property)
    const isGone =
      map !== undefined && resource.completeMaps.includes(map) && !Object.hasOwn(resource.properties, property)
    if (isGone && !volatile.has(property)) yield [property, undefined]
  }
}

/**
 * Tells of a property without a recorded value whether that was looked at: the adapter tells it each time and the node was observed
 * before, or it belongs to a map of which all members are listed and another one is recorded.
 */
function knownUnset(
  state: EnvironmentState,
  node: NodeId,
  resource: ResourceObservation,
): (property: string) => boolean {
  const { alwaysTold = [], completeMaps } = resource
  let observedBefore: boolean | undefined
  let recordedMaps: ReadonlySet<string | undefined> | undefined
  return (property) => {
    const map = mapOfKey(property)
    const isListed = map !== undefined && completeMaps.includes(map)
    recordedMaps ??= new Set(Object.keys(aliveVersion(state.graph, node)?.properties ?? {}).map(mapOfKey))
    if (isListed && recordedMaps.has(map)) return true
    if (!isListed && !alwaysTold.includes(property)) return false
    observedBefore ??= lastObserved(state, node) !== 'never'
    return observedBefore
  }
}

/** Properties of which more is known than their recorded value: requests, deferred values, standing differences. */
function awaitedProperties(state: EnvironmentState, node: NodeId, resource: ResourceObservation): ReadonlySet<string> {
  const byProperty = [
    state.changeRequests.pending.get(node),
    state.deployments.deferred.get(node),
    state.drift.open.get(node),
  ]
  return new Set([...byProperty.flatMap((known) => [...(known?.keys() ?? [])]), ...Object.keys(resource.deferred)])
}

function problemWith(kind: Kind, { property, observed }: PropertyQuestion, { decision }: Verdict): string | undefined {
  if (decision === 'equal' || decision === 'undecidable' || hasNone(observed)) return undefined
  return checkProperty(kind, property, observed)?.message
}
