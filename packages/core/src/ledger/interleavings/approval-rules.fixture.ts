import type { Actor } from '../../access/actor.ts'
import type { EventData, LedgerEvent } from '../../environment/catalogue.ts'
import type { ApprovalPolicy } from '../../environment/policies.ts'
import type { Step } from '../../planning/step.ts'
import type { Rules, Seen } from './witness.fixture.ts'

type SeenPlan = {
  readonly digest: string
  readonly steps: readonly Step[]
  readonly requests: readonly string[]
  approvals: { readonly by: Actor; readonly at: string; readonly sections: readonly string[] | undefined }[]
  begun: boolean
}

/** Approvals as the witness sees them: the policy in force, and the plan of each open deployment. */
export type SeenApprovals = {
  policy: ApprovalPolicy
  readonly parts: Map<string, Step[]>
  readonly plans: Map<string, SeenPlan>
  readonly triggers: Map<string, EventData<'DeploymentTriggered'>>
  readonly requesters: Map<string, string>
  /** Steps with an intent and no outcome. */
  readonly calls: Set<string>
}

/** Nothing planned, nothing asked for. */
export function noApprovals(): SeenApprovals {
  return {
    policy: { required: 0 },
    parts: new Map(),
    plans: new Map(),
    triggers: new Map(),
    requesters: new Map(),
    calls: new Set(),
  }
}

/** DEPLOY 4, 5, 6, 8, 13: no plan begins without the approvals that the policy in force asks for, and nothing ends with a call open. */
export const approvalRules: Rules = {
  EnvironmentPoliciesChanged: ({ approvals }, { data }) => void (approvals.policy = data.policies.approvals),
  /** Who is an Admin no more has approved nothing that has not begun. */
  RoleRevoked({ approvals }, { data: { subject, role } }) {
    if (role !== 'admin') return
    for (const plan of approvals.plans.values()) plan.approvals = plan.approvals.filter(({ by }) => by.id !== subject)
  },
  DeploymentTriggered: ({ approvals }, { data }) => void approvals.triggers.set(data.deployment, data),
  ChangeRequested: ({ approvals }, { data, metadata }) =>
    void approvals.requesters.set(data.request, metadata.actor.id),
  PlanStepsRecorded({ approvals }, { data }) {
    const before = data.part === 1 ? [] : (approvals.parts.get(data.deployment) ?? [])
    approvals.parts.set(data.deployment, [...before, ...data.steps])
  },
  PlanComputed({ approvals, say }, { data }) {
    const { deployment, digest, requests } = data
    const steps = approvals.parts.get(deployment) ?? []
    if (steps.length !== data.steps) say(`DEPLOY 5: the plan ${digest} tells ${steps.length} of ${data.steps} steps`)
    if (approvals.plans.get(deployment)?.begun === true) say(`DEPLOY 5: ${deployment} is planned anew while it runs`)
    approvals.plans.set(deployment, { digest, steps, requests, approvals: [], begun: false })
  },
  DeploymentApproved({ approvals, say }, { data, metadata }) {
    const plan = approvals.plans.get(data.deployment)
    if (plan?.digest !== data.digest)
      say(`DEPLOY 4: ${data.digest} of ${data.deployment} is approved, and not its plan`)
    plan?.approvals.push({ by: metadata.actor, at: metadata.recordedAt, sections: data.sections })
  },
  ApprovalVoided({ approvals }, { data }) {
    const plan = approvals.plans.get(data.deployment)
    if (plan !== undefined && data.expired === undefined) plan.approvals = []
  },
  DeploymentRevised(seen, { data }) {
    noOpenCall(seen, data.deployment, 'went back to planning')
    seen.approvals.plans.delete(data.deployment)
  },
  PhaseStarted(seen, { data, metadata }) {
    const plan = seen.approvals.plans.get(data.deployment)
    if (plan === undefined) return seen.say(`DEPLOY 4: ${data.phase} of ${data.deployment} began without a plan`)
    if (!plan.begun) checkApproved(seen, data.deployment, plan, metadata.recordedAt)
    plan.begun = true
  },
  StepStarted({ approvals, say }, { data }) {
    const { deployment, step } = data
    const plan = approvals.plans.get(deployment)
    if (plan?.begun !== true || !plan.steps.some(({ id, node }) => id === step && node === data.node))
      say(`DEPLOY 4: ${step} of ${deployment} began, and is not in a plan that had begun`)
    approvals.calls.add(`${deployment} ${step}`)
  },
  StepSucceeded: outcome,
  StepDeferred: outcome,
  StepFailed: outcome,
  DeploymentSucceeded: ended,
  DeploymentFailed: ended,
  DeploymentCancelled: ended,
  DeploymentRejected: ended,
  DeploymentSuperseded: ended,
  DeploymentReviewed({ approvals, open, say }, { data, metadata }) {
    const trigger = approvals.triggers.get(data.deployment)
    if (open.has(data.deployment)) say(`DEPLOY 13: ${data.deployment} was reviewed before it had ended`)
    if (trigger?.emergency === undefined) say(`DEPLOY 13: ${data.deployment} was reviewed and was no emergency`)
    if (trigger !== undefined && pusherOf(trigger) === metadata.actor.id)
      say(`DEPLOY 13: ${metadata.actor.id} reviewed what they had triggered`)
  },
}

function outcome(
  { approvals }: Seen,
  { data }: LedgerEvent<'StepSucceeded'> | LedgerEvent<'StepDeferred'> | LedgerEvent<'StepFailed'>,
): void {
  approvals.calls.delete(`${data.deployment} ${data.step}`)
}

function ended(
  seen: Seen,
  { type, data }: { readonly type: string; readonly data: { readonly deployment: string } },
): void {
  noOpenCall(seen, data.deployment, type)
}

function noOpenCall({ approvals, say }: Seen, deployment: string, how: string): void {
  for (const call of approvals.calls)
    if (call.startsWith(`${deployment} `)) say(`DEPLOY 8: ${deployment} ${how} while the call of ${call} is open`)
}

function checkApproved(seen: Seen, deployment: string, plan: SeenPlan, now: string): void {
  const { policy, triggers, requesters } = seen.approvals
  const trigger = triggers.get(deployment)
  if (trigger?.emergency !== undefined) return
  const hours = policy.expiresAfterHours ?? Infinity
  const concerned = new Set(plan.requests.map((request) => requesters.get(request)))
  const counting = plan.approvals.filter(({ by, at }) => {
    const isOwn = trigger !== undefined && (pusherOf(trigger) === by.id || concerned.has(by.id))
    return Date.parse(now) - Date.parse(at) <= hours * 3_600_000 && !(policy.fourEyes === true && isOwn)
  })
  for (const section of sectionsOf(plan.steps)) {
    const own = section === 'infrastructure' ? undefined : policy.sections?.[section]
    const given = counting.filter(({ sections }) =>
      sections === undefined ? own === undefined : sections.includes(section),
    )
    const persons = new Set(given.map(({ by }) => by.id)).size
    const required = own ?? policy.required
    if (persons < required)
      seen.say(`DEPLOY 4: ${deployment} began with ${persons} of ${required} approvals for ${section}`)
  }
}

function sectionsOf(steps: readonly Step[]): ReadonlySet<'infrastructure' | 'iam' | 'deletions'> {
  return new Set(
    steps.flatMap(({ infrastructure, node, operation }) => {
      if (!infrastructure) return []
      const iam = /^(identity|grant|sql-credential)\//.test(node) ? (['iam'] as const) : []
      const deletions = operation === 'remove' || operation === 'take-last-copy' ? (['deletions'] as const) : []
      const special = [...iam, ...deletions]
      return special.length === 0 ? (['infrastructure'] as const) : special
    }),
  )
}

function pusherOf({ trigger }: EventData<'DeploymentTriggered'>): string | undefined {
  return trigger.type === 'git-push' ? trigger.pusher : undefined
}
