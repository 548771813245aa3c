import { LedgerError } from '@infraledger/core'
import type { Environment, GraphEdge, GraphNode, GraphQuestion, NodeId } from '@infraledger/core'
import { parseMoment, parseNodeId, parsePoint } from '../arguments.ts'
import { argument, defineCommand, option } from '../command.ts'
import { labelled, showActor, showCause, showEffective } from '../output/lineage.ts'
import type { Look } from '../output/look.ts'
import { table } from '../output/table.ts'
import { plain, showMoment, showValue } from '../output/text.ts'

export const node = defineCommand({
  name: 'node',
  group: 'Ask',
  summary: 'One node: its properties, its cause, its edges',
  arguments: { node: argument('its id, such as sql-instance/main', parseNodeId) },
  options: {
    at: option('<version|time>', 'as the ledger knew it at a graph version, a time, or deployment:<id>', parsePoint),
    effectiveAt: option('<time>', 'as it was in the world, late knowledge included', parseMoment),
  },
  examples: [
    ['infraledger node sql-instance/main', 'what is known of a database now'],
    ['infraledger node sql-instance/main --at 2026-03-01T14:02:00Z --json', 'the same, as it was known then, as data'],
  ],
  async run({ arguments: { node: id }, options: { at, effectiveAt } }, session) {
    const environment = await session.environment()
    const question = { ...(at === undefined ? {} : { at }), ...(effectiveAt === undefined ? {} : { effectiveAt }) }
    const view = await environment.graph(question)
    const found = view.node(id) ?? (await notThere(environment, id, question))
    const value = { ...found, outgoing: view.edges({ from: id }), incoming: view.edges({ to: id }) }
    return { type: 'document', value, text: (look) => nodeText(value, look) }
  },
})

/** The library's own refusal where the node was never known, which names the closest ones; else when it was there. */
async function notThere(environment: Environment, id: NodeId, question: GraphQuestion): Promise<never> {
  const versions = await environment.history(id)
  const last = versions.at(-1)
  const first = versions[0]
  if (question.at === undefined && question.effectiveAt === undefined && last?.retired !== undefined) {
    const message = `${id} is no more: ${last.retired} with graph version ${last.graphVersion}; give --at ${last.graphVersion - 1} to see it as it was`
    throw new LedgerError('node-retired', message, { node: id, graphVersion: last.graphVersion })
  }
  const message = `${id} is not there at that point; it came with graph version ${first?.graphVersion}, and "infraledger history ${id}" shows the rest`
  throw new LedgerError('node-not-found', message, { node: id, closest: [] })
}

/** Neutral properties first, then what only the provider knows; each in order of the alphabet. */
function byProperty([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  const places = Number(a.startsWith('provider.')) - Number(b.startsWith('provider.'))
  return places === 0 ? (a < b ? -1 : 1) : places
}

type ShownNode = GraphNode & { readonly outgoing: readonly GraphEdge[]; readonly incoming: readonly GraphEdge[] }

function nodeText(shown: ShownNode, look: Look): string {
  const {
    id,
    ownership,
    version,
    incarnation,
    graphVersion,
    recordedAt,
    effective,
    cause,
    actor,
    ref,
    lastObservedAt,
    properties,
  } = shown
  const facts = labelled([
    [
      'version',
      `${version}${incarnation === 1 ? '' : ` (incarnation ${incarnation})`}, graph version ${graphVersion}, recorded ${showMoment(recordedAt)}`,
    ],
    ['so since', showEffective(effective)],
    ['cause', `${showCause(cause)}, by ${showActor(actor)}`],
    ['last observed', lastObservedAt === 'never' ? 'never' : showMoment(lastObservedAt)],
    [
      'provider',
      ref === undefined
        ? undefined
        : plain(
            [ref.provider, ref.account, ref.region, ref.type, ref.name, ref.id]
              .filter((part) => part !== undefined)
              .join(' '),
          ),
    ],
  ])
  const rows = Object.entries(properties)
    .toSorted(byProperty)
    .map(([property, value]) => [property, showValue(value)])
  const edges = [
    ...shown.outgoing.map(({ kind, to }) => `  ${plain(kind)} → ${plain(to)}`),
    ...shown.incoming.map(({ kind, from }) => `  ${plain(kind)} ← ${plain(from)}`),
  ]
  return [
    `${look.paint('bold', plain(id))} (${ownership})`,
    ...facts,
    ...(rows.length === 0
      ? []
      : ['', table([{ heading: 'PROPERTY', narrow: 'keep' }, { heading: 'VALUE' }], rows, look)]),
    ...(edges.length === 0 ? [] : ['', look.paint('dim', 'EDGES'), ...edges]),
  ].join('\n')
}
