import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { NodeId } from './ids.ts'

/**
 * Finds a cycle that can be reached from one of the starts; undefined where there is none. Each node is left once, so a batch of edges
 * costs no more than one look over what they reach.
 */
export function findCycle(
  starts: Iterable<NodeId>,
  neighbours: (node: NodeId) => readonly NodeId[],
): readonly NodeId[] | undefined {
  const done = new Set<NodeId>()
  for (const start of starts) {
    if (done.has(start)) continue
    const path: { readonly node: NodeId; readonly next: Iterator<NodeId> }[] = []
    const onPath = new Set<NodeId>()
    const enter = (node: NodeId): void => {
      path.push({ node, next: neighbours(node)[Symbol.iterator]() })
      onPath.add(node)
    }
    enter(start)
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { value, done: exhausted } = top.next.next()
      if (exhausted === true) {
        path.pop()
        onPath.delete(top.node)
        done.add(top.node)
      } else if (onPath.has(value)) {
        const nodes = path.map(({ node }) => node)
        return [...nodes.slice(nodes.indexOf(value)), value]
      } else if (!done.has(value)) enter(value)
    }
  }
  return undefined
}

/** The refusal of edges that close a cycle; the message prints it (GRAPH 7). */
export function cycleFound(cycle: readonly NodeId[]): Rejection {
  return reject('cycle-found', `these edges would close a cycle: ${cycle.join(' -> ')}; take one of them away`, {
    cycle,
  })
}
