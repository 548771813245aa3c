import type { ResourceObservation } from '../../../cloud/observation.ts'
import type { NodeId } from '../../../graph/ids.ts'
import { nodeOfRef, propertyKey } from './facts.fixture.ts'
import type { Facts } from './facts.fixture.ts'
import type { MakeRules } from './judge.fixture.ts'
import { isExtraGrant } from './plans.fixture.ts'
import { definitionOf, isMetBy } from './values.fixture.ts'

/** DRIFT 1, 2: a scan that finds everything as it was, or what churns by itself, decides nothing. */
export const driftEqualRules: MakeRules = (facts, hold) => {
  /** Volatile values by node and property, those that churned since the last scan, and nodes that were read as they are recorded. */
  const volatile = new Map<string, string>()
  const churned = new Set<string>()
  const equal = new Set<NodeId>()
  const compared = new Set<string>()
  const wrong = new Set<NodeId>()
  return {
    read({ found }) {
      for (const resource of found) {
        const node = nodeOfRef(facts, resource.ref)
        if (node === undefined) continue
        for (const property of resource.volatile) {
          const key = propertyKey(node, property)
          const value = JSON.stringify(resource.properties[property])
          if ((volatile.get(key) ?? value) !== value) churned.add(key)
          volatile.set(key, value)
        }
        if (resource.settled && isAsRecorded(facts, node, resource)) equal.add(node)
        else equal.delete(node)
      }
    },
    events: {
      DriftDetected({ data: { node, decisions } }) {
        for (const { property } of decisions) compared.add(propertyKey(node, property))
        if (equal.has(node) && !isExtraGrant(node)) wrong.add(node)
      },
      NodeVersionRecorded: ({ data }) => void equal.delete(data.node),
      ObservationCompleted({ data: { observation } }) {
        const told = [...churned].filter((key) => compared.has(key))
        if (churned.size > 0)
          hold(
            'DRIFT 1',
            told.length === 0,
            () => `${told.join(', ')} churn by themselves, and ${observation} decided about them`,
          )
        if (equal.size > 0)
          hold(
            'DRIFT 2',
            wrong.size === 0,
            () => `${[...wrong].join(', ')} are as they are recorded, and ${observation} decided about them`,
          )
        for (const seen of [churned, compared, wrong]) seen.clear()
      },
    },
  }
}

/** Whether an answer says what is recorded, and nobody waits for anything else. */
function isAsRecorded(
  facts: Facts,
  node: NodeId,
  { properties, volatile, completeMaps, deferred }: ResourceObservation,
): boolean {
  const known = facts.nodes.get(node)?.properties ?? {}
  if (Object.keys(deferred).length > 0) return false
  const awaited = [...facts.standing.keys(), ...facts.deferred.keys()].some((key) => key.startsWith(`${node}|`))
  const isWanted = [...facts.requests.values()].some((request) => request.node === node && request.status === 'pending')
  if (awaited || isWanted) return false
  const gone = Object.keys(known).some(
    (property) => completeMaps.includes(property.split('["')[0] ?? '') && !Object.hasOwn(properties, property),
  )
  return (
    !gone &&
    Object.entries(properties).every(
      ([property, value]) =>
        volatile.includes(property) ||
        isMetBy({ ...definitionOf(facts, node, property), growthOnly: false } as never, known[property], value),
    )
  )
}
