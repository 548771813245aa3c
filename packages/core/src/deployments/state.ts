import type { EventData, Handlers } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import type { JsonValue } from '../json.ts'
import type { PlanDraft } from './approval.ts'
import type { Deployment } from './deployment.ts'
import { draftPlan, emptyDraft, nameMover, rememberOutside, voidApprovals } from './fold-plan.ts'
import {
  change,
  changeStep,
  compareAgain,
  dropDeferred,
  dropTakenBack,
  end,
  isLateEffect,
  rememberHalfDone,
  revise,
} from './fold.ts'
import { traceOf } from './origin-trace.ts'

/** A value that a provider accepted and put off; when it is observed it lands with the cause it was asked for. */
export type DeferredValue = {
  readonly value: JsonValue
  readonly deployment: string
  readonly step: string
  readonly until: string | undefined
  /** Of the event that told it: a read that began before says nothing about it. */
  readonly revision: number
}

/** What of a node may differ from what the last deployed model says, and since which revision. */
export type ComparedAgain = { readonly properties: Set<string> | 'all'; readonly revision: number }

/** What is known of deployments. */
export type DeploymentsSlice = {
  readonly deployments: Map<string, Deployment>
  /** The newest deployment that has not ended, if any. */
  current: string | undefined
  /** The newest deployment that failed: the only one that has ended and still has its steps at hand. */
  lastFailed: string | undefined
  /** Steps of a plan that is being recorded. */
  readonly drafts: Map<string, PlanDraft>
  readonly deferred: Map<NodeId, Map<string, DeferredValue>>
  /**
   * Nodes whose declared values the next plan compares with what is there, although the code did not change: a deployment that failed
   * wrote some of them, or the node came into our hands since.
   */
  readonly compareAgain: Map<NodeId, ComparedAgain>
  /** Creations of ended deployments of which nobody knows what became: the next one looks before it creates. */
  readonly unresolved: Map<NodeId, EventData<'StepStarted'>>
  /** Properties that somebody changed outside since we wrote them last: what a platform upgrade leaves alone. */
  readonly changedOutside: Map<NodeId, Set<string>>
}

/** No deployment yet. */
export function emptyDeployments(): DeploymentsSlice {
  return {
    deployments: new Map(),
    current: undefined,
    lastFailed: undefined,
    drafts: new Map(),
    deferred: new Map(),
    compareAgain: new Map(),
    unresolved: new Map(),
    changedOutside: new Map(),
  }
}

/** The deployment under way or waiting; there is at most one (DEPLOY 2). */
export function currentDeployment(slice: DeploymentsSlice): Deployment | undefined {
  return slice.current === undefined ? undefined : slice.deployments.get(slice.current)
}

/** Nodes whose step has an intent and no outcome yet. */
export function nodesWithOpenSteps(slice: DeploymentsSlice): ReadonlySet<NodeId> {
  const open = new Set<NodeId>()
  for (const state of currentDeployment(slice)?.plan?.steps.values() ?? [])
    if (state.status === 'started') open.add(state.step.node)
  return open
}

/** What each event does to the slice. */
export const deploymentHandlers = {
  DeploymentTriggered(slice, { data, metadata, revision }) {
    const { deployment: id, ...triggered } = data
    slice.deployments.set(id, {
      ...triggered,
      id,
      triggeredAt: metadata.recordedAt,
      triggeredBy: metadata.actor,
      correlationId: metadata.correlationId,
      trace: traceOf(metadata),
      ...(metadata.authorization === undefined ? {} : { triggeredAuthorization: metadata.authorization }),
      revision,
      status: 'triggered',
      plan: undefined,
      approvals: [],
      requiredApprovals: 0,
      asked: undefined,
      isVoid: false,
      voidings: [],
      review: undefined,
      phase: undefined,
      completedPhases: [],
      cancellation: undefined,
      revisions: 0,
      endedAt: undefined,
      reason: undefined,
      graphVersion: undefined,
    })
    slice.current = id
  },
  PlanStepsRecorded: (slice, { data }) => draftPlan(slice, data),
  PlanComputed(slice, { data, revision }) {
    const { digest, graphVersion, requests, infrastructureSteps } = data
    const { steps, inputs, hasInputs } = slice.drafts.get(data.deployment) ?? emptyDraft()
    slice.drafts.delete(data.deployment)
    const plan = { digest, revision, graphVersion, requests, infrastructureSteps, steps }
    change(slice, data.deployment, {
      status: 'planned',
      plan: { ...plan, inputs: hasInputs ? inputs : undefined },
      approvals: [],
      requiredApprovals: 0,
      isVoid: false,
    })
  },
  ApprovalRequested: (slice, { data }) =>
    change(slice, data.deployment, {
      status: 'waiting-for-approval',
      requiredApprovals: data.required,
      asked: data,
      isVoid: false,
    }),
  DeploymentApproved(slice, { data, metadata }) {
    const { digest, comment, sections } = data
    const { actor: by, recordedAt: at, authorization } = metadata
    const allowed = authorization === undefined ? {} : { authorization }
    slice.deployments.get(data.deployment)?.approvals.push({ by, at, digest, comment, sections, ...allowed })
  },
  DeploymentRejected: (slice, { data, metadata }) =>
    end(slice, data.deployment, 'rejected', metadata.recordedAt, data.reason),
  ApprovalVoided: (slice, { data, metadata }) => voidApprovals(slice, data, metadata.recordedAt),
  DeploymentRevised: (slice, { data, revision }) => revise(slice, data.deployment, revision),
  DeploymentReviewed: (slice, { data, metadata }) =>
    change(slice, data.deployment, {
      review: { by: metadata.actor, at: metadata.recordedAt, comment: data.comment },
    }),
  PhaseStarted: (slice, { data }) => change(slice, data.deployment, { status: 'running', phase: data.phase }),
  StepStarted(slice, { data }) {
    changeStep(slice, data.deployment, data.step, {
      status: 'started',
      intent: data,
      attempts: data.attempt,
      error: undefined,
    })
  },
  StepSucceeded(slice, { data }) {
    dropTakenBack(slice, data)
    changeStep(slice, data.deployment, data.step, { status: 'succeeded' })
  },
  StepDeferred(slice, { data, revision }) {
    dropTakenBack(slice, data)
    changeStep(slice, data.deployment, data.step, { status: 'deferred' })
    const byProperty = slice.deferred.get(data.node) ?? new Map<string, DeferredValue>()
    slice.deferred.set(data.node, byProperty)
    for (const [property, value] of Object.entries(data.deferred)) {
      byProperty.set(property, { value, deployment: data.deployment, step: data.step, until: data.until, revision })
    }
  },
  StepFailed(slice, { data }) {
    const { code, message, outcome } = data
    changeStep(slice, data.deployment, data.step, { status: 'failed', error: { code, message, outcome } })
  },
  PhaseCompleted(slice, { data }) {
    slice.deployments.get(data.deployment)?.completedPhases.push(data.phase)
  },
  DeploymentSucceeded(slice, { data, metadata }) {
    const planned = slice.deployments.get(data.deployment)?.plan?.revision ?? -1
    for (const [node, { revision }] of slice.compareAgain) if (revision < planned) slice.compareAgain.delete(node)
    change(slice, data.deployment, { graphVersion: data.graphVersion })
    end(slice, data.deployment, 'succeeded', metadata.recordedAt, undefined)
  },
  DeploymentFailed(slice, { data, metadata, revision }) {
    rememberHalfDone(slice, data.deployment, revision)
    end(slice, data.deployment, 'failed', metadata.recordedAt, data.reason)
  },
  CancellationRequested: (slice, { data, metadata }) =>
    change(slice, data.deployment, { cancellation: { by: metadata.actor, reason: data.reason } }),
  DeploymentCancelled(slice, { data, metadata, revision }) {
    rememberHalfDone(slice, data.deployment, revision)
    end(slice, data.deployment, 'cancelled', metadata.recordedAt, data.reason)
  },
  DeploymentSuperseded: (slice, { data, metadata }) =>
    end(slice, data.deployment, 'superseded', metadata.recordedAt, `superseded by ${data.by}`),
  NodeVersionRecorded(slice, { data, revision }) {
    // What an earlier deployment made is as that one wanted it.
    if (slice.unresolved.delete(data.node)) compareAgain(slice, data.node, 'all', revision)
    rememberOutside(slice, data)
    if (slice.deferred.size === 0 && slice.compareAgain.size === 0) return
    const again = data.cause.type === 'deployment' ? undefined : slice.compareAgain.get(data.node)?.properties
    for (const property of [...Object.keys(data.set), ...data.unset]) {
      dropDeferred(slice, data.node, property)
      // Somebody else had the last word on it.
      if (again !== undefined && again !== 'all' && !isLateEffect(slice, data, property)) again.delete(property)
    }
  },
  NodeManaged: (slice, { data, revision }) => compareAgain(slice, data.node, 'all', revision),
  NeedBound: (slice, { data, revision }) => compareAgain(slice, data.resource, 'all', revision),
  DriftDetected(slice, { data }) {
    for (const { property, decision } of data.decisions) {
      // A request converges only where nothing of ours is on its way.
      if (decision === 'landed' || decision === 'dropped' || decision === 'converged')
        dropDeferred(slice, data.node, property)
    }
  },
  DriftAttributed: (slice, { data }) => nameMover(slice, data),
  NodeRetired(slice, { data }) {
    slice.deferred.delete(data.node)
    slice.compareAgain.delete(data.node)
    slice.changedOutside.delete(data.node)
  },
} satisfies Handlers<DeploymentsSlice>
