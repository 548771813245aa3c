import type { Command } from './command.ts'
import { activity } from './commands/activity.ts'
import { alerts } from './commands/alerts.ts'
import { bind } from './commands/bind.ts'
import { causedBy } from './commands/caused-by.ts'
import { confirmDeletion } from './commands/confirm-deletion.ts'
import { deployments } from './commands/deployments.ts'
import { diff } from './commands/diff.ts'
import { drift } from './commands/drift.ts'
import { environments } from './commands/environments.ts'
import { exportLedger } from './commands/export.ts'
import { grantRole } from './commands/grant-role.ts'
import { graph } from './commands/graph.ts'
import { history } from './commands/history.ts'
import { importLedger } from './commands/import-ledger.ts'
import { importRds } from './commands/import-rds.ts'
import { importTerraform } from './commands/import-terraform.ts'
import { manage } from './commands/manage.ts'
import { node } from './commands/node.ts'
import { reconcile } from './commands/reconcile.ts'
import { reject } from './commands/reject.ts'
import { request } from './commands/request.ts'
import { requests } from './commands/requests.ts'
import { revokeRole } from './commands/revoke-role.ts'
import { timeline } from './commands/timeline.ts'
import { verify } from './commands/verify.ts'
import { whoCould } from './commands/who-could.ts'
import { why } from './commands/why.ts'
import { withdraw } from './commands/withdraw.ts'

/** Every command, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  importTerraform,
  importRds,
  importLedger,
  reconcile,
  environments,
  graph,
  node,
  history,
  why,
  diff,
  timeline,
  causedBy,
  drift,
  requests,
  deployments,
  alerts,
  activity,
  whoCould,
  verify,
  request,
  withdraw,
  reject,
  bind,
  manage,
  confirmDeletion,
  grantRole,
  revokeRole,
  exportLedger,
]
