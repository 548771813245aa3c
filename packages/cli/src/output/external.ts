import type {
  ExternalDeploymentHandle,
  ExternalDeploymentSummary,
  ExternalPlanReading,
  OutstandingChange,
} from '@infraledger/core'
import { showActor } from './lineage.ts'
import type { Look } from './look.ts'
import { count, plain } from './text.ts'

/** An external deployment as data: what it is, its plan, and what of it is missing. */
export type ExternalDocument = ExternalDeploymentSummary & {
  readonly changes: ExternalPlanReading['changes']
  readonly notices: ExternalPlanReading['notices']
  readonly outstanding: readonly OutstandingChange[]
  /** The plan for people; left out of JSON, as every function is. */
  readonly planText: () => string
}

/** Reads all that is to be shown of an external deployment. */
export async function externalDocument(deployment: ExternalDeploymentHandle): Promise<ExternalDocument> {
  const [summary, plan, outstanding] = [
    await deployment.read(),
    await deployment.plan(),
    await deployment.outstanding(),
  ]
  return { ...summary, changes: plan.changes, notices: plan.notices, outstanding, planText: plan.text }
}

/** The same for people. */
export function externalText(document: ExternalDocument, look: Look): string {
  const { id, status, digest, commit, requiredApprovals, approvals, voided, moved, outstanding, unapproved } = document
  const agreed = approvals.map(
    ({ by, comment }) => `  approved by ${showActor(by)}${comment === undefined ? '' : `: ${plain(comment)}`}`,
  )
  const hasBegun = status === 'partly-applied'
  return [
    `${look.paint('bold', plain(id))}  ${status}, commit ${plain(commit)}`,
    ...document.planText().split('\n').map(plain),
    `  digest ${digest}`,
    ...(requiredApprovals === 0
      ? ['  needs no approval']
      : [`  needs ${count(requiredApprovals, 'approval')}`, ...agreed]),
    ...(voided === undefined ? [] : [`  its approval is void, for this moved: ${plain(voided)}`]),
    ...(voided === undefined && !hasBegun
      ? moved.map(
          ({ node, properties, by }) =>
            `  moved since it was planned: ${plain(node)} ${plain(properties.join(', '))} by ${plain(by)}`,
        )
      : []),
    ...(unapproved ? ['  it was carried out without the approval that was required'] : []),
    ...(hasBegun ? [`  not seen yet: ${count(outstanding.length, 'change')}`, ...outstanding.map(missingText)] : []),
  ].join('\n')
}

function missingText({ node, action, properties }: OutstandingChange): string {
  const which = properties.map(({ property }) => property).join(', ')
  return `    ${action} ${plain(node)}${which === '' ? '' : `: ${plain(which)}`}`
}
