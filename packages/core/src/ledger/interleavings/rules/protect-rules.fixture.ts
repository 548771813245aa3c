import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { EventData } from '../../../environment/catalogue.ts'
import { truthOf } from './facts.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import type { Call } from './moment.fixture.ts'
import { isStateful, plansIn } from './plans.fixture.ts'
import type { FreshPlan } from './plans.fixture.ts'

/** PROTECT 2, 3, 4, 6, 7, 8: what may be removed, and what must be left of it. */
export const protectRules: MakeRules = (facts, hold) => ({
  events: {
    StepStarted({ data }) {
      const { node, operation, changes } = data
      if (operation === 'remove') checkRemoval(facts, hold, data)
      if (operation === 'create' && isProtectable(facts, node) && facts.type !== 'preview')
        hold('PROTECT 4', changes['deletionProtection'] === true, () => `${node} is made without deletion protection`)
      if (operation === 'update' && Object.hasOwn(changes, 'deletionProtection'))
        hold(
          'PROTECT 4',
          changes['deletionProtection'] !== false,
          () => `the deletion protection of ${node} is switched off by us`,
        )
    },
    DeletionConfirmed({ data: { node, forDestruction } }) {
      if (forDestruction === true) return
      const isDeclared = usedModels(facts).some((declared) => declared.has(node))
      hold('PROTECT 3', !isDeclared, () => `the deletion of ${node} was confirmed although the code declares it`)
    },
  },
  appended(append) {
    for (const { type, data } of append.events) {
      if (type !== 'DeploymentTriggered' || !('model' in data)) continue
      const declared = facts.models.get(data.model)
      const kept = [...facts.confirmations.keys()].filter((node) => declared?.has(node) === true)
      const isAsked = kept.length > 0 || append.events.some((event) => event.type === 'DeletionConfirmationVoided')
      if (isAsked)
        hold(
          'PROTECT 2',
          kept.length === 0,
          () => `${kept.join(', ')} are used by ${data.deployment}, and may still be deleted`,
        )
    }
    for (const fresh of plansIn(facts, append)) {
      checkDeclared(hold, fresh)
      checkUnused(facts, hold, fresh)
      checkReplaced(facts, hold, fresh)
    }
  },
  called: (call) => proveCopy(facts, hold, call),
  commanded({ told, outcome, by }) {
    if (told.type !== 'confirm' || told.forDestruction) return
    const isDeclared = facts.models.get(facts.deployed ?? '')?.has(told.node) === true
    if (isDeclared)
      hold(
        'PROTECT 3',
        outcome.status !== 'done',
        () => `${by.id} could confirm that ${told.node} goes, which the code declares`,
      )
  },
})

/** Whether a destruction waives words and copies: what a preview made itself goes with it (PROTECT 11). */
export function isWaived(facts: Facts): boolean {
  return facts.type === 'preview' && facts.ending === 'destroying'
}

function isProtectable({ kinds }: Facts, node: NodeId): boolean {
  return kinds.find(kindOf(node))?.properties.has('deletionProtection') === true
}

/** What runs, and what is being deployed. */
function usedModels(facts: Facts): readonly ReadonlyMap<NodeId, unknown>[] {
  const digests = [facts.deployed, ...[...facts.open].map((id) => facts.deployments.get(id)?.triggered.model)]
  return digests.flatMap((digest) => facts.models.get(digest ?? '') ?? [])
}

/** PROTECT 2, 4, 7: a person's word for this very thing, and no protection, stand before the removal of what holds data. */
function checkRemoval(facts: Facts, hold: Hold, { node }: EventData<'StepStarted'>): void {
  const known = facts.nodes.get(node)
  // What is gone already is only recorded as gone (OWN 6).
  const isThere = known?.ref !== undefined && truthOf(facts, known.ref) !== undefined
  if (isProtectable(facts, node))
    hold(
      'PROTECT 4',
      !isThere || known.properties['deletionProtection'] !== true,
      () => `${node} is removed while its protection is on`,
    )
  if (!isStateful(facts, node) || isWaived(facts)) return
  const confirmed = facts.confirmations.get(node)
  const isMeant =
    confirmed?.incarnation === known?.incarnation &&
    (confirmed?.forDestruction !== true || facts.ending === 'destroying')
  hold(
    'PROTECT 2',
    confirmed !== undefined && isMeant,
    () => `${node} is removed, and ${confirmed === undefined ? 'nobody confirmed it' : 'another thing was confirmed'}`,
  )
}

/** PROTECT 3, 7: nothing that is declared goes; what holds no data goes in cleanup. */
function checkDeclared(hold: Hold, { plan, declared, id }: FreshPlan): void {
  for (const { operation, node, phase } of plan.steps) {
    if (operation !== 'remove') continue
    hold('PROTECT 3', !declared.has(node), () => `${id} removes ${node}, which its model declares`)
    hold('PROTECT 7', phase === 'cleanup', () => `${id} removes ${node} in ${phase}`)
  }
}

/** PROTECT 7: what holds no data, is ours, and that nothing leads to, goes without a word. */
function checkUnused(facts: Facts, hold: Hold, { plan, declared, id }: FreshPlan): void {
  const named = new Set([...declared.values()].flatMap(({ dependsOn }) => dependsOn))
  const bound = new Set(facts.bindings.values())
  const led = new Set([...facts.edges.values()].flatMap(({ alive, to }) => (alive ? [to] : [])))
  for (const [node, { alive, ownership, properties }] of facts.nodes) {
    if (!alive || ownership !== 'managed' || isStateful(facts, node) || declared.has(node)) continue
    if (named.has(node) || bound.has(node) || led.has(node) || properties['deletionProtection'] === true) continue
    if (kindOf(node) === 'identity' || kindOf(node) === 'grant') continue
    const goes = plan.steps.some((step) => step.operation === 'remove' && step.node === node)
    hold('PROTECT 7', goes, () => `${node} is unused and holds no data, and ${id} leaves it`)
  }
}

/** PROTECT 8: no plan removes a thing and makes it again. */
function checkReplaced(facts: Facts, hold: Hold, { plan, id }: FreshPlan): void {
  const removed = new Set(plan.steps.flatMap(({ operation, node }) => (operation === 'remove' ? [node] : [])))
  const made = plan.steps.filter(({ operation, node }) => operation === 'create' && removed.has(node))
  hold('PROTECT 8', made.length === 0, () => `${id} replaces ${made.map(({ node }) => node).join(', ')}`)
  for (const { node, operation, changes, expected } of plan.steps) {
    if (operation !== 'update') continue
    const immutable = Object.keys(changes).filter(
      (property) => facts.impact(kindOf(node), property) === 'replace' && expected[property] !== null,
    )
    hold(
      'PROTECT 8',
      immutable.length === 0,
      () => `${id} writes ${immutable.join()} of ${node}, which cannot change in place`,
    )
  }
}

/** PROTECT 6: the last copy is there, or what there is no copy of is empty or given up, before the original goes. */
function proveCopy(facts: Facts, hold: Hold, { operation, key, ref }: Call): void {
  const node = facts.intents.get(key)?.node
  if (operation !== 'remove' || node === undefined || ref === undefined || isWaived(facts)) return
  const known = facts.nodes.get(node)
  const truth = truthOf(facts, ref)
  if (
    known?.alive !== true ||
    truth === undefined ||
    !isStateful(facts, node) ||
    known.properties['replicaOf'] !== undefined
  )
    return
  const rule = facts.kinds.find(kindOf(node))?.lastCopy ?? 'loss-acknowledged'
  if (rule === 'final-snapshot') {
    if (facts.lastCopy(ref.provider, kindOf(node)) !== 'final-snapshot') return
    const isKept = facts.world.copies.some(({ source, status }) => source === ref.id && status === 'available')
    hold('PROTECT 6', isKept, () => `${node} is removed and no copy of it is kept`)
  } else if (rule === 'must-be-empty')
    hold('PROTECT 6', truth.empty === true, () => `${node} is removed and holds something`)
  else
    hold(
      'PROTECT 6',
      facts.confirmations.get(node)?.lossAcknowledged === true,
      () => `${node} is removed and nobody gave up what it holds`,
    )
}
