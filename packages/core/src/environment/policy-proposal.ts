import type { Actor } from '../access/actor.ts'
import type { EventData, LedgerEvent } from './catalogue.ts'
import type { EnvironmentSlice } from './slice.ts'

/** Weaker policies that somebody proposed, and what became of that (ACCESS 4). */
export type PolicyProposal = Readonly<EventData<'PolicyChangeProposed'>> & {
  readonly proposedBy: Actor
  readonly proposedAt: string
  /** `void`: the policies changed meanwhile. */
  readonly status: 'open' | 'applied' | 'withdrawn' | 'rejected' | 'void'
  readonly approvals: readonly { readonly by: Actor; readonly at: string; readonly comment: string | undefined }[]
  /** Why it was withdrawn or rejected. */
  readonly reason: string | undefined
}

/** A proposal begins. */
export function openProposal(slice: EnvironmentSlice, { data, metadata }: LedgerEvent<'PolicyChangeProposed'>): void {
  slice.proposals.set(data.proposal, {
    ...data,
    proposedBy: metadata.actor,
    proposedAt: metadata.recordedAt,
    status: 'open',
    approvals: [],
    reason: undefined,
  })
}

/** A person approves it. */
export function approveProposal(
  slice: EnvironmentSlice,
  { data, metadata }: LedgerEvent<'PolicyChangeApproved'>,
): void {
  const proposal = slice.proposals.get(data.proposal)
  if (proposal === undefined) return
  const approval = { by: metadata.actor, at: metadata.recordedAt, comment: data.comment }
  slice.proposals.set(data.proposal, { ...proposal, approvals: [...proposal.approvals, approval] })
}

/** It ends without effect. */
export function endProposal(
  slice: EnvironmentSlice,
  id: string,
  status: 'withdrawn' | 'rejected',
  reason: string,
): void {
  const proposal = slice.proposals.get(id)
  if (proposal !== undefined) slice.proposals.set(id, { ...proposal, status, reason })
}

/** New policies hold: the proposal that they come from is applied, and every other one was about what holds no more. */
export function settleProposals(slice: EnvironmentSlice, applied: string | undefined): void {
  for (const [id, proposal] of slice.proposals)
    if (proposal.status === 'open')
      slice.proposals.set(id, { ...proposal, status: id === applied ? 'applied' : 'void' })
}
