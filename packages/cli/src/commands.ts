import type { Command } from './command.ts'
import { activity } from './commands/activity.ts'
import { alerts } from './commands/alerts.ts'
import { approve } from './commands/approve.ts'
import { backup } from './commands/backup.ts'
import { bind } from './commands/bind.ts'
import { cancel } from './commands/cancel.ts'
import { causedBy } from './commands/caused-by.ts'
import { changePolicies } from './commands/change-policies.ts'
import { checkpoint } from './commands/checkpoint.ts'
import { confirmDeletion } from './commands/confirm-deletion.ts'
import { create } from './commands/create.ts'
import { deleteEnvironment } from './commands/delete.ts'
import { deploy } from './commands/deploy.ts'
import { deployment } from './commands/deployment.ts'
import { deployments } from './commands/deployments.ts'
import { destroy } from './commands/destroy.ts'
import { diff } from './commands/diff.ts'
import { drift } from './commands/drift.ts'
import { environments } from './commands/environments.ts'
import { exportLedger } from './commands/export.ts'
import { externalApplied, externalApprove, externalReject, externalWithdraw } from './commands/external-decisions.ts'
import { externalList } from './commands/external-list.ts'
import { externalPropose } from './commands/external-propose.ts'
import { externalShow } from './commands/external-show.ts'
import { grantRole } from './commands/grant-role.ts'
import { graph } from './commands/graph.ts'
import { grants } from './commands/grants.ts'
import { history } from './commands/history.ts'
import { importLedger } from './commands/import-ledger.ts'
import { importRds } from './commands/import-rds.ts'
import { importTerraform } from './commands/import-terraform.ts'
import { keygen } from './commands/keygen.ts'
import { manage } from './commands/manage.ts'
import { migrate } from './commands/migrate.ts'
import { node } from './commands/node.ts'
import { orphans } from './commands/orphans.ts'
import { plan } from './commands/plan.ts'
import { policies } from './commands/policies.ts'
import { approvePolicies, rejectPolicies, withdrawPolicies } from './commands/policy-proposals.ts'
import { proof } from './commands/proof.ts'
import { project } from './commands/project.ts'
import { reconcile } from './commands/reconcile.ts'
import { reject } from './commands/reject.ts'
import { rejectDeployment } from './commands/reject-deployment.ts'
import { report } from './commands/report.ts'
import { request } from './commands/request.ts'
import { requests } from './commands/requests.ts'
import { review } from './commands/review.ts'
import { reviewDrift } from './commands/review-drift.ts'
import { revokeRole } from './commands/revoke-role.ts'
import { roles } from './commands/roles.ts'
import { run } from './commands/run.ts'
import { timeline } from './commands/timeline.ts'
import { verify } from './commands/verify.ts'
import { versions } from './commands/versions.ts'
import { whoCould } from './commands/who-could.ts'
import { why } from './commands/why.ts'
import { withdraw } from './commands/withdraw.ts'

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  importTerraform,
  importRds,
  importLedger,
  migrate,
  reconcile,
  environments,
  graph,
  node,
  history,
  why,
  grants,
  diff,
  timeline,
  causedBy,
  drift,
  requests,
  deployments,
  versions,
  deployment,
  plan,
  policies,
  roles,
  externalList,
  externalShow,
  alerts,
  orphans,
  activity,
  whoCould,
  verify,
  report,
  checkpoint,
  proof,
  keygen,
  create,
  request,
  withdraw,
  reject,
  bind,
  manage,
  confirmDeletion,
  grantRole,
  revokeRole,
  destroy,
  deleteEnvironment,
  deploy,
  approve,
  rejectDeployment,
  cancel,
  review,
  reviewDrift,
  changePolicies,
  approvePolicies,
  rejectPolicies,
  withdrawPolicies,
  externalPropose,
  externalApprove,
  externalReject,
  externalWithdraw,
  externalApplied,
  run,
  exportLedger,
  backup,
  project,
]
