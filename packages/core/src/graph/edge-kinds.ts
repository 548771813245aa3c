/**
 * The relations of the graph. An edge points from what needs to what is needed, so dependents are found against its direction.
 * No cycle may close over edges of these kinds (GRAPH 7).
 */
export const EDGE_KINDS = ['depends-on', 'uses', 'satisfied-by', 'hosted-on'] as const

export type EdgeKind = (typeof EDGE_KINDS)[number]
