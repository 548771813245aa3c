import type { Alert, Role } from '../environment/slice.ts'
import { withRulesOfType } from '../environment/decide-environment.ts'
import { countingApprovals, openProposalOf } from '../environment/decide-policies.ts'
import type { Policies } from '../environment/policies.ts'
import type { PolicyProposal } from '../environment/policy-proposal.ts'
import type { NodeId } from '../graph/ids.ts'
import { isBeingDestroyed } from '../protection/closed.ts'
import type { Ending } from '../protection/state.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { By } from './options.ts'

/** What an environment is, apart from its graph. */
export type EnvironmentSummary = {
  readonly name: string
  readonly type: 'production' | 'development' | 'preview'
  readonly createdAt: string
  readonly clouds: readonly { readonly provider: string; readonly account: string; readonly region: string }[]
  readonly policies: Policies
  readonly roles: Readonly<Record<string, readonly Role[]>>
  readonly graphVersion: number
  /** Of a `destroyed` or `deleted` one only reads go on. */
  readonly status: 'active' | 'being-destroyed' | 'destroyed' | 'deleted'
  /** When and by whom it was destroyed, and how many nodes went and stayed. */
  readonly destroyed: Ending<'EnvironmentDestroyed'> | undefined
  readonly deleted: Ending<'EnvironmentDeleted'> | undefined
}

/** A person's word that an unused stateful node may be deleted. */
export type DeletionConfirmationInput = {
  readonly node: NodeId
  readonly reason: string
  /** For kinds without a last copy (topics, caches): what they hold is lost. */
  readonly acknowledgeLoss?: boolean
  /** The provider's automated backups go too; they are kept otherwise. */
  readonly automatedBackupsToo?: boolean
  /** For the destruction of the whole environment, while it is in use (Admins); counts for nothing else. */
  readonly forDestruction?: boolean
}

/** What became of new policies: they hold, they are what held already, or they are weaker and wait for approvals. */
export type PolicyChangeAnswer =
  | { readonly status: 'changed' | 'unchanged' }
  | {
      readonly status: 'proposed'
      readonly proposal: string
      /** In what they are weaker. */
      readonly weakens: readonly string[]
      /** How many other Admins must approve them. */
      readonly required: number
    }

/** What an approval of weaker policies did: they hold now, or wait for more. */
export type PolicyApprovalAnswer =
  | { readonly status: 'changed' }
  | { readonly status: 'waiting'; readonly missing: number }

/** Who may decide what, and what persons have decided. */
export interface GovernanceMethods {
  /** What the environment is: type, clouds, policies, who holds which roles, and whether it lives. */
  describe(): Promise<EnvironmentSummary>
  /**
   * Replaces the policies (Admins): at once, unless they are weaker than the present ones and those demand approvals. Then they are
   * proposed, and hold once as many other Admins approved them as a plan would have needed (ACCESS 4). The answer says which. A plan that
   * waits for approval is void then and planned again, for policies are an input of it (DEPLOY 5).
   */
  changePolicies(policies: Policies, by: By): Promise<PolicyChangeAnswer>
  /** Approves weaker policies that another Admin proposed. Throws `proposal-not-found`, `proposal-not-open`, `four-eyes-required`, `person-required`. */
  approvePolicyChange(
    approval: { readonly proposal: string; readonly comment?: string },
    by: By,
  ): Promise<PolicyApprovalAnswer>
  /** Takes a proposal of one's own back. Throws `proposal-not-found`, `proposal-not-open`, `requester-or-admin-required`. */
  withdrawPolicyChange(withdrawal: { readonly proposal: string; readonly reason: string }, by: By): Promise<void>
  /** Turns weaker policies down (Admins). Throws `proposal-not-found`, `proposal-not-open`, `person-required`. */
  rejectPolicyChange(rejection: { readonly proposal: string; readonly reason: string }, by: By): Promise<void>
  /** Weaker policies that were proposed, oldest first; `open`: those that still wait. */
  policyProposals(filter?: { readonly open?: boolean }): Promise<readonly PolicyProposal[]>
  /** Gives a role (Admins). The subject is a person's id as it is, anything else with its type: `api-client:ci`. Nothing happens where it is held. */
  grantRole(grant: { readonly subject: string; readonly role: Role }, by: By): Promise<void>
  /** Takes a role away (Admins). Throws `last-admin`; nothing happens where it is not held. */
  revokeRole(grant: { readonly subject: string; readonly role: Role }, by: By): Promise<void>
  /**
   * Confirms the deletion of one unused stateful node, as it is now (PROTECT 2). Throws `confirmation-refused` (its `reason` says why),
   * `person-required`, `node-not-found`, `node-retired`.
   */
  confirmDeletion(input: DeletionConfirmationInput, by: By): Promise<void>
  /** Alerts, oldest first; `open`: those that nobody has acknowledged, or with `false` those that somebody has. */
  alerts(filter?: { readonly open?: boolean }): Promise<readonly Alert[]>
  /** Says that an alert was seen (members). Throws `alert-not-found`; nothing happens where it is acknowledged. */
  acknowledgeAlert(input: { readonly alert: string; readonly comment?: string }, by: By): Promise<void>
}

/** Policies, roles, confirmations and alerts of one environment. */
export function governanceMethods(access: EnvironmentAccess): GovernanceMethods {
  return {
    async describe() {
      const state = await access.read()
      const { environment, graph } = state
      const { destroyed, deleted } = state.protection
      const { name, type, createdAt, clouds, policies } = environment
      const roles = Object.fromEntries([...environment.roles].map(([subject, held]) => [subject, [...held]]))
      const ended = deleted === undefined ? (destroyed === undefined ? undefined : 'destroyed') : 'deleted'
      const status = ended ?? (isBeingDestroyed(state) ? 'being-destroyed' : 'active')
      const graphVersion = graph.version
      return { name, type, createdAt, clouds, policies, roles, graphVersion, status, destroyed, deleted }
    },
    async changePolicies(policies, by) {
      const events = await access.execute({ type: 'change-policies', policies }, by)
      if (events.some(({ type }) => type === 'EnvironmentPoliciesChanged')) return { status: 'changed' }
      const state = access.stream.state
      const drift = withRulesOfType(state.environment.type, policies.drift)
      const open = openProposalOf(state, { ...policies, drift })
      if (open === undefined) return { status: 'unchanged' }
      const { proposal, weakens, required } = open
      return { status: 'proposed', proposal, weakens, required }
    },
    async approvePolicyChange(approval, by) {
      const events = await access.execute({ type: 'approve-policy-change', ...approval }, by)
      if (events.some(({ type }) => type === 'EnvironmentPoliciesChanged')) return { status: 'changed' }
      const state = access.stream.state
      const proposal = state.environment.proposals.get(approval.proposal)
      const now = access.services.clock.now().toISOString()
      const given = proposal === undefined ? 0 : countingApprovals(state, proposal, now).length
      return { status: 'waiting', missing: Math.max(1, (proposal?.required ?? 0) - given) }
    },
    async withdrawPolicyChange(withdrawal, by) {
      await access.execute({ type: 'withdraw-policy-change', ...withdrawal }, by)
    },
    async rejectPolicyChange(rejection, by) {
      await access.execute({ type: 'reject-policy-change', ...rejection }, by)
    },
    async policyProposals({ open } = {}) {
      const { proposals } = (await access.read()).environment
      return [...proposals.values()].filter(({ status }) => open === undefined || (status === 'open') === open)
    },
    async grantRole({ subject, role }, by) {
      await access.execute({ type: 'grant-role', subject, role }, by)
    },
    async revokeRole({ subject, role }, by) {
      await access.execute({ type: 'revoke-role', subject, role }, by)
    },
    async confirmDeletion(input, by) {
      await access.execute({ type: 'confirm-deletion', ...input }, by)
    },
    async alerts({ open } = {}) {
      const { alerts } = (await access.read()).environment
      return [...alerts.values()].filter((alert) => open === undefined || (alert.acknowledged === undefined) === open)
    },
    async acknowledgeAlert(input, by) {
      await access.execute({ type: 'acknowledge-alert', ...input }, by)
    },
  }
}
