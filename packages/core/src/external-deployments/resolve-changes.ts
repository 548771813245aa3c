import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import { kindOf } from '../graph/ids.ts'
import { aliveVersion, nodeByRef } from '../graph/state.ts'
import type { GraphSlice } from '../graph/state.ts'
import type { NodeHistory } from '../graph/versions.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { ExternalChange, ExternalPlan, RecordedChange } from './external-plan.ts'

/** The changes of a plan on the nodes that they are about, and the lineage of states that those come from. */
export type ResolvedChanges = {
  readonly changes: readonly RecordedChange[]
  readonly lineage: string | undefined
}

/** Addresses that a refusal lists. */
const ADDRESSES_LISTED = 20

/**
 * Finds the nodes of a plan's changes: by the provider's handle, else by the address that an import found them at. What is to be created,
 * or taken into the tool's care, may be unknown; of everything else the ledger must know what it is, or what becomes of it could not be told.
 */
export function resolveChanges(
  { graph }: EnvironmentState,
  plan: ExternalPlan,
  changes: readonly ExternalChange[],
): ResolvedChanges | Rejection {
  const byAddress = nodesByAddress(graph, plan.lineage)
  const taken = new Set<NodeId>()
  const lineages = new Set<string>()
  const unknown: string[] = []
  const resolved: RecordedChange[] = []
  for (const change of changes) {
    const before = change.previousAddress === undefined ? undefined : byAddress.get(change.previousAddress)
    const there = (before ?? byAddress.get(change.address))?.filter(({ kind }) => kind === change.kind)
    const named = change.ref === undefined ? undefined : nodeByRef(graph, change.ref)
    const byRef = named !== undefined && kindOf(named) === change.kind ? named : undefined
    const alive = there?.filter(({ id }) => aliveVersion(graph, id) !== undefined) ?? []
    if (byRef === undefined && alive.length > 1) return ambiguous(plan, change, alive)
    const found = byRef ?? alive[0]?.id
    const origin = found === undefined ? undefined : graph.nodes.get(found)?.origin
    if (origin !== undefined && alive.some(({ id }) => id === found)) lineages.add(origin.lineage)
    const mayBeNew = change.action === 'create' || change.action === 'import'
    if (found === undefined && !mayBeNew) unknown.push(change.address)
    const node = found ?? there?.find(({ id }) => !taken.has(id))?.id ?? freeId(graph, taken, change)
    taken.add(node)
    resolved.push(recorded(change, node, found === undefined ? 0 : (aliveVersion(graph, node)?.version ?? 0)))
  }
  if (unknown.length > 0) return unknownResources(plan, unknown)
  const [only] = lineages
  return { changes: resolved, lineage: plan.lineage ?? (lineages.size === 1 ? only : undefined) }
}

function nodesByAddress(graph: GraphSlice, lineage: string | undefined): ReadonlyMap<string, readonly NodeHistory[]> {
  const found = new Map<string, NodeHistory[]>()
  for (const history of graph.nodes.values()) {
    const { origin } = history
    if (origin === undefined || (lineage !== undefined && origin.lineage !== lineage)) continue
    const known = found.get(origin.address)
    if (known === undefined) found.set(origin.address, [history])
    else known.push(history)
  }
  return found
}

/** The id that an import is going to give a thing, as far as can be told now. */
function freeId(graph: GraphSlice, taken: ReadonlySet<NodeId>, { kind, key }: ExternalChange): NodeId {
  const wanted: NodeId = `${kind}/${key}`
  let node = wanted
  for (let suffix = 2; graph.nodes.has(node) || taken.has(node); suffix++) node = `${wanted}~${suffix}`
  return node
}

function recorded(
  { kind: _kind, key: _key, ref: _ref, ...change }: ExternalChange,
  node: NodeId,
  version: number,
): RecordedChange {
  return { ...change, node, version }
}

function ambiguous(plan: ExternalPlan, { address }: ExternalChange, nodes: readonly NodeHistory[]): Rejection {
  const lineages = nodes.map(({ origin }) => origin?.lineage).join(', ')
  const problem = `is the address of things of several states (${lineages}): say which lineage the plan belongs to`
  return reject('input-invalid', `${plan.name} cannot be proposed: ${address} ${problem}`, {
    what: `plan ${plan.name}`,
    issues: [{ path: address, problem }],
  })
}

function unknownResources(plan: ExternalPlan, unknown: readonly string[]): Rejection {
  const addresses = unknown.slice(0, ADDRESSES_LISTED)
  const more = unknown.length > addresses.length ? ` and ${unknown.length - addresses.length} more` : ''
  const message = `${plan.name} changes what the ledger does not know (${addresses.join(', ')}${more}): import the state that it was planned on first`
  return reject('external-resources-unknown', message, { plan: plan.name, addresses, count: unknown.length })
}
