import type { EventData, LedgerEvent } from '../../environment/catalogue.ts'
import type { Cause } from '../../graph/cause.ts'
import { deferredKey } from './step-rules.fixture.ts'
import type { Rules, Seen, SeenNode } from './witness.fixture.ts'

/** GRAPH 1, 3, 6: how nodes and edges come to be, and why. */
export const versionRules: Rules = {
  ImportStarted: ({ imports }, { data }) => void imports.add(data.import),
  NodeVersionRecorded(seen, event) {
    const { data } = event
    const before = seen.nodes.get(data.node)
    const isNew = before?.alive !== true
    const incarnation = (before?.incarnation ?? 0) + (isNew ? 1 : 0)
    if (data.incarnation !== incarnation)
      seen.say(`GRAPH 6: ${data.node} is incarnation ${data.incarnation}, ${incarnation} was next`)
    checkCause(seen, data.cause, event, data)
    seen.nodes.set(data.node, after(isNew ? undefined : before, data))
  },
  NodeRetired(seen, event) {
    const node = seen.nodes.get(event.data.node)
    if (node?.alive !== true) seen.say(`GRAPH 1: ${event.data.node} was retired and was not there`)
    checkCause(seen, event.data.cause, event)
    if (node !== undefined) node.alive = false
    seen.confirmations.delete(event.data.node)
  },
  EdgeVersionRecorded(seen, event) {
    const { from, to, edge } = event.data
    checkCause(seen, event.data.cause, event)
    // An import draws its edges in the order that it likes; what is visible is checked whole after each command.
    if (event.data.cause.type === 'import') return
    for (const end of [from, to])
      if (seen.nodes.get(end)?.alive !== true) seen.say(`GRAPH 4: ${edge} ends at ${end}, which is not there`)
  },
  EdgeRetired: (seen, event) => checkCause(seen, event.data.cause, event),
  NodeManaged(seen, { data }) {
    const node = seen.nodes.get(data.node)
    if (node?.alive !== true) seen.say(`OWN 1: ${data.node} was handed over and is not there`)
    else node.ownership = 'managed'
  },
}

function after(before: SeenNode | undefined, data: EventData<'NodeVersionRecorded'>): SeenNode {
  const properties = { ...before?.properties, ...data.set }
  const gone = new Set(data.unset)
  return {
    incarnation: data.incarnation,
    alive: true,
    ownership: data.ownership ?? before?.ownership ?? 'observed',
    properties: Object.fromEntries(Object.entries(properties).filter(([property]) => !gone.has(property))),
    ref: data.ref ?? before?.ref,
  }
}

/** GRAPH 3: what caused a version is known; a deployment causes versions while it runs, and later only what the provider had put off. */
function checkCause(seen: Seen, cause: Cause, event: LedgerEvent, version?: EventData<'NodeVersionRecorded'>): void {
  const bad = (why: string): void => seen.say(`GRAPH 3: ${event.type} at revision ${event.revision} ${why}`)
  if (cause.type === 'import' && !seen.imports.has(cause.import)) bad('names an import that never began')
  if (cause.type === 'change-request' && !seen.requests.has(cause.request)) bad('names a request that was never made')
  if (cause.type !== 'deployment') return
  if (!seen.deployments.has(cause.deployment)) bad('names a deployment that was never triggered')
  for (const request of cause.requests)
    if (!seen.requests.has(request)) bad(`names the request ${request}, which was never made`)
  const hasLanded =
    version !== undefined &&
    [...Object.keys(version.set), ...version.unset].every(
      (property) => seen.deferred.get(deferredKey(version.node, property)) === cause.deployment,
    )
  if (!seen.open.has(cause.deployment) && !hasLanded) bad(`names the deployment ${cause.deployment}, which has ended`)
}
