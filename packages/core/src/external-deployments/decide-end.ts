import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import { hasRole, subjectOf } from '../environment/roles.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { ExternalDeploymentCommandOf } from './commands.ts'
import { findExternal, findOpenExternal } from './find.ts'
import type { ExternalDeployment } from './state.ts'

/** Whoever proposed it, or an Admin, takes a plan back. What was carried out of it stays its doing; what follows is not any more. */
export function decideWithdrawal(
  state: EnvironmentState,
  { deployment: id, reason }: ExternalDeploymentCommandOf<'withdraw-external'>,
  context: CommandContext,
): Decision {
  const known = findExternal(state, id)
  const found = 'code' in known || known.status === 'recording' ? known : findOpenExternal(state, id)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const problem = checkRight(state, found, context)
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  return accepted([{ type: 'ExternalDeploymentWithdrawn', data: { deployment: id, reason } }])
}

/** Whether somebody may take an external deployment back, or speak for it otherwise. */
export function checkRight(
  state: EnvironmentState,
  { id, proposedBy }: ExternalDeployment,
  { actor }: CommandContext,
  action = 'withdraw it',
): Rejection | undefined {
  const [requester, subject] = [subjectOf(proposedBy), subjectOf(actor)]
  if (requester === subject || hasRole(state, actor, 'admin')) return undefined
  const message = `external deployment ${id} was proposed by ${requester}: only they or an Admin may ${action}`
  return reject('requester-or-admin-required', message, { request: id, requester, subject })
}

/** Whoever proposed it, or an Admin, says that the tool ran. What became of it is seen when its state is imported, or its resources are observed. */
export function decideApplyReport(
  state: EnvironmentState,
  { deployment: id, at, comment }: ExternalDeploymentCommandOf<'report-external-apply'>,
  context: CommandContext,
): Decision {
  const { now } = context
  const known = findExternal(state, id)
  // One that was turned down and run all the same is better told than not.
  const found = 'code' in known || known.status === 'rejected' ? known : findOpenExternal(state, id)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const problem = checkRight(state, found, context, 'tell that it ran')
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  if (found.reported !== undefined) return accepted([])
  const moment = at === undefined ? now : at
  if (Number.isNaN(Date.parse(moment)) || Date.parse(moment) > Date.parse(now)) {
    return rejected('input-invalid', `${moment} is no time at which it can have been applied`, {
      what: 'at',
      issues: [{ path: 'at', problem: 'must be a time (ISO 8601) that is not in the future' }],
    })
  }
  const data = { deployment: id, at: moment, ...(comment === undefined ? {} : { comment }) }
  return accepted([{ type: 'ExternalApplyReported', data }])
}
