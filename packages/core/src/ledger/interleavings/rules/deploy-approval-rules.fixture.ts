import type { LedgerEvent } from '../../../environment/catalogue.ts'
import type { Step } from '../../../planning/step.ts'
import type { Facts, KnownDeployment, KnownPlan } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Append, Commanded } from './moment.fixture.ts'
import { plansIn } from './plans.fixture.ts'

const HOUR_MS = 3_600_000

/** DEPLOY 4, 5, 6, 13: no plan begins without the approvals that the policy in force asks for, and of nothing else than what was approved. */
export const deployApprovalRules: MakeRules = (facts, hold) => {
  const texts = new Map<string, string>()
  return {
    begin: (append) => checkVoided(facts, hold, append),
    events: {
      DeploymentApproved({ data: { deployment, digest }, metadata: { actor } }) {
        const plan = facts.deployments.get(deployment)?.plan
        hold(
          'DEPLOY 4',
          plan?.digest === digest && !plan.begun,
          () => `${digest} of ${deployment} is approved, and not its plan that waits`,
        )
        hold(
          'DEPLOY 4',
          facts.roles.get(actor.id)?.has('admin') === true && actor.type === 'user',
          () => `${actor.id} approved ${deployment}, and is no Admin`,
        )
      },
      DeploymentRejected({ data: { deployment, reason } }) {
        hold('DEPLOY 6', reason !== '', () => `${deployment} was rejected without a reason`)
        for (const request of facts.deployments.get(deployment)?.plan?.requests ?? [])
          hold(
            'DEPLOY 6',
            facts.requests.get(request)?.status === 'pending',
            () => `${request} of the rejected ${deployment} is ${facts.requests.get(request)?.status}`,
          )
      },
      PhaseStarted({ data, metadata }) {
        const deployment = facts.deployments.get(data.deployment)
        const plan = deployment?.plan
        if (plan === undefined)
          return hold('DEPLOY 4', false, () => `${data.phase} of ${data.deployment} began without a plan`)
        if (!plan.begun) checkApproved(facts, hold, data.deployment, deployment, plan, metadata.recordedAt)
      },
      StepStarted({ data: { deployment, step, node } }) {
        const plan = facts.deployments.get(deployment)?.plan
        const isPlanned =
          plan?.begun === true && plan.steps.some((planned) => planned.id === step && planned.node === node)
        hold('DEPLOY 4', isPlanned, () => `${step} of ${deployment} began, and is not in a plan that had begun`)
      },
      ApprovalVoided({ data: { deployment, moved = [] } }) {
        const inputs = facts.deployments.get(deployment)?.plan?.inputs
        for (const { input } of moved.filter((one) => one.input.startsWith('node ')))
          hold(
            'DEPLOY 5',
            inputs?.has(input) === true,
            () => `${deployment} is void for ${input}, which is no input of its plan`,
          )
      },
      DeploymentReviewed: (event) => checkReview(facts, hold, event),
      DeploymentTriggered({ data: { deployment, emergency }, metadata: { actor } }, { events }) {
        if (emergency === undefined) return
        const isAdmin = actor.type === 'user' && facts.roles.get(actor.id)?.has('admin') === true
        hold(
          'DEPLOY 13',
          isAdmin && emergency.reason !== '',
          () => `${actor.id} skipped approval of ${deployment}: ${emergency.reason}`,
        )
        const isAlerted = events.some(
          (event) =>
            event.type === 'AlertRaised' &&
            event.data.reason === 'emergency-deployment' &&
            event.data.severity === 'critical',
        )
        hold('DEPLOY 13', isAlerted, () => `${deployment} skips approval, and nobody is alerted`)
      },
    },
    appended(append) {
      for (const { id, plan } of plansIn(facts, append)) {
        const text = JSON.stringify([plan.steps, plan.requests])
        hold('DEPLOY 5', (texts.get(plan.digest) ?? text) === text, () => `two plans have the digest ${plan.digest}`)
        texts.set(plan.digest, text)
        const told = append.events.find((event) => event.type === 'PlanComputed' && event.data.deployment === id)
        if (told?.type === 'PlanComputed')
          hold(
            'DEPLOY 5',
            told.data.steps === plan.steps.length,
            () => `the plan ${plan.digest} tells ${plan.steps.length} of ${told.data.steps} steps`,
          )
      }
    },
    commanded: (command) => checkRefused(facts, hold, command),
  }
}

/** DEPLOY 5: when what a plan was made from moves while it waits, its approvals are void in the same append. */
function checkVoided(facts: Facts, hold: Hold, { events }: Append): void {
  const [id = ''] = facts.open
  const plan = facts.deployments.get(id)?.plan
  if (plan === undefined || plan.begun || plan.approvals.length === 0) return
  if (events.some(({ data }) => 'deployment' in data && data.deployment === id && !('reason' in data))) return
  const moved = events.find((event) => {
    if (event.type === 'EnvironmentPoliciesChanged') return true
    if (event.type === 'NodeVersionRecorded' || event.type === 'NodeRetired')
      return plan.inputs.has(`node ${event.data.node}`)
    return (
      (event.type === 'ChangeWithdrawn' || event.type === 'ChangeRejected') &&
      plan.requests.includes(event.data.request)
    )
  })
  if (moved === undefined) return
  const isOver = events.some(
    ({ type, data }) =>
      'deployment' in data &&
      data.deployment === id &&
      (type === 'ApprovalVoided' ||
        type === 'DeploymentSuperseded' ||
        type === 'DeploymentFailed' ||
        type === 'DeploymentCancelled'),
  )
  hold('DEPLOY 5', isOver, () => `${moved.type} moved what ${plan.digest} was made from, and its approvals stand`)
}

function checkApproved(
  facts: Facts,
  hold: Hold,
  id: string,
  deployment: KnownDeployment | undefined,
  plan: KnownPlan,
  now: string,
): void {
  if (deployment === undefined || deployment.triggered.emergency !== undefined) return
  const { approvals: policy } = facts.policies
  const hours = policy.expiresAfterHours ?? Infinity
  const concerned = new Set([
    pusherOf(deployment),
    ...plan.requests.map((request) => facts.requests.get(request)?.by.id),
  ])
  const counting = plan.approvals.filter(
    ({ by, at }) =>
      Date.parse(now) - Date.parse(at) <= hours * HOUR_MS && !(policy.fourEyes === true && concerned.has(by.id)),
  )
  for (const section of sectionsOf(plan.steps)) {
    const own = section === 'infrastructure' ? undefined : policy.sections?.[section]
    const given = counting.filter(({ sections }) =>
      sections === undefined ? own === undefined : sections.includes(section),
    )
    const persons = new Set(given.map(({ by }) => by.id)).size
    const required = own ?? policy.required
    const rule =
      required > 1 || policy.fourEyes === true || policy.expiresAfterHours !== undefined ? 'DEPLOY 6' : 'DEPLOY 4'
    hold(rule, persons >= required, () => `${id} began with ${persons} of ${required} approvals for ${section}`)
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

function checkReview(
  facts: Facts,
  hold: Hold,
  { data: { deployment: id }, metadata: { actor } }: LedgerEvent<'DeploymentReviewed'>,
): void {
  const deployment = facts.deployments.get(id)
  hold('DEPLOY 13', !facts.open.has(id), () => `${id} was reviewed before it had ended`)
  hold('DEPLOY 13', deployment?.triggered.emergency !== undefined, () => `${id} was reviewed and was no emergency`)
  const isOther = deployment !== undefined && pusherOf(deployment) !== actor.id && deployment.by.id !== actor.id
  hold(
    'DEPLOY 13',
    isOther && facts.roles.get(actor.id)?.has('admin') === true,
    () => `${actor.id} reviewed ${id} of ${deployment?.by.id}`,
  )
}

function checkRefused(facts: Facts, hold: Hold, { told, outcome, by }: Commanded): void {
  if (told.type === 'deploy' && told.isEmergency && facts.roles.get(by.id)?.has('admin') !== true)
    hold('DEPLOY 13', outcome.status !== 'done', () => `${by.id} skipped approval, and is no Admin`)
  if (told.type !== 'approve' || outcome.status !== 'refused') return
  const deployment = facts.deployments.get(told.deployment)
  if (deployment === undefined) return
  if (outcome.code === 'four-eyes-required') {
    const requesters = [...deployment.planned].map((request) => facts.requests.get(request)?.by.id)
    hold(
      'DEPLOY 6',
      pusherOf(deployment) === by.id || deployment.by.id === by.id || requesters.includes(by.id),
      () => `${by.id} could not approve ${told.deployment}, and has no part in it`,
    )
  }
  if (outcome.code === 'plan-digest-mismatch')
    hold(
      'DEPLOY 5',
      deployment.plan?.digest !== told.digest,
      () => `${told.digest} is the plan of ${told.deployment}, and could not be approved`,
    )
}

/** Who set a deployment off. */
function pusherOf({ triggered: { trigger } }: KnownDeployment): string | undefined {
  if (trigger.type === 'git-push') return trigger.pusher
  return trigger.type === 'manual' ? trigger.user : undefined
}
