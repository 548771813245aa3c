import { describeActor } from '../access/actor.ts'
import { isMet } from '../drift/compare.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { CommandContext } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { hardestImpact } from '../graph/impact.ts'
import type { Impact } from '../graph/impact.ts'
import type { NodeId } from '../graph/ids.ts'
import { findLivingNode } from '../graph/living-node.ts'
import type { LivingNode } from '../graph/living-node.ts'
import { resourceOf } from '../graph/satisfier.ts'
import type { Properties } from '../json.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { checkChangeable, impactOn, readWish, shrinks } from './changeable.ts'
import type { Wish } from './changeable.ts'
import type { ChangeRequestCommandOf } from './commands.ts'
import type { RequestTime } from './events.ts'
import { pendingRequest } from './state.ts'

type Request = ChangeRequestCommandOf<'request-change'>

/**
 * Records a wish if it can be fulfilled as it stands (CHANGE 1, 2, 3, 8). What it sets that is so already is left out of it. A wish about
 * a need is one about the resource that a person bound it to.
 */
export function decideRequest(
  state: EnvironmentState,
  command: Request,
  context: CommandContext,
): readonly DomainEvent[] | Rejection {
  const { reason, downtimeAcknowledged, when } = command
  const target = findChangeable(state, resourceOf(state.graph, command.node), context)
  if ('code' in target) return target
  const { node } = target
  const wishes = neededWishes(state, target, command.set)
  if ('code' in wishes) return wishes
  const impacts = new Map<string, Impact>()
  for (const wish of wishes) {
    const impact = impactOn(target, wish, context)
    const problem = checkChangeable(target, wish, impact)
    if (problem !== undefined) return problem
    impacts.set(wish.property, impact)
  }
  const impact = hardestImpact(impacts.values())
  if (impact === 'downtime' && !downtimeAcknowledged) return notAcknowledged(node, impacts)
  const set: Properties = Object.fromEntries(wishes.map(({ property, value }) => [property, value]))
  const baseVersion = target.version.version
  const data = {
    request: context.newId(),
    node,
    set,
    baseVersion,
    reason,
    impact,
    downtimeAcknowledged,
    when: when ?? timeFor(impact),
  }
  return [{ type: 'ChangeRequested', data }]
}

/** A node that may be changed: living, and ours (OWN 1). */
function findChangeable(state: EnvironmentState, node: NodeId, context: CommandContext): LivingNode | Rejection {
  const target = findLivingNode(state.graph, node, context)
  if ('code' in target || target.ownership === 'managed') return target
  const message = `${node} is only observed: hand it over with \`manage\` first, and it can be changed`
  return reject('node-observed', message, { node, action: 'request-change' })
}

/** What of a wish is not so yet, after each property was checked by itself; refused when nothing is left. */
function neededWishes(state: EnvironmentState, target: LivingNode, set: Properties): readonly Wish[] | Rejection {
  const wishes: Wish[] = []
  for (const [property, value] of Object.entries(set)) {
    const wish = readWish(target.kind, property, value)
    if ('code' in wish) return wish
    const conflict = checkConflict(state, target.node, property)
    if (conflict !== undefined) return conflict
    if (!isSoAlready(state, target, wish)) wishes.push(wish)
  }
  if (wishes.length > 0) return wishes
  const properties = Object.keys(set)
  const message = `${target.node} has ${properties.join(', ')} so already: nothing to request`
  return reject('change-unneeded', message, { node: target.node, properties })
}

/** At most one pending request on each property (CHANGE 3): the second requester is told whose the first is. */
function checkConflict(state: EnvironmentState, node: NodeId, property: string): Rejection | undefined {
  const first = pendingRequest(state.changeRequests, node, property)
  if (first === undefined) return undefined
  const requester = describeActor(first.requester)
  const message = `${property} of ${node} has the pending request ${first.request} of ${requester}: let it be applied or withdrawn first`
  return reject('change-conflicting', message, { node, property, request: first.request, requester })
}

/**
 * Whether nothing has to be written for a value. A recorded value is still worth requesting where the world is known to differ (a
 * difference that is ignored), or where the provider has put off another value, which the request takes back.
 */
function isSoAlready(state: EnvironmentState, target: LivingNode, wish: Wish): boolean {
  const { property, value, definition } = wish
  const { node, version } = target
  if (shrinks(target, wish) || !isMet(definition, value, version.properties[property])) return false
  const open = state.drift.open.get(node)?.get(property)
  if (open !== undefined && open.decision !== 'enforced' && !isMet(definition, value, open.observed)) return false
  const putOff = state.deployments.deferred.get(node)?.get(property)
  return putOff === undefined || isMet(definition, value, putOff.value)
}

function notAcknowledged(node: NodeId, impacts: ReadonlyMap<string, Impact>): Rejection {
  const properties = [...impacts].flatMap(([property, impact]) => (impact === 'downtime' ? [property] : []))
  const message = `changing ${properties.join(', ')} of ${node} means downtime: acknowledge it to request this`
  return reject('downtime-not-acknowledged', message, { node, properties, impact: 'downtime' })
}

/** What restarts or interrupts waits for the maintenance window unless the requester says otherwise (CHANGE 8). */
function timeFor(impact: Impact): RequestTime {
  return impact === 'restart' || impact === 'downtime' ? { type: 'maintenance-window' } : { type: 'next-deployment' }
}
