import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { EDGE_KINDS } from './edge-kinds.ts'
import { nodeIdSchema } from './ids.ts'
import type { ImportedGraph } from './imported-graph.ts'

/** Issues that one refusal lists; a broken importer makes the same mistake thousands of times. */
const ISSUES_LISTED = 20

/** Checks what an importer hands over (`input-invalid`): addresses are unique, edges end at addresses that are there, keys make node ids. */
export function checkImportedGraph({ source, nodes, edges, effectiveAt }: ImportedGraph): Rejection | undefined {
  const issues: { readonly path: string; readonly problem: string }[] = []
  const issue = (path: string, problem: string): void => {
    if (issues.length < ISSUES_LISTED) issues.push({ path, problem })
  }
  if (effectiveAt !== undefined && Number.isNaN(Date.parse(effectiveAt)))
    issue('effectiveAt', 'is not a time (ISO 8601)')
  const addresses = new Set<string>()
  for (const [index, { address, kind, key }] of nodes.entries()) {
    if (addresses.has(address)) issue(`nodes[${index}].address`, `${address} is there twice`)
    addresses.add(address)
    if (!nodeIdSchema.safeParse(`${kind}/${key}`).success)
      issue(`nodes[${index}]`, `kind "${kind}" and key "${key}" make no node id`)
  }
  for (const [index, { kind, from, to }] of edges.entries()) {
    if (!EDGE_KINDS.includes(kind)) issue(`edges[${index}].kind`, `"${kind}" is none of ${EDGE_KINDS.join(', ')}`)
    for (const end of [from, to])
      if (!addresses.has(end)) issue(`edges[${index}]`, `ends at ${end}, which is no address of this state`)
  }
  const [first] = issues
  if (first === undefined) return undefined
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  return reject('input-invalid', `${source.name} cannot be imported: ${first.path} ${first.problem}${more}`, {
    what: 'imported graph',
    issues,
  })
}
