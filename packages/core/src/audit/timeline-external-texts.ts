import type { externalDeploymentEvents } from '../external-deployments/events.ts'
import type { TextOf } from './timeline.ts'
import { triggerText } from './timeline-graph-texts.ts'
import { count } from './value-text.ts'

/** How plans that other tools carry out read on a timeline. */
export const externalDeploymentTexts: { readonly [T in keyof typeof externalDeploymentEvents]: TextOf<T> } = {
  ExternalDeploymentProposed: ({ deployment, tool, plan, commit, trigger, required }) =>
    `external deployment ${deployment} of commit ${commit} proposed by ${triggerText(trigger)}: ${plan} of ${tool.name}, ${count(required, 'approval')} needed`,
  ExternalPlanRecorded: () => undefined,
  ExternalDeploymentApproved: ({ deployment, comment }) =>
    `external deployment ${deployment} approved${comment === undefined ? '' : `: ${comment}`}`,
  ExternalDeploymentRejected: ({ deployment, reason }) => `external deployment ${deployment} rejected: ${reason}`,
  ExternalApprovalVoided: ({ deployment, reason }) =>
    `approval of external deployment ${deployment} is void, for this moved: ${reason}`,
  ExternalDeploymentWithdrawn: ({ deployment, reason }) => `external deployment ${deployment} withdrawn: ${reason}`,
  ExternalApplyReported: ({ deployment, at, comment }) =>
    `external deployment ${deployment} was run at ${at}${comment === undefined ? '' : `: ${comment}`}`,
  ExternalChangeUnapproved: ({ deployment, reason }) =>
    `external deployment ${deployment} was carried out without approval: ${reason}`,
  ExternalDeploymentApplied: ({ deployment, graphVersion }) =>
    `everything that external deployment ${deployment} announced is there, at graph version ${graphVersion}`,
}
