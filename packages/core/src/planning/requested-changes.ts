import { kindOf } from '../graph/ids.ts'
import { propertyOf } from '../graph/kind-catalogue.ts'
import { meets } from '../graph/property-values.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import { jsonEqual } from '../json.ts'
import type { PlanDraft } from './draft.ts'

/** Plans the values of the included change requests that are not there yet (CHANGE 4), each marked with whose it is. */
export function planRequests(draft: PlanDraft): void {
  const { graph, changeRequests, deployments } = draft.state
  for (const id of draft.input.requests) {
    const request = changeRequests.requests.get(id)
    if (request === undefined || request.status !== 'pending') continue
    const { node } = request
    const version = aliveVersion(graph, node)
    if (version === undefined || !isManaged(graph, node)) {
      draft.notices.push({
        type: 'request-skipped',
        node,
        message: `request ${id} waits: ${node} is not there or not managed`,
      })
      continue
    }
    const kind = draft.context.kinds.orUnknown(kindOf(node))
    const mayInterrupt = request.impact === 'restart' || request.impact === 'downtime'
    for (const property of request.remaining) {
      const value = request.set[property]
      const definition = propertyOf(kind, property)
      if (value === undefined || definition === undefined) continue
      const current = version.properties[property]
      // Drift that the request suppressed is what is really there: the call must expect it.
      const observed = draft.state.drift.open.get(node)?.get(property)
      const there = observed?.decision === 'suppressed' ? observed.observed : current
      if (there !== undefined && meets(definition, value, there)) continue
      if (jsonEqual(deployments.deferred.get(node)?.get(property)?.value, value)) continue
      draft.change(node, property, value, there ?? null, {
        type: 'request',
        request: id,
        requester: request.requester.id,
        properties: [property],
      })
      if (mayInterrupt) draft.stepFor(node, 'update').when = 'now'
    }
  }
}

/** Plans the reversal of drift on enforced properties of managed nodes (DRIFT 7). */
export function planReversals(draft: PlanDraft): void {
  for (const [node, differences] of draft.state.drift.open) {
    if (!isManaged(draft.state.graph, node) || aliveVersion(draft.state.graph, node) === undefined) continue
    for (const { property, decision, recorded, observed } of differences.values()) {
      if (decision !== 'enforced') continue
      draft.change(node, property, recorded ?? null, observed ?? null, {
        type: 'drift-reversal',
        properties: [property],
      })
    }
  }
}
