import type { EventData } from '../../../environment/catalogue.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { JsonValue } from '../../../json.ts'
import { isEnforcedBy, ruleOn } from './drift-policy.fixture.ts'
import { alertKey } from './facts.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Append } from './moment.fixture.ts'
import { isExtraGrant, plansIn } from './plans.fixture.ts'
import type { FreshPlan } from './plans.fixture.ts'
import { definitionOf } from './values.fixture.ts'

type Decision = EventData<'DriftDetected'>['decisions'][number]

/** What weakens the posture, as the design tells it: protection, backups or recovery off, zonal, public. */
const WEAK: Readonly<Record<string, (value: JsonValue | undefined) => boolean>> = {
  deletionProtection: (value) => value === false,
  'backup.retentionDays': (value) => value === 0,
  'backup.pointInTimeRecovery': (value) => value === false,
  availability: (value) => value === 'zonal',
  'network.publicAccess': (value) => value === true,
  publicAccess: (value) => value === true,
  versioning: (value) => value === false,
}

/** DRIFT 7, 8, 16: what the policy, or else the kind, says of what was observed, and who is alerted. */
export const driftPolicyRules: MakeRules = (facts, hold) => ({
  events: {
    DriftDetected({ data: { node, decisions } }, append) {
      if (isExtraGrant(node)) return
      for (const decision of decisions) checkPolicy(facts, hold, node, decision, append)
    },
  },
  appended(append) {
    for (const fresh of plansIn(facts, append)) checkReverted(facts, hold, fresh)
  },
})

/** DRIFT 7, 8, 16: what the policy, or the kind, says of it, and the alert that belongs to it. */
function checkPolicy(
  facts: Facts,
  hold: Hold,
  node: NodeId,
  { property, decision, decidedBy, recorded, observed }: Decision,
  { events }: Append,
): void {
  const rule = ruleOn(facts, node, property)
  const isEnforced = isEnforcedBy(facts, node, property) && facts.nodes.get(node)?.ownership === 'managed'
  const alerts = events.flatMap((event) =>
    event.type === 'AlertRaised' && event.data.node === node ? [event.data] : [],
  )
  const isAlerted = (reasons: readonly string[]): boolean =>
    alerts.some((alert) => alert.property === property && reasons.includes(alert.reason)) ||
    reasons.some((reason) => facts.alerted.has(alertKey(reason, node, property)))
  const isFirst = recorded === undefined || recorded === null
  if (decision === 'enforced') {
    hold('DRIFT 7', isEnforced, () => `${property} of ${node} was enforced, and nothing says so`)
    hold(
      'DRIFT 7',
      isAlerted(['enforced-property-drifted', 'extra-grant-found']),
      () => `${property} of ${node} was enforced without an alert`,
    )
    hold(
      'DRIFT 16',
      decidedBy === (rule?.reason ?? 'kind'),
      () => `${property} of ${node} was enforced by ${decidedBy}`,
    )
  }
  if (decision === 'adopted') {
    hold('DRIFT 7', !isEnforced || isFirst, () => `${property} of ${node} is enforced, and was adopted`)
    hold(
      'DRIFT 16',
      rule?.decision !== 'ignore' || isFirst,
      () => `${property} of ${node} is to be ignored, and was adopted`,
    )
  }
  const isHeldBack = decision === 'suppressed' && property === 'deletionProtection'
  const isTaken = (decision === 'adopted' || isHeldBack) && !isFirst
  if (WEAK[property]?.(observed) === true && (isTaken || decision === 'announced'))
    hold(
      'DRIFT 8',
      isAlerted(['posture-weakened', 'deletion-protection-off', 'enforced-property-drifted']),
      () => `${property} of ${node} was weakened to ${JSON.stringify(observed)} without an alert`,
    )
  if (decision === 'ignored')
    hold(
      'DRIFT 16',
      rule?.decision === 'ignore' && decidedBy === rule.reason,
      () => `${property} of ${node} was ignored by ${decidedBy}`,
    )
  hold('DRIFT 16', decidedBy !== '', () => `nothing decided that ${property} of ${node} was ${decision}`)
}

/** DRIFT 7: the next plan reverts what drifted from what is enforced. */
function checkReverted(facts: Facts, hold: Hold, { plan, deployment }: FreshPlan): void {
  if (deployment.triggered.destroys === true) return
  for (const [key, { decision, property, recorded }] of facts.standing) {
    const node = key.slice(0, key.indexOf('|')) as NodeId
    const known = facts.nodes.get(node)
    if (decision !== 'enforced' || known?.ownership !== 'managed' || facts.missing.has(node) || recorded === undefined)
      continue
    const definition = definitionOf(facts, node, property)
    if (definition?.growthOnly === true || definition?.impact === 'replace') continue
    const isReverted = plan.steps.some(
      (step) => step.node === node && (Object.hasOwn(step.changes, property) || step.operation === 'remove'),
    )
    hold('DRIFT 7', isReverted, () => `${property} of ${node} is enforced and stays as it drifted`)
  }
}
