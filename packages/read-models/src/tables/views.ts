/** Views that save a condition: name, comment, table, condition. */
export const views = [
  {
    name: 'current_nodes',
    comment: 'The nodes that are there now',
    table: 'nodes',
    where: 'not retired',
  },
  {
    name: 'current_edges',
    comment: 'The edges that are there now',
    table: 'edges',
    where: 'valid_to is null and not retired',
  },
  {
    name: 'open_drift',
    comment: 'Differences that stand, resources that are missing, and resources that no node knows',
    table: 'drift',
    where: 'is_open',
  },
] as const
