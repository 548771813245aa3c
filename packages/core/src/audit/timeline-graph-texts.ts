import type { deploymentEvents } from '../deployments/events.ts'
import type { Trigger } from '../deployments/trigger.ts'
import { importOf } from '../graph/cause.ts'
import type { Cause } from '../graph/cause.ts'
import type { graphEvents } from '../graph/events.ts'
import type { EdgeId } from '../graph/ids.ts'
import type { ImportRecord } from '../graph/imports.ts'
import type { TextOf } from './timeline.ts'
import { changeText, count } from './value-text.ts'

/** How the graph's events read on a timeline. */
export const graphTexts: { readonly [T in keyof typeof graphEvents]: TextOf<T> } = {
  NodeVersionRecorded({ node, version, incarnation, set, unset, cause }) {
    if (importOf(cause) !== undefined) return undefined
    if (version === 1) return `${node} added ${becauseOf(cause)}: ${changeText(set, unset)}`
    const what = Object.keys(set).length + unset.length === 0 ? 'its handle changed' : changeText(set, unset)
    return `${node} version ${version}${incarnation > 1 ? ` (incarnation ${incarnation})` : ''} ${becauseOf(cause)}: ${what}`
  },
  NodeRetired({ node, reason, cause }) {
    const says = {
      removed: 'was removed',
      vanished: 'is gone',
      'no-longer-imported': 'is no longer in the imported state',
      replaced: 'was replaced by another',
    }
    return importOf(cause) !== undefined && reason === 'no-longer-imported'
      ? undefined
      : `${node} ${says[reason]} ${becauseOf(cause)}`
  },
  EdgeVersionRecorded: ({ edge, kind, from, to, cause }) =>
    isToldOtherwise(edge, cause) ? undefined : `${from} ${kind} ${to} ${becauseOf(cause)}`,
  EdgeRetired: ({ edge, cause }) =>
    isToldOtherwise(edge, cause) ? undefined : `edge ${edge} ended ${becauseOf(cause)}`,
  NodeManaged: ({ node, reason }) => `${node} was handed over and is managed now: ${reason}`,
  NeedBound({ need, resource, previous, reason }) {
    const before = previous === null ? '' : `, no longer by ${previous}`
    return `${need} is satisfied by ${resource} from now on${before}: ${reason}`
  },
  ImportStarted: ({ source, nodes, edges }) =>
    `import of ${sourceText(source)} began: ${count(nodes, 'node')}, ${count(edges, 'edge')}`,
  ImportCompleted({ recorded, unchanged, retired, instead }) {
    const taken = instead === undefined ? '' : ` with ${sourceText(instead.source)} instead`
    return `import completed${taken}: ${count(recorded, 'node')} recorded, ${unchanged} unchanged, ${retired} retired`
  },
}

function sourceText({ name, type, serial }: ImportRecord['source']): string {
  return `${name} (${type}${serial === undefined ? '' : `, serial ${serial}`})`
}

/** How deployments' events read on a timeline. */
export const deploymentTexts: { readonly [T in keyof typeof deploymentEvents]: TextOf<T> } = {
  DeploymentTriggered({ deployment, trigger, commit, destroys, emergency }) {
    const what = destroys === true ? ', which destroys the environment,' : ` of commit ${commit}`
    const because = emergency === undefined ? '' : ` as an emergency, without approval: ${emergency.reason}`
    return `deployment ${deployment}${what} triggered by ${triggerText(trigger)}${because}`
  },
  PlanComputed({ deployment, steps, infrastructureSteps, requests }) {
    const riding = requests.length === 0 ? '' : `, with the requests ${requests.join(', ')}`
    return `deployment ${deployment} planned: ${count(steps, 'step')}, ${infrastructureSteps} of them infrastructure${riding}`
  },
  PlanStepsRecorded: () => undefined,
  ApprovalRequested: ({ deployment, required }) =>
    `deployment ${deployment} waits for ${required} ${required === 1 ? 'approval' : 'approvals'}`,
  DeploymentApproved({ deployment, comment, sections }) {
    const parts = sections === undefined ? '' : ` (${sections.join(', ')})`
    return `deployment ${deployment} approved${parts}${comment === undefined ? '' : `: ${comment}`}`
  },
  DeploymentReviewed: ({ deployment, comment }) => `emergency deployment ${deployment} reviewed: ${comment}`,
  DeploymentRejected: ({ deployment, reason }) => `deployment ${deployment} rejected: ${reason}`,
  ApprovalVoided: ({ deployment, reason }) => `approval of deployment ${deployment} is void: ${reason}`,
  ExecutionClaimed({ deployment, executor, renewal, after }) {
    if (renewal === true) return undefined
    const taken = after === undefined ? '' : ', taken over from one that gave no sign of life'
    return `deployment ${deployment} is run by executor ${executor}${taken}`
  },
  ExecutionReleased: ({ deployment, executor, reason }) =>
    reason === 'waits' ? undefined : `deployment ${deployment} is left by executor ${executor}, which was stopped`,
  DeploymentRevised: ({ deployment, step, reason }) =>
    `deployment ${deployment} goes back to planning before ${step}: ${reason}`,
  PhaseStarted: ({ deployment, phase }) => `deployment ${deployment}: ${phase} began`,
  StepStarted: ({ operation, node, attempt }) => `${operation} ${node}${attempt > 1 ? ` (attempt ${attempt})` : ''}`,
  StepSucceeded: ({ step, result }) => `${step} done${result === undefined ? '' : `: ${result}`}`,
  StepDeferred({ step, deferred, until }) {
    return `${step} accepted and put off by the provider${until === undefined ? '' : ` until ${until}`}: ${changeText(deferred)}`
  },
  StepFailed: ({ step, outcome, message }) => `${step} failed (${outcome}): ${message}`,
  PhaseCompleted: ({ deployment, phase }) => `deployment ${deployment}: ${phase} completed`,
  DeploymentSucceeded: ({ deployment, graphVersion }) =>
    `deployment ${deployment} succeeded at graph version ${graphVersion}`,
  DeploymentFailed: ({ deployment, reason }) => `deployment ${deployment} failed: ${reason}`,
  CancellationRequested: ({ deployment, reason }) =>
    `deployment ${deployment} is to be cancelled after the calls under way: ${reason}`,
  DeploymentCancelled: ({ deployment, reason }) => `deployment ${deployment} cancelled: ${reason}`,
  DeploymentSuperseded: ({ deployment, by }) => `deployment ${deployment} superseded by ${by}`,
}

/** What set a deployment off, for people. */
export function triggerText(trigger: Trigger): string {
  switch (trigger.type) {
    case 'git-push':
      return `a push of ${trigger.pusher} to ${trigger.ref}`
    case 'manual':
      return `${trigger.user} by hand`
    case 'api':
      return `API client ${trigger.client}`
    case 'pull-request':
      return `pull request ${trigger.number}`
    case 'system':
      return `the system (${trigger.reason})`
  }
}

/** Imports tell their edges by number, bindings by themselves. */
function isToldOtherwise(edge: EdgeId, cause: Cause): boolean {
  return importOf(cause) !== undefined || (cause.type === 'repair' && edge.startsWith('satisfied-by:'))
}

function becauseOf(cause: Cause): string {
  switch (cause.type) {
    case 'deployment':
      return `by deployment ${cause.deployment}`
    case 'change-request':
      return `as request ${cause.request} asked`
    case 'drift':
      return cause.firstReading === true ? 'as first seen' : 'changed outside'
    case 'import':
      return 'by import'
    case 'external-deployment':
      return `by external deployment ${cause.deployment}`
    case 'restore':
      return 'by a restore'
    case 'repair':
      return 'by hand'
  }
}
