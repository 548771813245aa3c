import { subjectOf } from '../environment/roles.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { describeActor } from './actor.ts'
import type { AuthorizationRequest, Permission } from './authorizer.ts'
import { accessOf } from './command-access.ts'
import { targetText } from './target.ts'

/** The refusal of what an authorizer did not allow: by the role that is missing, where it names one. */
export function denial(request: AuthorizationRequest, { policy, reason, role }: Permission): Rejection {
  const { actor, action, target } = request
  const subject = subjectOf(actor)
  const { does } = accessOf(action)
  if (action === 'withdraw-change' && role === 'admin' && target?.type === 'change-request') {
    const [owner, who] = [
      target.requester === undefined ? 'nobody' : describeActor(target.requester),
      describeActor(actor),
    ]
    const message = `change request ${target.id} is ${owner}'s: only they or an Admin can withdraw it, not ${who}`
    return reject('requester-or-admin-required', message, { request: target.id, requester: owner, subject: who })
  }
  if (
    role === 'admin' &&
    target?.type === 'external-deployment' &&
    target.proposedBy !== undefined &&
    accessOf(action).permitted === 'owner'
  ) {
    const [requester, who] = [describeActor(target.proposedBy), describeActor(actor)]
    const message = `external deployment ${target.id} was proposed by ${requester}: only they or an Admin may ${does} it, not ${who}`
    return reject('requester-or-admin-required', message, { request: target.id, requester, subject: who })
  }
  const because = reason === undefined ? '' : `: ${reason}`
  if (role !== undefined) {
    const message = `${describeActor(actor)} needs the role ${role} to ${does}${targetText(target)}${because}`
    return reject('role-required', message, { role, subject, action: does })
  }
  const message = `${describeActor(actor)} may not ${does}${targetText(target)} in ${request.environment.name} by policy ${policy}${because}`
  return reject('permission-denied', message, { action, subject, policy, ...(reason === undefined ? {} : { reason }) })
}
