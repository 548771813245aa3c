import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { isSameActor } from '../access/actor.ts'
import { personRequired } from '../access/person.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { checkRequiredText } from '../required-text.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { findOpenDeployment } from './find.ts'
import { covers, isFresh } from './approval.ts'
import type { Voiding } from './approval.ts'
import { fourEyesRequired, isTrigger } from './four-eyes.ts'
import type { Deployment } from './deployment.ts'
import type { Section } from '../planning/sections.ts'

/**
 * A person approves the very plan that the digest names: all its sections without a policy of their own, or the named ones. With four
 * eyes, not what they triggered or asked for themselves (DEPLOY 6).
 */
export function decideApproval(
  state: EnvironmentState,
  command: DeploymentCommandOf<'approve-deployment'>,
  context: CommandContext,
): Decision {
  const found = findWaiting(state, command.deployment, command.digest, 'approve', context)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const problem = checkVoid(found) ?? checkSections(found, command.sections) ?? checkFourEyes(state, found, context)
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  if (addsNothing(found, command.sections, context)) return accepted([])
  const { deployment, digest, comment, sections } = command
  return accepted([
    {
      type: 'DeploymentApproved',
      data: {
        deployment,
        digest,
        ...(comment === undefined ? {} : { comment }),
        ...(sections === undefined ? {} : { sections: [...new Set(sections)] }),
      },
    },
  ])
}

/** Somebody moved an input: what the person has read is not what would run. */
function checkVoid({ id, plan, isVoid, voidings }: Deployment): Rejection | undefined {
  if (!isVoid || plan === undefined) return undefined
  const why = voidings.at(-1)?.reason ?? 'an input of it moved'
  const message = `the plan of deployment ${id} is void: ${why}. It is planned again; read it then`
  return reject('plan-void', message, { deployment: id, digest: plan.digest, moved: movedTexts(voidings.at(-1)) })
}

function movedTexts(voiding: Voiding | undefined): readonly string[] {
  return (voiding?.moved ?? []).map(({ input, by }) => `${input} (${by})`)
}

/** An approval must be for something: the sections that it names are in the plan, and without names one is left that needs none. */
function checkSections({ id, asked }: Deployment, named: readonly Section[] | undefined): Rejection | undefined {
  const sections = asked?.sections
  if (sections === undefined) return undefined
  const has = sections.map(({ section }) => section).join(', ')
  const refuse = (problem: string): Rejection =>
    reject('input-invalid', `the approval of deployment ${id} ${problem}: the plan has ${has}`, {
      what: 'approval',
      issues: [{ path: 'sections', problem }],
    })
  if (named === undefined)
    return sections.some((section) => !section.named) ? undefined : refuse('must name the sections that it is for')
  if (named.length === 0) return refuse('names no section')
  const unknown = named.find((name) => !sections.some(({ section }) => section === name))
  return unknown === undefined ? undefined : refuse(`names ${unknown}, which the plan has not`)
}

function checkFourEyes(
  state: EnvironmentState,
  deployment: Deployment,
  { actor }: CommandContext,
): Rejection | undefined {
  if (deployment.asked?.fourEyes !== true) return undefined
  const { id, plan } = deployment
  if (isTrigger(deployment, actor)) return fourEyesRequired(id, actor, 'triggered it')
  const own = plan?.requests.find((request) => {
    const requester = state.changeRequests.requests.get(request)?.requester
    return requester !== undefined && isSameActor(requester, actor)
  })
  return own === undefined ? undefined : fourEyesRequired(id, actor, `requested change ${own}, which it includes`)
}

/** Whether their approval, which still counts, covers all of this already. */
function addsNothing(
  { approvals, asked }: Deployment,
  named: readonly Section[] | undefined,
  { actor, now }: CommandContext,
): boolean {
  const own = approvals.filter((approval) => isSameActor(approval.by, actor) && isFresh(approval, asked, now))
  const sections = asked?.sections
  if (sections === undefined) return own.length > 0
  return sections
    .filter((section) => covers({ sections: named }, section.section, section.named))
    .every((section) => own.some((approval) => covers(approval, section.section, section.named)))
}

/** A person rejects the plan; the deployment ends, its change requests stay pending. */
export function decideRejection(
  state: EnvironmentState,
  command: DeploymentCommandOf<'reject-deployment'>,
  context: CommandContext,
): Decision {
  const found = findWaiting(state, command.deployment, command.digest, 'reject', context)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { deployment, digest, reason } = command
  const problem = checkRequiredText('reason', reason, 'a rejection gives its reason')
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  return accepted([{ type: 'DeploymentRejected', data: { deployment, digest, reason } }])
}

function findWaiting(
  state: EnvironmentState,
  id: string,
  digest: string,
  action: string,
  { actor }: CommandContext,
): Deployment | Rejection {
  const deployment = findOpenDeployment(state, id)
  if ('code' in deployment) return deployment
  const notAPerson = personRequired(actor, `${action} a deployment`)
  if (notAPerson !== undefined) return notAPerson
  const { status, plan } = deployment
  if (status !== 'waiting-for-approval' || plan === undefined) {
    return reject('deployment-not-waiting', `deployment ${id} is ${status}: nothing waits for approval`, {
      deployment: id,
      status,
    })
  }
  if (plan.digest === digest) return deployment
  return reject(
    'plan-digest-mismatch',
    `deployment ${id} waits with plan ${plan.digest}, not ${digest}: read it again before you ${action} it`,
    {
      deployment: id,
      expected: plan.digest,
      given: digest,
    },
  )
}
