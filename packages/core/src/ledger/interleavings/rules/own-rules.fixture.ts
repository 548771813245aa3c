import { kindOf } from '../../../graph/ids.ts'
import { isEnforcedBy } from './drift-policy.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import { isExtraGrant, isStateful, plansIn, unboundOf } from './plans.fixture.ts'
import type { FreshPlan } from './plans.fixture.ts'
import { isSame } from './values.fixture.ts'

/** Why a scan is refused at all; that something must not vanish is no reason. */
const NO_SCAN = new Set([
  'import-in-progress',
  'environment-destroyed',
  'environment-deleted',
  'store-unavailable',
  'append-conflict',
])

/** OWN 1 to 8: whose a thing is, and what may be done with it. */
export const ownRules: MakeRules = (facts, hold) => ({
  events: {
    ChangeRequested: ({ data: { request, node } }) =>
      hold(
        'OWN 1',
        facts.nodes.get(node)?.ownership === 'managed',
        () => `${request} is on ${node}, which is not managed`,
      ),
    StepStarted({ data }) {
      const node = facts.nodes.get(data.node)
      const isNew = data.operation === 'create' && node?.alive !== true
      hold(
        'OWN 1',
        isNew || node?.ownership === 'managed',
        () => `a plan has ${data.operation} of ${data.node}, which is ${node?.ownership ?? 'unknown'}`,
      )
    },
    NodeManaged: ({ data: { node } }) =>
      hold('OWN 1', facts.nodes.get(node)?.alive === true, () => `${node} was handed over and is not there`),
    DeletionConfirmed({ data }) {
      if (data.forDestruction === true) return
      hold(
        'OWN 2',
        facts.deployed !== undefined,
        () => `the deletion of ${data.node} was confirmed, and nothing says what is used`,
      )
    },
    DeploymentFailed({ data: { deployment, reason } }) {
      if (!reason.startsWith('bind these needs')) return
      const declared = [...(facts.models.get(facts.deployments.get(deployment)?.triggered.model ?? '')?.keys() ?? [])]
      const kinds = declared.flatMap((node) => facts.kinds.orUnknown(kindOf(node)).satisfiedBy)
      const isMeant = [...unboundOf(facts, kinds), ...declared].some((node) => reason.includes(node))
      hold('OWN 4', isMeant, () => `${deployment} waits for bindings, and nothing could be bound: ${reason}`)
    },
    EdgeVersionRecorded({ data: { kind, from, to, cause } }, { events }) {
      // What we make lives on something of ours; anything else is satisfied by what a person bound it to.
      if (kind !== 'satisfied-by' || cause.type === 'import') return
      const binds = events.some(
        ({ type, data }) => type === 'NeedBound' && 'need' in data && data.need === from && data.resource === to,
      )
      const isOurs = facts.nodes.get(to)?.ownership === 'managed'
      hold(
        'OWN 4',
        binds || isOurs || facts.bindings.get(from) === to,
        () => `${from} was given ${to}, to which nobody bound it`,
      )
    },
    DriftDetected({ data: { node, decisions } }) {
      if (isExtraGrant(node)) return
      const owner = facts.nodes.get(node)?.ownership
      for (const { property, decision, decidedBy, recorded } of decisions) {
        if (decision === 'enforced')
          hold('OWN 5', owner === 'managed', () => `${property} of ${node} is enforced, and the node is ${owner}`)
        const isOthers = owner === 'observed' && decision === 'adopted' && recorded !== undefined
        if (isOthers && isEnforcedBy(facts, node, property))
          hold('OWN 5', decidedBy === 'ownership', () => `${property} of ${node} was adopted by ${decidedBy}`)
      }
    },
    ResourceMissing({ data: { node } }) {
      const known = facts.nodes.get(node)
      // Protected and gone all the same: it is recorded, and nothing asks whether it may.
      const isKept = known?.properties['deletionProtection'] === true || !facts.confirmations.has(node)
      if (isKept && isStateful(facts, node))
        hold('OWN 6', known?.alive === true, () => `${node} is missing, and was not there`)
    },
    DeploymentSucceeded: ({ data }) => checkRights(facts, hold, data.deployment),
    AlertRaised({ data: { reason, node } }, { events }) {
      if (reason !== 'extra-grant-found' || node === undefined) return
      const isOurs = events.some(
        ({ type, data }) =>
          type === 'NodeVersionRecorded' &&
          'node' in data &&
          data.node === node &&
          facts.nodes.get(node)?.ownership === 'managed',
      )
      hold('OWN 8', isOurs, () => `${node} was alerted, and not recorded as ours to remove`)
    },
  },
  appended(append) {
    for (const fresh of plansIn(facts, append)) {
      checkUnknownKinds(facts, hold, fresh)
      checkUnbound(facts, hold, fresh)
      checkExtraGrants(facts, hold, fresh)
    }
  },
  called({ operation, key, ref }) {
    const intent = facts.intents.get(key)
    if (operation === 'create' || intent === undefined) return
    hold(
      'OWN 1',
      facts.nodes.get(intent.node)?.ownership === 'managed',
      () => `${operation} of ${ref?.name} (${intent.node}), which is not managed`,
    )
  },
  commanded({ told, outcome, by }) {
    if (told.type === 'confirm' && !told.forDestruction && facts.deployed === undefined)
      hold(
        'OWN 2',
        outcome.status !== 'done',
        () => `${by.id} could confirm that ${told.node} goes, and nothing says what is used`,
      )
    if (told.type === 'reconcile' && outcome.status === 'refused')
      hold('OWN 6', NO_SCAN.has(outcome.code), () => `what a scan saw was refused with ${outcome.code}`)
  },
  answered({ nodes }) {
    if (facts.openImport !== undefined) return
    for (const { id, ownership } of nodes)
      hold('OWN 1', facts.nodes.get(id)?.ownership === ownership, () => `${id} is told to be ${ownership}`)
  },
})

/** OWN 3: what is of no kind that we know goes only on a person's word, as what holds data does. */
function checkUnknownKinds(facts: Facts, hold: Hold, { plan, declared, deployment }: FreshPlan): void {
  const removed = new Set(plan.steps.flatMap(({ operation, node }) => (operation === 'remove' ? [node] : [])))
  for (const [id, { alive, ownership }] of facts.nodes) {
    const isUnknown = facts.kinds.find(kindOf(id)) === undefined
    if (!alive || ownership !== 'managed' || !isUnknown || declared.has(id)) continue
    if (facts.type === 'preview' && deployment.triggered.destroys === true) continue
    hold(
      'OWN 3',
      !removed.has(id) || facts.confirmations.get(id)?.lossAcknowledged === true,
      () => `${id} is of an unknown kind, and would be removed without a word`,
    )
  }
}

/** OWN 4: nothing is made for a need while something is there that may be meant. */
function checkUnbound(facts: Facts, hold: Hold, { plan, declared, deployment }: FreshPlan): void {
  const { createNeeds } = deployment.triggered
  for (const { operation, node } of plan.steps) {
    if (operation !== 'create' || !declared.has(node) || createNeeds === 'all' || createNeeds.includes(node)) continue
    const kind = facts.kinds.orUnknown(kindOf(node))
    // What was ours already and is gone is made again, and no other thing is meant by it.
    if (kind.phase === 'deploy' || facts.nodes.get(node)?.alive === true) continue
    const bound = facts.bindings.get(node)
    if (bound !== undefined && facts.nodes.get(bound)?.alive === true) continue
    const candidates = unboundOf(facts, kind.satisfiedBy)
    hold('OWN 4', candidates.length === 0, () => `${node} is to be made although ${candidates.join(', ')} may be meant`)
  }
}

/** OWN 8: the next plan removes what nobody here granted. */
function checkExtraGrants(facts: Facts, hold: Hold, { plan }: FreshPlan): void {
  for (const [id, { alive, ownership }] of facts.nodes) {
    if (!isExtraGrant(id) || !alive || ownership !== 'managed') continue
    const goes = plan.steps.some(({ operation, node }) => operation === 'remove' && node === id)
    hold('OWN 8', goes, () => `${id} was found, and the plan ${plan.digest} leaves it`)
  }
}

/** OWN 7: once it runs, each service has for each use a grant of just its operations. */
function checkRights(facts: Facts, hold: Hold, id: string): void {
  const declared = facts.models.get(facts.deployments.get(id)?.triggered.model ?? '')
  for (const { node: service, uses } of declared?.values() ?? []) {
    for (const { need, operations } of uses) {
      const given = [...facts.nodes.values()].find(
        ({ alive, properties }) => alive && properties['service'] === service && properties['need'] === need,
      )
      const granted = given?.properties['operations']
      const isExact = isSame(facts.kinds.find('grant')?.properties.get('operations'), granted, operations)
      hold(
        'OWN 7',
        isExact,
        () => `${service} does ${operations.join()} on ${need} and is granted ${JSON.stringify(granted)}`,
      )
    }
  }
}
