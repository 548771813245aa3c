import { closest } from '../graph/closest.ts'
import { findCycle } from '../graph/cycles.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Kind } from '../graph/kind.ts'
import { checkProperty, didYouMean, propertyOf, unknownKindRejection } from '../graph/kind-catalogue.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { Declaration } from './declaration.ts'

type Declarations = ReadonlyMap<NodeId, Declaration>

/** Checks what a model says: kinds and properties (GRAPH 8), references to what is declared, no cycle (GRAPH 7). */
export function checkDeclarations(declarations: Declarations, kinds: KindCatalogue): Rejection | undefined {
  for (const declaration of declarations.values()) {
    const kind = kinds.find(kindOf(declaration.node))
    if (kind === undefined) return about(declaration.node, unknownKindRejection(kinds, kindOf(declaration.node)))
    const problem = checkProperties(declaration, kind) ?? checkReferences(declarations, declaration, kind)
    if (problem !== undefined) return problem
  }
  return checkCycles(declarations, kinds)
}

/**
 * The resource that a hosted need lives on: the one that it names in `dependsOn`, or the one that is called `main`. Undefined for
 * kinds that are not hosted.
 */
export function hostOf(declaration: Declaration, kind: Kind): NodeId | undefined {
  const { hostedOn } = kind
  if (hostedOn === undefined) return undefined
  return declaration.dependsOn.find((node) => kindOf(node) === hostedOn) ?? `${hostedOn}/main`
}

function checkProperties({ node, properties }: Declaration, kind: Kind): Rejection | undefined {
  for (const property in properties) {
    const problem = checkProperty(kind, property, properties[property] ?? null)
    if (problem !== undefined) return about(node, problem)
    const definition = propertyOf(kind, property)
    if (definition?.follows !== undefined) {
      const message = `${property} of ${node} follows ${definition.follows}: declare that`
      return reject('property-not-changeable', message, { node, property, owner: definition.owner })
    }
    if (definition?.owner !== 'provider') continue
    const message = `${property} of ${node} is reported by the provider; code cannot declare it`
    return reject('property-not-changeable', message, { node, property, owner: 'provider' })
  }
  return undefined
}

function checkReferences(declarations: Declarations, declaration: Declaration, kind: Kind): Rejection | undefined {
  const { node, uses, dependsOn } = declaration
  for (const { need } of uses) {
    if (declarations.has(need)) continue
    const near = closest(need, declarations.keys())
    return reject('need-not-found', `${node} uses ${need}, which the model does not declare${didYouMean(near)}`, {
      need,
      closest: near,
    })
  }
  for (const other of dependsOn) {
    if (declarations.has(other) || other === hostOf(declaration, kind)) continue
    const near = closest(other, declarations.keys())
    const message = `${node} depends on ${other}, which the model does not declare${didYouMean(near)}`
    return reject('node-not-found', message, { node: other, closest: near })
  }
  return undefined
}

function checkCycles(declarations: Declarations, kinds: KindCatalogue): Rejection | undefined {
  const cycle = findCycle(declarations.keys(), (node) => {
    const declaration = declarations.get(node)
    if (declaration === undefined) return []
    const host = hostOf(declaration, kinds.orUnknown(kindOf(node)))
    const needed = declaration.uses.map(({ need }) => need)
    needed.push(...declaration.dependsOn)
    if (host !== undefined) needed.push(host)
    return needed
  })
  return cycle === undefined
    ? undefined
    : reject('cycle-found', `these need each other: ${cycle.join(' -> ')}`, { cycle })
}

/** A kind's refusal, said of a node. */
function about(node: NodeId, rejection: Rejection): Rejection {
  return { ...rejection, message: `${node}: ${rejection.message}` }
}
