import type { NodeId } from '../graph/ids.ts'

/** The keys of a plan's inputs. */
export const inputKey = {
  model: 'model',
  policies: 'policies',
  node: (node: NodeId): string => `node ${node}`,
  request: (request: string): string => `request ${request}`,
  confirmation: (node: NodeId): string => `confirmation ${node}`,
} as const
