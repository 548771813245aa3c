import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import { propertyKey } from './facts.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { Hold, MakeRules } from './judge.fixture.ts'
import { plansIn } from './plans.fixture.ts'
import type { FreshPlan } from './plans.fixture.ts'

/** DEPLOY 14: what a provider's adapter keeps current is planned where nobody speaks for another value, and nowhere else. */
export const deployBaselineRules: MakeRules = (facts, hold) => {
  /** Properties that somebody changed outside, or may have. */
  const changed = new Set<string>()
  return {
    events: {
      DriftDetected({ data: { node, decisions } }) {
        for (const { property } of decisions) changed.add(propertyKey(node, property))
      },
      NodeManaged({ data: { node } }) {
        // What was there before it was ours was somebody's word.
        for (const property of Object.keys(facts.nodes.get(node)?.properties ?? {}))
          changed.add(propertyKey(node, property))
      },
    },
    appended(append) {
      for (const fresh of plansIn(facts, append)) {
        checkWritten(facts, hold, fresh)
        checkKept(facts, hold, fresh, changed)
      }
    },
  }
}

/** What is written as kept current is that, and nobody asked for anything else. */
function checkWritten(facts: Facts, hold: Hold, fresh: FreshPlan): void {
  for (const { node, changes, origins } of fresh.plan.steps) {
    for (const origin of origins) {
      if (origin.type !== 'platform-upgrade') continue
      for (const property of origin.properties) {
        const isKept = facts.baseline(kindOf(node))?.[property] === changes[property] && changes[property] !== undefined
        const isOurs = facts.nodes.get(node)?.ownership === 'managed'
        hold(
          'DEPLOY 14',
          isKept && isOurs && !isSpokenFor(facts, fresh, node, property),
          () => `${fresh.id} writes ${property} of ${node}, which nobody keeps current`,
        )
      }
    }
  }
}

/** What is not current, and that nobody speaks for, is planned. */
function checkKept(facts: Facts, hold: Hold, fresh: FreshPlan, changed: ReadonlySet<string>): void {
  if (fresh.deployment.triggered.destroys === true) return
  for (const [node, { alive, ownership, ref, properties }] of facts.nodes) {
    if (!alive || ownership !== 'managed' || ref === undefined || facts.missing.has(node)) continue
    for (const [property, value] of Object.entries(facts.baseline(kindOf(node)) ?? {})) {
      const isOpen = changed.has(propertyKey(node, property)) || isSpokenFor(facts, fresh, node, property)
      if (isOpen || properties[property] === undefined || properties[property] === value) continue
      if (facts.deferred.has(propertyKey(node, property))) continue
      const isPlanned = fresh.plan.steps.some(
        (step) => step.node === node && (step.changes[property] === value || step.operation === 'remove'),
      )
      hold('DEPLOY 14', isPlanned, () => `${property} of ${node} is not current, and ${fresh.id} leaves it`)
    }
  }
}

/** Whether the code or a person says what a property is to be. */
function isSpokenFor(facts: Facts, { declared }: FreshPlan, node: NodeId, property: string): boolean {
  const names = [node, ...[...facts.bindings].flatMap(([need, resource]) => (resource === node ? [need] : []))]
  const isDeclared = names.some((name) => Object.hasOwn(declared.get(name)?.properties ?? {}, property))
  const isWanted = [...facts.requests.values()].some(
    (request) =>
      request.node === node &&
      Object.hasOwn(request.set, property) &&
      request.status !== 'withdrawn' &&
      request.status !== 'rejected',
  )
  return isDeclared || isWanted
}
