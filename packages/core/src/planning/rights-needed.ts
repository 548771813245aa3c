import type { Declaration } from '../application/declaration.ts'
import { ownIdentity } from '../application/grant-id.ts'
import { identityOf } from '../application/rights.ts'
import { keyOf, kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { aliveVersion } from '../graph/state.ts'
import type { PlanDraft } from './draft.ts'

/** Whether a cloud of the environment makes grants; where none does, rights are not derived, and those that are there stay. */
export function servesGrants({ state, context }: PlanDraft): boolean {
  return state.environment.clouds.some(({ provider }) => context.capabilities(provider, 'grant') !== undefined)
}

/**
 * What a declaration needs for its rights beyond what it names: a service that uses something the identity that it runs as, so that it
 * starts with its rights, and a grant that the code declares itself what its properties speak of.
 */
export function rightsNeeded(draft: PlanDraft, declaration: Declaration): readonly NodeId[] {
  if (declaration.uses.length > 0) {
    const identity = identityOf(draft.state, declaration)
    return servesGrants(draft) || aliveVersion(draft.state.graph, identity) !== undefined ? [identity] : []
  }
  if (kindOf(declaration.node) !== 'grant') return []
  const { identity, resource } = declaration.properties
  return [identity, resource].filter((value): value is NodeId => typeof value === 'string' && isNode(draft, value))
}

/** Whether a text names a node that is there, or is going to be. */
function isNode(draft: PlanDraft, text: string): boolean {
  const { model } = draft.input
  if (!isId(text)) return false
  if (model.declarations.has(text) || aliveVersion(draft.state.graph, text) !== undefined) return true
  const service = model.declarations.get(`service/${keyOf(text)}`)
  return service !== undefined && service.uses.length > 0 && text === ownIdentity(service.node) && servesGrants(draft)
}

function isId(text: string): text is NodeId {
  return text.includes('/')
}
