import type { EventData, LedgerEvent } from '../../environment/catalogue.ts'
import { kindOf } from '../../graph/ids.ts'
import type { NodeId } from '../../graph/ids.ts'
import { propertyOf } from '../../graph/kind-catalogue.ts'
import { PHASES } from '../../deployments/phases.ts'
import { jsonEqual } from '../../json.ts'
import type { Rules, Seen } from './witness.fixture.ts'

/** What these rules remember, by what was seen. */
type Memory = {
  readonly admins: Set<string>
  readonly phases: Map<string, Set<string>>
  readonly planned: Map<string, ReadonlySet<string>>
  readonly removed: Map<NodeId, string>
  graphVersion: number
}
const memories = new WeakMap<Seen, Memory>()

function memoryOf(seen: Seen): Memory {
  const known = memories.get(seen) ?? {
    admins: new Set(),
    phases: new Map(),
    planned: new Map(),
    removed: new Map(),
    graphVersion: 0,
  }
  memories.set(seen, known)
  return known
}

/** GRAPH 2, 5, CHANGE 4, DRIFT 15, DEPLOY 1, 3, PROTECT 8, ACCESS 1, 3: what holds of every event; looked at before the others take it in. */
export const lastingRules: Rules = {
  NodeVersionRecorded(seen, event) {
    const { node, set, unset, ownership, ref, origin, cause } = event.data
    const before = seen.nodes.get(node)
    const isSame =
      before?.alive === true &&
      Object.entries(set).every(([property, value]) => jsonEqual(before.properties[property], value)) &&
      unset.every((property) => !Object.hasOwn(before.properties, property)) &&
      origin === undefined &&
      (ownership === undefined || ownership === before.ownership) &&
      (ref === undefined || JSON.stringify(ref) === JSON.stringify(before.ref))
    if (isSame) seen.say(`GRAPH 2: a version of ${node} at revision ${event.revision} changes nothing`)
    const isMadeAgain = before !== undefined && !before.alive && cause.type === 'deployment'
    const isStateful = seen.kinds.orUnknown(kindOf(node)).statefulness === 'stateful'
    if (isMadeAgain && isStateful && memoryOf(seen).removed.get(node) === cause.deployment)
      seen.say(`PROTECT 8: deployment ${cause.deployment} removed ${node} and made it again`)
  },
  NodeRetired(seen, { data }) {
    if (data.cause.type === 'deployment' && data.reason === 'removed')
      memoryOf(seen).removed.set(data.node, data.cause.deployment)
  },
  DeploymentTriggered(seen, { data }) {
    const isNameless = data.trigger.type === 'manual' && data.trigger.user.trim() === ''
    if (data.commit === '' || isNameless) seen.say(`DEPLOY 1: ${data.deployment} names no commit, or nobody`)
  },
  PlanComputed(seen, { data }) {
    const memory = memoryOf(seen)
    memory.planned.set(data.deployment, new Set([...(memory.planned.get(data.deployment) ?? []), ...data.requests]))
    memory.phases.set(data.deployment, new Set())
  },
  PhaseStarted(seen, { data }) {
    const before = PHASES[PHASES.indexOf(data.phase) - 1]
    if (before !== undefined && memoryOf(seen).phases.get(data.deployment)?.has(before) !== true)
      seen.say(`DEPLOY 3: ${data.phase} of ${data.deployment} began before ${before} was complete`)
  },
  PhaseCompleted: (seen, { data }) => void memoryOf(seen).phases.get(data.deployment)?.add(data.phase),
  StepStarted: (seen, { data }) => checkGrowth(seen, data),
  ChangeApplied(seen, { data }) {
    if (memoryOf(seen).planned.get(data.deployment)?.has(data.request) !== true)
      seen.say(`CHANGE 4: ${data.request} was applied by ${data.deployment}, whose plans do not have it`)
  },
  RoleGranted(seen, { data }) {
    if (data.role === 'admin') memoryOf(seen).admins.add(data.subject)
  },
  RoleRevoked(seen, { data }) {
    const { admins } = memoryOf(seen)
    if (data.role === 'admin') admins.delete(data.subject)
    if (admins.size === 0) seen.say('ACCESS 3: the last Admin is gone')
  },
}

/** ACCESS 1 and GRAPH 5: every event says what allowed it, and graph versions follow each other. */
export function checkMetadata(seen: Seen, { type, revision, metadata }: LedgerEvent): void {
  // What was refused was not allowed by anything, and lies in a stream of its own.
  if (type === 'CommandRefused') return
  if (metadata.authorization === undefined) seen.say(`ACCESS 1: nothing allowed ${type} at revision ${revision}`)
  const memory = memoryOf(seen)
  const { graphVersion = memory.graphVersion } = metadata
  if (graphVersion !== memory.graphVersion && graphVersion !== memory.graphVersion + 1)
    seen.say(`GRAPH 5: graph version ${graphVersion} comes after ${memory.graphVersion}`)
  memory.graphVersion = graphVersion
}

/** DRIFT 15: what only grows is not made smaller. */
function checkGrowth({ kinds, say }: Seen, { node, changes, expected }: EventData<'StepStarted'>): void {
  for (const [property, value] of Object.entries(changes)) {
    const from = expected[property]
    const isGrowthOnly = propertyOf(kinds.orUnknown(kindOf(node)), property)?.growthOnly === true
    if (isGrowthOnly && typeof from === 'number' && typeof value === 'number' && value < from)
      say(`DRIFT 15: ${property} of ${node} would shrink from ${from} to ${value}`)
  }
}
