import type { EnvironmentState } from '../environment/state.ts'
import { edgeId, keyOf, kindOf } from '../graph/ids.ts'
import type { EdgeId, NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import type { Declaration } from './declaration.ts'
import { grantId, ownIdentity } from './grant-id.ts'
import type { GrantOf } from './grant-id.ts'
import type { Model } from './state.ts'

/** A grant that follows from one use: exactly the operations that the service performs on the need. */
export type DerivedGrant = GrantOf & {
  readonly grant: NodeId
  readonly operations: readonly string[]
  /** The model's own grant for the same pair, which stands in its place. */
  readonly declared: Declaration | undefined
}

/** What one service of a model may do, and as whom. */
export type Rights = {
  readonly service: NodeId
  readonly identity: NodeId
  /** From the service to its identity. */
  readonly edge: EdgeId
  readonly grants: readonly DerivedGrant[]
}

/**
 * The rights that follow from what the services of a model use (OWN 7): an identity for each service that uses something, and a grant
 * for each need that it performs operations on. A need that was bound to another resource is granted there.
 */
export function* rightsOf(state: EnvironmentState, model: Model): Generator<Rights> {
  const declared = declaredGrants(model)
  for (const declaration of model.declarations.values()) {
    if (declaration.uses.length === 0) continue
    const isUsual = declared === undefined && !isBound(state, declaration)
    yield isUsual ? usualRights(declaration) : derivedRights(state, model, declaration, declared)
  }
}

const usual = new WeakMap<Declaration, Rights>()

/** The rights of nearly all services, which follow from their declaration alone; a declaration is immutable, so they are derived once. */
function usualRights(declaration: Declaration): Rights {
  const known = usual.get(declaration)
  if (known !== undefined) return known
  const rights = rightsFrom(declaration, namedIdentity(declaration), (need) => ({
    resource: need,
    declared: undefined,
  }))
  usual.set(declaration, rights)
  return rights
}

function derivedRights(
  state: EnvironmentState,
  model: Model,
  declaration: Declaration,
  declared: ReadonlyMap<string, Declaration> | undefined,
): Rights {
  const identity = identityOf(state, declaration)
  return rightsFrom(declaration, identity, (need) => {
    const resource = boundElsewhere(state, model, need) ?? need
    return { resource, declared: declared?.get(pairOf(identity, resource)) ?? declared?.get(pairOf(identity, need)) }
  })
}

function rightsFrom(
  { node: service, uses }: Declaration,
  identity: NodeId,
  place: (need: NodeId) => Pick<DerivedGrant, 'resource' | 'declared'>,
): Rights {
  const grants = uses.flatMap(({ need, operations }): DerivedGrant[] => {
    if (operations.length === 0) return []
    const of = { service, need, identity, ...place(need) }
    return [{ ...of, grant: grantId(of), operations }]
  })
  return { service, identity, edge: edgeId('depends-on', service, identity), grants }
}

function isBound({ graph: { bindings } }: EnvironmentState, declaration: Declaration): boolean {
  if (bindings.size === 0) return false
  return bindings.has(namedIdentity(declaration)) || declaration.uses.some(({ need }) => bindings.has(need))
}

/** Who a service acts as: the identity that it names in `dependsOn` (the first, where it names several), else one of its own. */
export function identityOf(state: EnvironmentState, declaration: Declaration): NodeId {
  const named = namedIdentity(declaration)
  return boundTo(state, named) ?? named
}

function namedIdentity({ node, dependsOn }: Declaration): NodeId {
  return dependsOn.find((other) => other.startsWith('identity/')) ?? ownIdentity(node)
}

const declaredByModel = new WeakMap<Model, ReadonlyMap<string, Declaration> | undefined>()

/** Grants that the code declares itself, by whom they are for and on what; a model is immutable, so it is read once. */
function declaredGrants(model: Model): ReadonlyMap<string, Declaration> | undefined {
  if (declaredByModel.has(model)) return declaredByModel.get(model)
  let declared: Map<string, Declaration> | undefined
  for (const declaration of model.declarations.values()) {
    if (!declaration.node.startsWith('grant/')) continue
    const { identity, resource } = declaration.properties
    if (typeof identity !== 'string' || typeof resource !== 'string') continue
    declared ??= new Map()
    declared.set(pairOf(identity, resource), declaration)
  }
  declaredByModel.set(model, declared)
  return declared
}

function pairOf(identity: string, resource: string): string {
  return JSON.stringify([identity, resource])
}

/** What a person bound a need to, where that is another thing than the one it has by itself: the need's own node, or its default host. */
function boundElsewhere(state: EnvironmentState, model: Model, need: NodeId): NodeId | undefined {
  const bound = boundTo(state, need)
  if (bound === undefined || bound === need) return undefined
  if (kindOf(bound) === kindOf(need)) return bound
  const host = model.declarations.get(need)?.dependsOn.find((other) => kindOf(other) === kindOf(bound))
  return bound === host || (host === undefined && keyOf(bound) === 'main') ? undefined : bound
}

/** What a need is bound to, while that is there. */
function boundTo({ graph }: EnvironmentState, need: NodeId): NodeId | undefined {
  const bound = graph.bindings.get(need)
  return bound === undefined || aliveVersion(graph, bound) === undefined ? undefined : bound
}
