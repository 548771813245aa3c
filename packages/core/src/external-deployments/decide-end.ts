import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import type { ExternalDeploymentCommandOf } from './commands.ts'
import { findExternal, findOpenExternal } from './find.ts'

/** Takes a plan back. What was carried out of it stays its doing; what follows is not any more. */
export function decideWithdrawal(
  state: EnvironmentState,
  { deployment: id, reason }: ExternalDeploymentCommandOf<'withdraw-external'>,
  _context: CommandContext,
): Decision {
  const known = findExternal(state, id)
  const found = 'code' in known || known.status === 'recording' ? known : findOpenExternal(state, id)
  if ('code' in found) return { type: 'rejected', rejection: found }
  return accepted([{ type: 'ExternalDeploymentWithdrawn', data: { deployment: id, reason } }])
}

/** Somebody says that the tool ran. What became of it is seen when its state is imported, or its resources are observed. */
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
