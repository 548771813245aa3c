import { describeActor } from '../access/actor.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext, Decision } from '../environment/decision.ts'
import { rejected } from '../environment/decision.ts'
import { hasRole, subjectOf } from '../environment/roles.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { nodeIdSchema } from '../graph/ids.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { ExternalDeploymentCommandOf } from './commands.ts'
import { changesSomething } from './external-plan.ts'
import type { ExternalAction, ExternalPlan, RecordedChange } from './external-plan.ts'
import { resolveChanges } from './resolve-changes.ts'
import type { ResolvedChanges } from './resolve-changes.ts'
import type { ExternalDeployment } from './state.ts'

/** Size of the changes in one event, as JSON text: well below the limit of an event. */
const PART_BYTES = 256 * 1024
/** Nodes that a refusal lists. */
const NODES_LISTED = 20

/**
 * Records the plan of another tool. The same plan again is the same proposal; begun and not finished, it goes on where it stopped. What is
 * open for one of its resources already is told, and withdrawn only if that is asked for.
 */
export function decideProposal(
  state: EnvironmentState,
  command: ExternalDeploymentCommandOf<'propose-external'>,
  context: CommandContext,
): Decision {
  const { plan, trigger } = command
  if (trigger.type === 'manual' && trigger.user.trim() === '')
    return rejected('trigger-user-missing', 'a plan that is proposed by hand names the user who did', {
      trigger: trigger.type,
    })
  const same = samePlan(state, plan.digest)
  if (same?.status === 'open') return { type: 'accepted', events: [] }
  const invalid = checkChanges(plan)
  if (invalid !== undefined) return { type: 'rejected', rejection: invalid }
  const effective = plan.changes.filter(changesSomething)
  if (effective.length === 0)
    return rejected('external-plan-empty', `${plan.name} changes nothing: there is nothing to propose`, {
      plan: plan.name,
      digest: plan.digest,
    })
  const resolved = resolveChanges(state, plan, effective)
  if ('code' in resolved) return { type: 'rejected', rejection: resolved }
  const conflicts = conflicting(state, resolved.changes)
  const refused = command.supersede === true ? mayNotWithdraw(state, conflicts, context) : conflictOf(plan, conflicts)
  if (refused !== undefined) return { type: 'rejected', rejection: refused }
  const id = same?.id ?? command.deployment
  const withdrawn = conflicts.map(({ deployment }): DomainEvent => ({
    type: 'ExternalDeploymentWithdrawn',
    data: { deployment: deployment.id, reason: `superseded by ${id} (${plan.name})`, by: id },
  }))
  const parts = inParts(resolved.changes)
  const recorded = parts.map((changes, index): DomainEvent => ({
    type: 'ExternalPlanRecorded',
    data: { deployment: id, part: index + 1, changes: [...changes] },
  }))
  // A proposal that was interrupted has told how many parts it has; where that differs by now, it begins anew.
  if (same !== undefined && same.parts === parts.length)
    return { type: 'accepted', divisible: true, events: recorded.slice(same.recordedParts) }
  const proposed = proposal(state, { ...command, deployment: id }, resolved, parts.length)
  return { type: 'accepted', divisible: true, events: [...withdrawn, proposed, ...recorded] }
}

/** A proposal of this very plan that can still go on. */
export function samePlan(state: EnvironmentState, digest: string): ExternalDeployment | undefined {
  return [...state.externalDeployments.deployments.values()].findLast(
    (known) => known.digest === digest && (known.status === 'open' || known.status === 'recording'),
  )
}

function proposal(
  state: EnvironmentState,
  { deployment, plan, trigger }: ExternalDeploymentCommandOf<'propose-external'>,
  { lineage }: ResolvedChanges,
  parts: number,
): DomainEvent {
  const counts: Partial<Record<ExternalAction, number>> = {}
  for (const { action } of plan.changes) counts[action] = (counts[action] ?? 0) + 1
  const { tool, name, digest, madeAt, complete, drifted } = plan
  return {
    type: 'ExternalDeploymentProposed',
    data: {
      deployment,
      tool,
      plan: name,
      digest,
      ...(lineage === undefined ? {} : { lineage }),
      ...(madeAt === undefined ? {} : { madeAt }),
      complete,
      drifted,
      trigger,
      commit: trigger.commit,
      graphVersion: state.graph.version,
      required: state.environment.policies.approvals.required,
      counts,
      parts,
    },
  }
}

/** What no reader of plans should hand over: an address twice, a kind and key that make no node id. */
function checkChanges({ name, changes }: ExternalPlan): Rejection | undefined {
  const addresses = new Set<string>()
  const issues: { readonly path: string; readonly problem: string }[] = []
  for (const { address, kind, key } of changes) {
    if (addresses.has(address)) issues.push({ path: address, problem: 'is there twice' })
    addresses.add(address)
    if (!nodeIdSchema.safeParse(`${kind}/${key}`).success)
      issues.push({ path: address, problem: `kind "${kind}" and key "${key}" make no node id` })
  }
  const [first] = issues
  if (first === undefined) return undefined
  return reject('input-invalid', `${name} cannot be proposed: ${first.path} ${first.problem}`, {
    what: `plan ${name}`,
    issues: issues.slice(0, NODES_LISTED),
  })
}

type Conflict = { readonly deployment: ExternalDeployment; readonly addresses: readonly string[] }

/** Open plans that are about one of these nodes, or want to bring something to one of these addresses. */
function conflicting(state: EnvironmentState, changes: readonly RecordedChange[]): readonly Conflict[] {
  const { byNode, byAddress, deployments } = state.externalDeployments
  const found = new Map<string, string[]>()
  for (const { address, node, version } of changes) {
    const others = [...((version > 0 ? byNode.get(node) : undefined) ?? []), ...(byAddress.get(address) ?? [])]
    for (const id of new Set(others.map(({ deployment }) => deployment)))
      found.set(id, [...(found.get(id) ?? []), address])
  }
  return [...found].flatMap(([id, addresses]) => {
    const deployment = deployments.get(id)
    return deployment?.status === 'open' ? [{ deployment, addresses }] : []
  })
}

function conflictOf(plan: ExternalPlan, [conflict]: readonly Conflict[]): Rejection | undefined {
  if (conflict === undefined) return undefined
  const { deployment, addresses } = conflict
  const by = describeActor(deployment.proposedBy)
  const message = `${plan.name} changes what external deployment ${deployment.id} of ${by} (commit ${deployment.commit}) is about to change (${addresses.slice(0, 3).join(', ')}): withdraw that, or have it superseded`
  return reject('external-deployment-conflicting', message, {
    deployment: deployment.id,
    proposedBy: by,
    addresses: addresses.slice(0, NODES_LISTED),
  })
}

function mayNotWithdraw(
  state: EnvironmentState,
  conflicts: readonly Conflict[],
  context: CommandContext,
): Rejection | undefined {
  for (const { deployment } of conflicts) {
    const problem = checkRight(state, deployment, context)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Whoever takes back what is open to propose their own must have proposed that, or be an Admin. */
function checkRight(
  state: EnvironmentState,
  { id, proposedBy }: ExternalDeployment,
  { actor }: CommandContext,
): Rejection | undefined {
  const [requester, subject] = [subjectOf(proposedBy), subjectOf(actor)]
  if (requester === subject || hasRole(state, actor, 'admin')) return undefined
  const message = `external deployment ${id} was proposed by ${requester}: only they or an Admin may withdraw it`
  return reject('requester-or-admin-required', message, { request: id, requester, subject })
}

/** Changes in groups that each fit one event. */
function inParts(changes: readonly RecordedChange[]): readonly (readonly RecordedChange[])[] {
  const parts: RecordedChange[][] = [[]]
  let bytes = 0
  for (const change of changes) {
    const size = Buffer.byteLength(JSON.stringify(change))
    if (bytes > 0 && bytes + size > PART_BYTES) {
      parts.push([])
      bytes = 0
    }
    bytes += size
    parts.at(-1)?.push(change)
  }
  return parts
}
