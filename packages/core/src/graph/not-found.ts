import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { closest } from './closest.ts'
import { didYouMean } from './kind-catalogue.ts'
import type { GraphSlice } from './state.ts'

/** The refusal of a node id that the ledger does not know, with the closest ones that it does (`node-not-found`). */
export function nodeNotFound(graph: GraphSlice, id: string): Rejection {
  const near = closest(id, graph.nodes.keys())
  return reject('node-not-found', `there is no node "${id}"${didYouMean(near)}`, { node: id, closest: near })
}
