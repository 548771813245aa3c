import type { NodeId } from './ids.ts'
import type { ImportedGraph } from './imported-graph.ts'

/** What is asked of the graph itself. */
export type GraphCommand =
  /** `takeOver`: an import of an earlier state of the lineage that was interrupted is completed with this one. */
  | { readonly type: 'import-graph'; readonly graph: ImportedGraph; readonly takeOver?: boolean }
  /** From now on this resource satisfies the need (OWN 4). */
  | { readonly type: 'bind'; readonly need: NodeId; readonly resource: NodeId; readonly reason: string }
  /** Hands an observed node over: from now on plans may write it (OWN 1). */
  | { readonly type: 'manage'; readonly node: NodeId; readonly reason: string }

/** One command by its type. */
export type GraphCommandOf<T extends GraphCommand['type']> = Extract<GraphCommand, { readonly type: T }>
