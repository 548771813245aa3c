import { z } from 'zod'

/** `<kind>/<key>`, such as `sql-instance/main`. Stable for life; never a provider's name. */
export type NodeId = `${string}/${string}`

/** `<edge kind>:<from>-><to>`, such as `uses:service/checkout->sql-database/orders`. */
export type EdgeId = `${string}:${string}->${string}`

const NODE_ID = /^[a-z][a-z0-9_-]{0,127}\/[^\s][^\n\r\0]{0,511}$/

/** Parses a node id: a kind in lower case, a slash, and a key of up to 512 characters on one line. */
export const nodeIdSchema = z.custom<NodeId>((value) => typeof value === 'string' && NODE_ID.test(value), {
  message: 'must be a node id of the form <kind>/<key>, such as sql-instance/main',
})

export const edgeIdSchema = z.custom<EdgeId>(
  (value) => typeof value === 'string' && value.includes('->') && value.includes(':'),
  {
    message: 'must be an edge id of the form <kind>:<from>-><to>',
  },
)

/** The kind that a node id names. */
export function kindOf(node: NodeId): string {
  return node.slice(0, node.indexOf('/'))
}

/** The key of a node id: what comes after its kind. */
export function keyOf(node: NodeId): string {
  return node.slice(node.indexOf('/') + 1)
}

/** The id of the edge of a kind between two nodes; there is at most one. */
export function edgeId(kind: string, from: NodeId, to: NodeId): EdgeId {
  return `${kind}:${from}->${to}`
}
