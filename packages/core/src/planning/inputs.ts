import { createHash } from 'node:crypto'
import type { EnvironmentState } from '../environment/state.ts'
import { policiesDigest } from '../environment/policy-digest.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion, edgeAlive, isManaged, newestVersion } from '../graph/state.ts'
import { canonicalJson } from '../json.ts'
import type { Confirmation } from '../protection/state.ts'
import { inputKey } from './input-key.ts'
import type { Step } from './step.ts'

/**
 * One thing that a plan was computed from, as it was then: `node sql-instance/main` at `version 3`. The inputs are the model, the
 * policies, every node with a step and the ends of its edges, the included change requests, and the deletions that are confirmed (DEPLOY 5).
 */
export type SeenInput = { readonly input: string; readonly value: string }

/** What inputs are found by: the parts of a plan that say what it rests on. */
export type PlanBasis = {
  readonly model: string
  readonly requests: readonly string[]
  readonly steps: Iterable<Step>
}

/** Characters of a digest in an input's value: enough to tell two apart. */
const DIGEST_CHARACTERS = 16

/** The inputs of a plan as they are now, sorted. Costs what the plan touches. */
export function planInputs(state: EnvironmentState, basis: PlanBasis): readonly SeenInput[] {
  const values = new Map<string, string>([
    [inputKey.model, basis.model],
    [inputKey.policies, policiesDigest(state.environment.policies)],
  ])
  for (const request of basis.requests) values.set(inputKey.request(request), requestValue(state, request))
  const touched = new Map<NodeId, Set<string>>()
  for (const step of basis.steps) {
    const properties = touched.get(step.node) ?? new Set()
    touched.set(step.node, properties)
    for (const property of Object.keys(step.changes)) properties.add(property)
    for (const end of edgeEnds(state, step)) if (!touched.has(end)) touched.set(end, new Set())
  }
  // What is confirmed is unused, so each one is about this plan: it removes the node, or says why it keeps it.
  for (const confirmation of state.protection.confirmations.values())
    values.set(inputKey.confirmation(confirmation.node), confirmationValue(confirmation))
  for (const [node, properties] of touched) values.set(inputKey.node(node), nodeValue(state, node, properties))
  return [...values]
    .map(([input, value]) => ({ input, value }))
    .toSorted((a, b) => (a.input < b.input ? -1 : a.input > b.input ? 1 : 0))
}

/** Where the edges of a step's node lead: those that it records and those that are there; for a removal also where they come from. */
function edgeEnds({ graph }: EnvironmentState, step: Step): readonly NodeId[] {
  const ends = step.edges.map(({ to }) => to)
  for (const id of graph.outgoing.get(step.node) ?? []) {
    const edge = graph.edges.get(id)
    if (edge !== undefined && edgeAlive(edge)) ends.push(edge.to)
  }
  if (step.operation !== 'remove') return ends
  for (const id of graph.incoming.get(step.node) ?? []) {
    const edge = graph.edges.get(id)
    if (edge !== undefined && edgeAlive(edge)) ends.push(edge.from)
  }
  return ends
}

/** `version 3`, and what stands beside it: whose it is, what it is bound to, whether it is missing, differences that the plan works on. */
function nodeValue(state: EnvironmentState, node: NodeId, properties: ReadonlySet<string>): string {
  const { graph, drift } = state
  const newest = newestVersion(graph, node)
  const alive = aliveVersion(graph, node)
  const bound = graph.bindings.get(node)
  return [
    newest === undefined
      ? 'not there'
      : alive === undefined
        ? `retired, version ${newest.version}`
        : versionText(newest),
    ...(alive === undefined || isManaged(graph, node) ? [] : ['observed']),
    ...(bound === undefined ? [] : [`satisfied by ${bound}`]),
    ...(drift.missing.has(node) ? ['missing'] : []),
    ...standing(state, node, properties),
  ].join(', ')
}

function versionText({ version }: { readonly version: number }): string {
  return `version ${version}`
}

function standing(state: EnvironmentState, node: NodeId, properties: ReadonlySet<string>): readonly string[] {
  const matter = [...(state.drift.open.get(node)?.values() ?? [])].filter(
    ({ property, decision }) => decision === 'enforced' || properties.has(property),
  )
  if (matter.length === 0) return []
  const values = matter.map(({ property, decision, observed }) => [property, decision, observed ?? null])
  return [`differs in ${matter.map(({ property }) => property).join(' and ')} (${digestOf(values)})`]
}

function requestValue(state: EnvironmentState, id: string): string {
  const request = state.changeRequests.requests.get(id)
  if (request === undefined) return 'not there'
  return request.status === 'pending' ? `pending: ${[...request.remaining].join(', ')}` : request.status
}

function confirmationValue({ incarnation, lossAcknowledged, automatedBackupsToo }: Confirmation): string {
  const loss = lossAcknowledged ? ', loss acknowledged' : ''
  return `incarnation ${incarnation}${loss}${automatedBackupsToo ? ', automated backups too' : ''}`
}

function digestOf(content: unknown): string {
  // What is digested is parsed JSON data; going through its text drops optional fields that are undefined.
  const text = canonicalJson(JSON.parse(JSON.stringify(content)))
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_CHARACTERS)
}
