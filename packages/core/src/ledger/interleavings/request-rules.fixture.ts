import type { NodeId } from '../../graph/ids.ts'
import { kindOf } from '../../graph/ids.ts'
import { propertyOf } from '../../graph/kind-catalogue.ts'
import { meets } from '../../graph/property-values.ts'
import type { Rules, Seen } from './witness.fixture.ts'

/** CHANGE 3, 5, 7: a wish waits until it is fulfilled or ended, and is fulfilled only by the value being there. */
export const requestRules: Rules = {
  ChangeRequested(seen, { data }) {
    const { request, node, set } = data
    for (const [id, other] of seen.requests) {
      const isTaken =
        other.status === 'pending' &&
        other.node === node &&
        Object.keys(set).some((property) => other.remaining.has(property))
      if (isTaken) seen.say(`CHANGE 3: ${request} wants a property that ${id} waits for`)
    }
    if (seen.nodes.get(node)?.ownership !== 'managed') seen.say(`OWN 1: ${request} is on ${node}, which is not managed`)
    seen.requests.set(request, { node, set, remaining: new Set(Object.keys(set)), status: 'pending' })
  },
  ChangeApplied: (seen, { data }) => fulfilled(seen, data, 'applied'),
  ChangeConverged: (seen, { data }) => fulfilled(seen, data, 'converged'),
  ChangeWithdrawn: (seen, { data }) => ended(seen, data.request, 'withdrawn'),
  ChangeRejected: (seen, { data }) => ended(seen, data.request, 'rejected'),
}

function ended(seen: Seen, id: string, status: string): void {
  const request = seen.requests.get(id)
  if (request?.status !== 'pending')
    seen.say(`CHANGE 6: ${id} was ${status} and was ${request?.status ?? 'never made'}`)
  else request.status = status
}

function fulfilled(
  seen: Seen,
  { request: id, properties }: { request: string; properties: readonly string[] },
  how: string,
): void {
  const request = seen.requests.get(id)
  if (request?.status !== 'pending')
    return seen.say(`CHANGE 5: ${id} was ${how} and was ${request?.status ?? 'never made'}`)
  for (const property of properties) {
    if (!request.remaining.delete(property)) seen.say(`CHANGE 5: ${property} of ${id} was ${how} twice`)
    if (!isThere(seen, request.node, property, request.set[property] ?? null))
      seen.say(
        `CHANGE 7: ${property} of ${id} counts as ${how}, and ${request.node} has not ${JSON.stringify(request.set[property])}`,
      )
  }
  // Something of it was written by a deployment: it was applied, whatever converged later.
  if (how === 'applied') appliedOnce.add(request)
  if (request.remaining.size === 0) request.status = appliedOnce.has(request) ? 'applied' : how
}

const appliedOnce = new WeakSet()

/** Whether the provider has the value, or had it where its answers come late; what no provider knows is as it is recorded. */
function isThere(
  { nodes, truths, kinds }: Seen,
  node: NodeId,
  property: string,
  wanted: Parameters<typeof meets>[1],
): boolean {
  const known = nodes.get(node)
  const definition = propertyOf(kinds.orUnknown(kindOf(node)), property)
  if (known === undefined || definition === undefined) return false
  const values = known.ref === undefined ? [known.properties[property] ?? null] : truths.of(known.ref, property)
  return values.some((value) => meets(definition, wanted, value))
}
