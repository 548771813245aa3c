import type { CommandContext } from '../environment/decision.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { NodeId } from './ids.ts'
import type { Kind } from './kind.ts'
import { nodeNotFound } from './not-found.ts'
import type { GraphSlice } from './state.ts'
import { ownershipAt, versionAt } from './versions.ts'
import type { NodeVersion, Ownership } from './versions.ts'

/** A node that is there, as a person sees it now. */
export type LivingNode = {
  readonly node: NodeId
  readonly kind: Kind
  readonly version: NodeVersion
  readonly ownership: Ownership
}

/**
 * Finds the node that a person means, or says why it cannot be meant: it never was (`node-not-found`, with the closest ones), or is no
 * more (`node-retired`). What an open import has not made visible yet is not there.
 */
export function findLivingNode(graph: GraphSlice, node: NodeId, { kinds }: CommandContext): LivingNode | Rejection {
  const history = graph.nodes.get(node)
  const version = history === undefined ? undefined : versionAt(history.versions, graph.version)
  if (history === undefined || version === undefined) return nodeNotFound(graph, node)
  const { graphVersion, retired } = version
  if (retired !== undefined) {
    return reject('node-retired', `${node} is no more since graph version ${graphVersion} (${retired})`, {
      node,
      graphVersion,
    })
  }
  return { node, kind: kinds.orUnknown(history.kind), version, ownership: ownershipAt(history, graph.version) }
}
