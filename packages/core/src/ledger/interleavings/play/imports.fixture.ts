import { createHash } from 'node:crypto'
import type { FakeCloud } from '@infraledger/testkit'
import type { ResourceObservation } from '../../../cloud/observation.ts'
import type { ImportedGraph, ImportedNode } from '../../../graph/imported-graph.ts'
import { patchesOf } from '../catalogue.fixture.ts'

/** What decides how a state looks: which lineage it is of, how new it is, and how well it knows the cloud. */
export type ImportChoice = {
  readonly lineage: number
  readonly variant: number
  readonly serial: number
  readonly now: Date
}

const SELECTIONS = [0b111_111, 0b101_011, 0b010_101, 0b000_111, 0b111_000, 0]

/**
 * A state that another tool might have written: some of what is in the cloud, what it is called by address, id or name, values that are
 * true or out of date, a thing that no provider knows, and dependencies.
 */
export function importedState(cloud: FakeCloud, { lineage, variant, serial, now }: ImportChoice): ImportedGraph {
  const selection = SELECTIONS[variant % SELECTIONS.length] ?? 0
  const known = cloud.inspect
    .resources()
    .filter(({ status }, index) => ((selection >> (index % 6)) & 1) === 1 && status !== 'deleting')
  const nodes = known.map((resource, index) => importedNode(resource, index, variant))
  if (variant % 2 === 0)
    nodes.push({ address: 'thing.plain', kind: 'thing', key: `plain-${lineage % 2}`, properties: { size: variant } })
  const content = { nodes, edges: edgesOf(nodes, variant) }
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  const effective =
    variant % 3 === 0 ? {} : { effectiveAt: new Date(now.getTime() - (variant % 3) * 3_600_000).toISOString() }
  return {
    source: {
      type: 'test',
      name: `state-${lineage % 2}`,
      lineage: `lineage-${lineage % 2}`,
      serial: Math.max(0, serial),
      digest,
    },
    ...effective,
    ...content,
  }
}

function importedNode(
  { kind, ref, properties, volatile }: ResourceObservation,
  index: number,
  variant: number,
): ImportedNode {
  const known = Object.entries(properties).filter(([key, value]) => value !== null && !volatile.includes(key))
  const stale = variant % 5 === 1 ? patchesOf(kind)[variant % patchesOf(kind).length] : {}
  const { id, ...named } = ref
  const address = variant % 7 === 3 ? `${kind}.n${index}` : `${kind}.${ref.name}`
  const isNamed = variant % 4 !== 3 || id === undefined
  return {
    address,
    kind,
    key: ref.name,
    ref: isNamed ? ref : named,
    properties: { ...Object.fromEntries(known), ...stale },
  }
}

function edgesOf(nodes: readonly ImportedNode[], variant: number): ImportedGraph['edges'] {
  // What another tool's things need of ours is never removed, so most states say nothing of that.
  if (variant % 3 !== 0) return []
  const [first, ...others] = variant % 2 === 0 ? nodes : nodes.toReversed()
  if (first === undefined) return []
  return others.slice(0, 3).map(({ address }) => ({ kind: 'depends-on', from: first.address, to: address }))
}
