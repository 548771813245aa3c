import type { Declaration } from '../../../application/declaration.ts'
import { kindOf } from '../../../graph/ids.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { Facts, KnownDeployment, KnownPlan } from './facts.fixture.ts'
import type { Append } from './moment.fixture.ts'

/** A plan as it was just recorded, with the model that it is for. */
export type FreshPlan = {
  readonly id: string
  readonly deployment: KnownDeployment
  readonly plan: KnownPlan
  readonly declared: ReadonlyMap<NodeId, Declaration>
}

/** The plans that an append records; asked once it was taken in. */
export function plansIn(facts: Facts, { events }: Append): readonly FreshPlan[] {
  return events.flatMap((event) => {
    if (event.type !== 'PlanComputed') return []
    const deployment = facts.deployments.get(event.data.deployment)
    const plan = deployment?.plan
    if (deployment === undefined || plan === undefined) return []
    const declared = facts.models.get(deployment.triggered.model) ?? new Map()
    return [{ id: event.data.deployment, deployment, plan, declared }]
  })
}

/** Whether somebody else made a grant: its id begins like no grant of ours. */
export function isExtraGrant(node: NodeId): boolean {
  return node.startsWith('grant/--extra-')
}

/** Whether a kind holds data, as far as we know. */
export function isStateful({ kinds }: Facts, node: NodeId): boolean {
  return kinds.find(kindOf(node))?.statefulness !== 'stateless'
}

/** Living observed nodes that no need is bound to, of these kinds. */
export function unboundOf(facts: Facts, kinds: readonly string[]): readonly NodeId[] {
  const bound = new Set(facts.bindings.values())
  return [...facts.nodes].flatMap(([id, { alive, ownership }]) =>
    alive && ownership === 'observed' && !bound.has(id) && kinds.includes(kindOf(id)) ? [id] : [],
  )
}
