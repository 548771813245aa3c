import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { Decide } from '../environment/decision.ts'
import type { Properties } from '../json.ts'
import type { GraphCommand, GraphCommandOf } from './commands.ts'
import { decideGraph } from './decide.ts'
import type { ImportedGraph, ImportedNode } from './imported-graph.ts'
import { checkGraphChange } from './invariants.ts'

/** The graph's rules as they run: what they accept is held against the invariants. */
export const decide: Decide<GraphCommand> = (state, command, context) => {
  const decision = decideGraph(state, command, context)
  const broken = decision.type === 'accepted' ? checkGraphChange(state, decision.events, context.kinds) : undefined
  return broken === undefined ? decision : { type: 'rejected', rejection: broken }
}

export function ref(id: string, name = id): ProviderRef {
  return { provider: 'aws', type: 'bucket', name, id }
}

/** A bucket at `aws_s3_bucket.<key>` with the provider's id `id`, unless said otherwise. */
export function thing(key: string, properties: Properties = {}, given: Partial<ImportedNode> = {}): ImportedNode {
  return { address: `aws_s3_bucket.${key}`, kind: 'bucket', key, ref: ref(`id-${key}`), properties, ...given }
}

type Source = {
  readonly serial?: number
  readonly digest?: string
  readonly lineage?: string
  readonly effectiveAt?: string
}

/** The command that imports these things; each call is other content unless a digest is given. */
export function importing(
  nodes: readonly ImportedNode[],
  { serial, digest, lineage = 'states', effectiveAt }: Source = {},
  edges: readonly (readonly [string, string])[] = [],
): GraphCommandOf<'import-graph'> {
  const content = digest ?? JSON.stringify([nodes, edges, serial, effectiveAt])
  const source = {
    type: 'terraform',
    name: `${lineage}.tfstate`,
    lineage,
    digest: content,
    ...(serial === undefined ? {} : { serial }),
  }
  const graph: ImportedGraph = {
    source,
    nodes,
    edges: edges.map(([from, to]) => ({
      kind: 'depends-on',
      from: `aws_s3_bucket.${from}`,
      to: `aws_s3_bucket.${to}`,
    })),
    ...(effectiveAt === undefined ? {} : { effectiveAt }),
  }
  return { type: 'import-graph', graph }
}
