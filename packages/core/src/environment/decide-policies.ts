import { describeActor, isSameActor } from '../access/actor.ts'
import { personRequired } from '../access/person.ts'
import { fourEyesRequired } from '../deployments/four-eyes.ts'
import { closest } from '../graph/closest.ts'
import { didYouMean } from '../graph/kind-catalogue.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { DomainEvent } from './catalogue.ts'
import type { CommandContext } from './decision.ts'
import { subjectOf } from './roles.ts'
import { policiesDigest } from './policy-digest.ts'
import type { Policies } from './policies.ts'
import type { PolicyProposal } from './policy-proposal.ts'
import type { EnvironmentState } from './state.ts'
import { approvalsDemanded, weakenings } from './weakening.ts'

const HOUR_MS = 3_600_000

/**
 * New policies hold at once, unless they ask for less than the present ones and those demand approvals: then they are proposed, and hold
 * when as many other persons approved them as a plan would have needed (ACCESS 4).
 */
export function changePolicies(
  state: EnvironmentState,
  policies: Policies,
  { kinds, now, newId }: CommandContext,
): readonly DomainEvent[] {
  const present = state.environment.policies
  if (policiesDigest(policies) === policiesDigest(present)) return []
  const required = approvalsDemanded(present.approvals)
  const weakens = required === 0 ? [] : weakenings(present, policies, kinds, now)
  if (weakens.length === 0) return [{ type: 'EnvironmentPoliciesChanged', data: { policies } }]
  if (openProposalOf(state, policies) !== undefined) return []
  return [{ type: 'PolicyChangeProposed', data: { proposal: newId(), policies, weakens: [...weakens], required } }]
}

/** The proposal of these policies that is open, if there is one. */
export function openProposalOf(state: EnvironmentState, policies: Policies): PolicyProposal | undefined {
  const digest = policiesDigest(policies)
  return [...state.environment.proposals.values()].find(
    (proposal) => proposal.status === 'open' && policiesDigest(proposal.policies) === digest,
  )
}

/** Another person approves weaker policies; the last approval that they need puts them in force, in the same append. */
export function approvePolicyChange(
  state: EnvironmentState,
  { proposal: id, comment }: { readonly proposal: string; readonly comment?: string | undefined },
  { actor, now }: CommandContext,
): readonly DomainEvent[] | Rejection {
  const proposal = findOpen(state, id)
  if ('code' in proposal) return proposal
  const person = personRequired(actor, 'approve weaker policies')
  if (person !== undefined) return person
  if (isSameActor(proposal.proposedBy, actor)) return fourEyesRequired(id, actor, 'proposed it')
  const given = countingApprovals(state, proposal, now)
  if (given.some(({ by }) => isSameActor(by, actor))) return []
  const approved: DomainEvent = {
    type: 'PolicyChangeApproved',
    data: { proposal: id, ...(comment === undefined ? {} : { comment }) },
  }
  if (given.length + 1 < proposal.required) return [approved]
  return [approved, { type: 'EnvironmentPoliciesChanged', data: { policies: proposal.policies, proposal: id } }]
}

/** Whoever proposed weaker policies takes that back. */
export function withdrawPolicyChange(
  state: EnvironmentState,
  { proposal: id, reason }: { readonly proposal: string; readonly reason: string },
  { actor }: CommandContext,
): readonly DomainEvent[] | Rejection {
  const proposal = findOpen(state, id)
  if ('code' in proposal) return proposal
  if (isSameActor(proposal.proposedBy, actor))
    return [{ type: 'PolicyChangeWithdrawn', data: { proposal: id, reason } }]
  const requester = describeActor(proposal.proposedBy)
  const message = `only ${requester} can withdraw proposal ${id}; others reject it`
  return reject('requester-or-admin-required', message, { request: id, requester, subject: actor.id })
}

/** Somebody turns weaker policies down. */
export function rejectPolicyChange(
  state: EnvironmentState,
  { proposal: id, reason }: { readonly proposal: string; readonly reason: string },
  { actor }: CommandContext,
): readonly DomainEvent[] | Rejection {
  const proposal = findOpen(state, id)
  if ('code' in proposal) return proposal
  return (
    personRequired(actor, 'reject weaker policies') ?? [
      { type: 'PolicyChangeRejected', data: { proposal: id, reason } },
    ]
  )
}

function findOpen(state: EnvironmentState, id: string): PolicyProposal | Rejection {
  const proposal = state.environment.proposals.get(id)
  if (proposal === undefined) return notFound(state, id)
  if (proposal.status === 'open') return proposal
  const why =
    proposal.status === 'void' ? 'void, for the policies changed meanwhile: propose it again' : proposal.status
  return reject('proposal-not-open', `proposal ${id} is ${why}`, { proposal: id, status: proposal.status })
}

function notFound(state: EnvironmentState, id: string): Rejection {
  const near = closest(id, state.environment.proposals.keys())
  return reject('proposal-not-found', `there is no proposal ${id}${didYouMean(near)}`, { proposal: id, closest: near })
}

/**
 * The approvals of a proposal that count at a moment: one of each person, none older than the present policies allow, and none of
 * somebody from whom the Admin role was taken since.
 */
export function countingApprovals(
  state: EnvironmentState,
  { approvals }: PolicyProposal,
  now: string,
): PolicyProposal['approvals'] {
  const hours = state.environment.policies.approvals.expiresAfterHours
  const fresh = approvals.filter(
    ({ by, at }) =>
      (hours === undefined || Date.parse(now) - Date.parse(at) <= hours * HOUR_MS) && !lostAdminSince(state, by, at),
  )
  return [...new Map(fresh.map((approval) => [describeActor(approval.by), approval])).values()]
}

function lostAdminSince({ access }: EnvironmentState, actor: CommandContext['actor'], at: string): boolean {
  const subject = subjectOf(actor)
  return access.periods.some(
    ({ role, subject: holder, granted, revoked }) =>
      role === 'admin' && holder === subject && granted.at <= at && revoked !== undefined && revoked.at >= at,
  )
}
