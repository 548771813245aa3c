import { hostOf } from '../application/declaration-rules.ts'
import type { Declaration } from '../application/declaration.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { satisfierOf } from '../graph/satisfier.ts'
import { aliveVersion, isManaged } from '../graph/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { PlanDraft } from './draft.ts'

/**
 * What lives on another resource stays there (PROTECT 8), unless a person binds it elsewhere, and is not made on somebody else's
 * resource (OWN 1).
 */
export function checkHost({ state: { graph }, context }: PlanDraft, declaration: Declaration): Rejection | undefined {
  const { node } = declaration
  const host = hostOf(declaration, context.kinds.orUnknown(kindOf(node)))
  if (host === undefined) return undefined
  const current = satisfierOf(graph, node)
  if (current !== undefined)
    return current === host || graph.bindings.has(node) ? undefined : replacementRequired(node, 'dependsOn')
  if (aliveVersion(graph, node) !== undefined || aliveVersion(graph, host) === undefined || isManaged(graph, host))
    return undefined
  const message = `${node} would be made on ${host}, which is only observed: \`bind\` it to what is there, hand ${host} over with \`manage\`, or name another one in its dependsOn`
  return reject('node-observed', message, { node: host, action: `create ${node} on it` })
}

/** No plan replaces a node (PROTECT 8): what is immutable is changed by making a new thing and moving to it. */
export function replacementRequired(node: NodeId, property: string): Rejection {
  const workflow = 'declare it under a new name, move to it, and let the old one go'
  return reject(
    'replacement-required',
    `${property} of ${node} cannot change in place and no plan replaces what is there: ${workflow}`,
    { node, property, workflow },
  )
}
