import { refKey } from '../../../cloud/provider-ref.ts'
import type { EventData, EventType, LedgerEvent } from '../../../environment/catalogue.ts'
import type { Step } from '../../../planning/step.ts'
import { alertKey, nodeOfRef, propertyKey } from './facts.fixture.ts'
import type { Facts, KnownNode, KnownPlan } from './facts.fixture.ts'
import type { Moment } from './moment.fixture.ts'

type Folds = { readonly [T in EventType]?: (facts: Facts, event: LedgerEvent<T>) => void }

/** Steps of plans that are told in parts. */
const parts = new WeakMap<Facts, Map<string, { readonly steps: Step[]; readonly inputs: Set<string> }>>()

const STANDS: ReadonlySet<string> = new Set(['suppressed', 'enforced', 'ignored', 'in-flight'])

/** What each event changes about what was seen. */
const folds: Folds = {
  EnvironmentCreated(facts, { data, metadata }) {
    facts.type = data.type
    facts.policies = data.policies
    facts.createdAt = metadata.recordedAt
  },
  EnvironmentPoliciesChanged(facts, { data }) {
    facts.policies = data.policies
    facts.proposals.clear()
  },
  PolicyChangeProposed: ({ proposals }, { data, metadata }) =>
    void proposals.set(data.proposal, { ...data, by: metadata.actor, approvals: new Map() }),
  PolicyChangeApproved: ({ proposals }, { data, metadata }) =>
    void proposals.get(data.proposal)?.approvals.set(metadata.actor.id, metadata.recordedAt),
  PolicyChangeWithdrawn: ({ proposals }, { data }) => void proposals.delete(data.proposal),
  PolicyChangeRejected: ({ proposals }, { data }) => void proposals.delete(data.proposal),
  RoleGranted: ({ roles }, { data }) =>
    void roles.set(data.subject, new Set([...(roles.get(data.subject) ?? []), data.role])),
  RoleRevoked(facts, { data }) {
    facts.roles.get(data.subject)?.delete(data.role)
    if (data.role !== 'admin') return
    // Who is an Admin no more has approved nothing that has not begun.
    for (const { plan } of facts.deployments.values())
      if (plan !== undefined && !plan.begun) plan.approvals = plan.approvals.filter(({ by }) => by.id !== data.subject)
    for (const { approvals } of facts.proposals.values()) approvals.delete(data.subject)
  },
  ApplicationModelRecorded({ models }, { data }) {
    const known = data.part > 1 ? models.get(data.digest) : models.get(data.base ?? '')
    const declared = new Map(known)
    for (const node of data.withdrawn) declared.delete(node)
    for (const declaration of data.declared) declared.set(declaration.node, declaration)
    models.set(data.digest, declared)
  },
  NodeVersionRecorded(facts, { data, metadata, revision }) {
    if (data.ref !== undefined && facts.nodes.get(data.node)?.ref?.id !== data.ref.id)
      facts.knownSince.set(data.node, metadata.recordedAt)
    if (
      data.cause.type !== 'import' &&
      data.cause.type !== 'repair' &&
      (data.ref ?? facts.nodes.get(data.node)?.ref) !== undefined
    )
      facts.seen.add(data.node)
    facts.nodes.set(data.node, versionOf(facts.nodes.get(data.node), data, revision))
    facts.graphVersion = metadata.graphVersion ?? facts.graphVersion
    for (const property of [...Object.keys(data.set), ...data.unset])
      facts.standing.delete(propertyKey(data.node, property))
  },
  NodeRetired(facts, { data, metadata, revision }) {
    const node = facts.nodes.get(data.node)
    if (node !== undefined) Object.assign(node, { alive: false, version: data.version, revision })
    facts.graphVersion = metadata.graphVersion ?? facts.graphVersion
    facts.confirmations.delete(data.node)
    facts.missing.delete(data.node)
    for (const key of [...facts.standing.keys(), ...facts.deferred.keys()])
      if (key.startsWith(`${data.node}|`)) {
        facts.standing.delete(key)
        facts.deferred.delete(key)
      }
  },
  EdgeVersionRecorded(facts, { data, metadata }) {
    const { edge, kind, from, to, attributes, version } = data
    facts.edges.set(edge, { kind, from, to, attributes, version, alive: true })
    facts.graphVersion = metadata.graphVersion ?? facts.graphVersion
  },
  EdgeRetired(facts, { data, metadata }) {
    const edge = facts.edges.get(data.edge)
    if (edge !== undefined) Object.assign(edge, { alive: false, version: data.version })
    facts.graphVersion = metadata.graphVersion ?? facts.graphVersion
  },
  NodeManaged(facts, { data, metadata, revision }) {
    facts.compareAgain.set(data.node, revision)
    const node = facts.nodes.get(data.node)
    if (node !== undefined) node.ownership = 'managed'
    facts.graphVersion = metadata.graphVersion ?? facts.graphVersion
  },
  NeedBound(facts, { data, metadata, revision }) {
    for (const node of [data.need, data.resource]) facts.compareAgain.set(node, revision)
    facts.bindings.set(data.need, data.resource)
    facts.graphVersion = metadata.graphVersion ?? facts.graphVersion
  },
  ImportStarted(facts, { data }) {
    facts.imports.add(data.import)
    facts.openImport = data.import
  },
  ImportCompleted: (facts) => void (facts.openImport = undefined),
  ChangeRequested: ({ requests }, { data, metadata }) =>
    void requests.set(data.request, {
      ...data,
      by: metadata.actor,
      remaining: new Set(Object.keys(data.set)),
      status: 'pending',
      wasApplied: false,
    }),
  ChangeApplied: (facts, { data }) => fulfil(facts, data, 'applied'),
  ChangeConverged: (facts, { data }) => fulfil(facts, data, 'converged'),
  ChangeWithdrawn: ({ requests }, { data }) => endRequest(requests.get(data.request), 'withdrawn'),
  ChangeRejected: ({ requests }, { data }) => endRequest(requests.get(data.request), 'rejected'),
  DeploymentTriggered(facts, { data, metadata }) {
    facts.open.add(data.deployment)
    facts.deployments.set(data.deployment, {
      triggered: data,
      by: metadata.actor,
      plan: undefined,
      compared: new Map(),
      planned: new Set(),
      calls: new Map(),
      made: new Set(),
      touched: new Set(),
    })
  },
  PlanStepsRecorded(facts, { data }) {
    const byDeployment = parts.get(facts) ?? new Map<string, { steps: Step[]; inputs: Set<string> }>()
    parts.set(facts, byDeployment)
    const known = data.part === 1 ? undefined : byDeployment.get(data.deployment)
    const { steps, inputs } = known ?? { steps: [], inputs: new Set<string>() }
    byDeployment.set(data.deployment, { steps, inputs })
    steps.push(...data.steps)
    for (const { input } of data.inputs ?? []) inputs.add(input)
  },
  PlanComputed(facts, { data }) {
    const deployment = facts.deployments.get(data.deployment)
    if (deployment === undefined) return
    for (const request of data.requests) deployment.planned.add(request)
    deployment.plan = planOf(facts, data)
    deployment.compared = new Map(facts.compareAgain)
  },
  DeploymentApproved({ deployments }, { data, metadata }) {
    const approval = { by: metadata.actor, at: metadata.recordedAt, sections: data.sections }
    deployments.get(data.deployment)?.plan?.approvals.push(approval)
  },
  ApprovalVoided({ deployments }, { data }) {
    const plan = deployments.get(data.deployment)?.plan
    if (plan !== undefined && data.expired === undefined) plan.approvals = []
  },
  DeploymentRevised(facts, { data, revision }) {
    const deployment = facts.deployments.get(data.deployment)
    for (const node of deployment?.touched ?? []) facts.compareAgain.set(node, revision)
    if (deployment !== undefined) deployment.plan = undefined
  },
  PhaseStarted({ deployments }, { data }) {
    const plan = deployments.get(data.deployment)?.plan
    if (plan !== undefined) plan.begun = true
  },
  PhaseCompleted: ({ deployments }, { data }) => void deployments.get(data.deployment)?.plan?.completed.add(data.phase),
  StepStarted(facts, { data }) {
    const deployment = facts.deployments.get(data.deployment)
    deployment?.calls.set(data.step, data)
    deployment?.touched.add(data.node)
    facts.intents.set(data.idempotencyKey, data)
  },
  StepSucceeded(facts, { data }) {
    const deployment = facts.deployments.get(data.deployment)
    const intent = deployment?.calls.get(data.step)
    if (intent?.operation === 'create') deployment?.made.add(data.node)
    for (const property of Object.keys(intent?.changes ?? {})) facts.deferred.delete(propertyKey(data.node, property))
    deployment?.plan?.done.add(data.step)
    deployment?.calls.delete(data.step)
  },
  StepDeferred(facts, { data }) {
    const deployment = facts.deployments.get(data.deployment)
    for (const property of Object.keys(deployment?.calls.get(data.step)?.changes ?? {}))
      facts.deferred.delete(propertyKey(data.node, property))
    for (const [property, value] of Object.entries(data.deferred))
      facts.deferred.set(propertyKey(data.node, property), { deployment: data.deployment, value })
    deployment?.plan?.done.add(data.step)
    deployment?.calls.delete(data.step)
  },
  StepFailed: ({ deployments }, { data }) => void deployments.get(data.deployment)?.calls.delete(data.step),
  DeploymentSucceeded(facts, { data }) {
    const deployment = facts.deployments.get(data.deployment)
    facts.deployed = deployment?.triggered.model ?? facts.deployed
    for (const [node, since] of deployment?.compared ?? [])
      if (facts.compareAgain.get(node) === since) facts.compareAgain.delete(node)
    facts.open.delete(data.deployment)
  },
  DeploymentFailed: endDeployment,
  DeploymentCancelled: endDeployment,
  DeploymentRejected: endDeployment,
  DeploymentSuperseded: endDeployment,
  AlertRaised: ({ alerted }, { data: { reason, node, property } }) =>
    void alerted.add(alertKey(reason, node, property)),
  DriftDetected(facts, { data, metadata }) {
    facts.foundAt.set(`${data.node}|${data.observation}`, metadata.effectiveAt ?? metadata.recordedAt)
    for (const decision of data.decisions) {
      const key = propertyKey(data.node, decision.property)
      if (STANDS.has(decision.decision)) facts.standing.set(key, { ...decision, lastSeenAt: data.lastSeenAt })
      else facts.standing.delete(key)
      if (decision.decision === 'landed' || decision.decision === 'dropped') facts.deferred.delete(key)
    }
  },
  ResourceMissing: ({ missing }, { data }) => void missing.add(data.node),
  ResourceFound: ({ missing }, { data }) => void missing.delete(data.node),
  ObservationCompleted({ nodes, seen }, { data: { scope } }) {
    // What a scan looked for it has seen, or seen to be missing.
    for (const [id, { ref }] of nodes)
      if (ref !== undefined && (scope.type === 'targets' || scope.nodes.includes(id))) seen.add(id)
  },
  DeletionConfirmed: ({ confirmations }, { data }) => void confirmations.set(data.node, data),
  DeletionConfirmationVoided: ({ confirmations }, { data }) => void confirmations.delete(data.node),
  DestructionConfirmed: (facts) => void (facts.ending = 'destroying'),
  EnvironmentDestroyed: (facts) => void (facts.ending = 'destroyed'),
  EnvironmentDeleted: (facts) => void (facts.ending = 'deleted'),
  ExternalDeploymentProposed: ({ externals }, { data }) => void externals.set(data.deployment, data),
  CommandRefused: ({ refusals }, { data, metadata }) => void refusals.push({ ...data, by: metadata.actor }),
}

/** Takes one event in. */
export function foldEvent(facts: Facts, event: LedgerEvent): void {
  // The fold is looked up by the very type of the event that it is given.
  const fold = folds[event.type] as ((facts: Facts, event: LedgerEvent) => void) | undefined
  fold?.(facts, event)
}

/** Takes in what else a moment tells: the time, the world, and what providers answered. */
export function foldMoment(facts: Facts, moment: Moment): void {
  facts.now = moment.at
  facts.world = moment.world
  if (moment.type === 'reading')
    for (const found of moment.found) {
      facts.readings.set(refKey(found.ref), found)
      const node = nodeOfRef(facts, found.ref)
      if (node !== undefined) facts.seen.add(node)
    }
  if (!facts.late) return
  for (const { ref, properties } of moment.world.resources) {
    for (const [property, value] of Object.entries(properties)) {
      const key = `${refKey(ref)}|${property}`
      const values = facts.truths.get(key) ?? new Map()
      facts.truths.set(key, values.set(JSON.stringify(value), value))
    }
  }
}

function versionOf(before: KnownNode | undefined, data: EventData<'NodeVersionRecorded'>, revision: number): KnownNode {
  const known = before?.alive === true ? before : undefined
  const gone = new Set(data.unset)
  const properties = Object.entries({ ...known?.properties, ...data.set }).filter(([property]) => !gone.has(property))
  return {
    version: data.version,
    incarnation: data.incarnation,
    alive: true,
    ownership: data.ownership ?? known?.ownership ?? 'observed',
    properties: Object.fromEntries(properties),
    ref: data.ref ?? known?.ref,
    revision,
  }
}

function planOf(facts: Facts, { deployment, digest, requests }: EventData<'PlanComputed'>): KnownPlan {
  const { steps = [], inputs = new Set<string>() } = parts.get(facts)?.get(deployment) ?? {}
  return { digest, steps, inputs, requests, approvals: [], begun: false, done: new Set(), completed: new Set() }
}

function fulfil({ requests }: Facts, data: { request: string; properties: readonly string[] }, how: string): void {
  const request = requests.get(data.request)
  if (request === undefined) return
  for (const property of data.properties) request.remaining.delete(property)
  // Something of it was written by a deployment: it was applied, whatever converged later.
  request.wasApplied ||= how === 'applied'
  if (request.remaining.size === 0) request.status = request.wasApplied ? 'applied' : how
}

function endRequest(request: { status: string } | undefined, status: string): void {
  if (request !== undefined) request.status = status
}

function endDeployment(
  facts: Facts,
  { data, revision }: { readonly data: { readonly deployment: string }; readonly revision: number },
): void {
  for (const node of facts.deployments.get(data.deployment)?.touched ?? []) facts.compareAgain.set(node, revision)
  facts.open.delete(data.deployment)
  if (facts.ending === 'destroying' && facts.deployments.get(data.deployment)?.triggered.destroys === true)
    facts.ending = undefined
}
