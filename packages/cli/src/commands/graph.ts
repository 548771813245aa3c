import type { GraphJson, GraphView } from '@infraledger/core'
import { parseChoice, parseMoment, parsePoint, parseText } from '../arguments.ts'
import { defineCommand, flag, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { dot } from '../output/dot.ts'
import type { DrawnGraph } from '../output/drawn-graph.ts'
import { showCause } from '../output/lineage.ts'
import type { Look } from '../output/look.ts'
import { mermaid, MERMAID_EDGES } from '../output/mermaid.ts'
import { table } from '../output/table.ts'
import { count, plain, showMoment } from '../output/text.ts'

export const graph = defineCommand({
  name: 'graph',
  group: 'Ask',
  summary: 'The graph: now, as it was known then, or as it was in the world',
  arguments: {},
  options: {
    at: option('<version|time>', 'as the ledger knew it at a graph version, a time, or deployment:<id>', parsePoint),
    effectiveAt: option('<time>', 'as it was in the world, late knowledge included', parseMoment),
    kind: option('<kind>', 'only nodes of this kind, and the edges between them', parseText),
    format: option('<format>', 'table (default), json, mermaid or dot', parseChoice('table', 'json', 'mermaid', 'dot')),
    edges: flag('list the edges too, in the table'),
  },
  examples: [
    [
      'infraledger graph --at 2026-03-01T14:02:00Z --kind sql-instance',
      'which databases the ledger knew at the time of the incident',
    ],
    ['infraledger graph --format dot | dot -Tsvg > graph.svg', 'a picture, drawn by Graphviz'],
  ],
  async run({ options: { at, effectiveAt, kind, format = 'table', edges } }, session) {
    if (session.shared.json && format !== 'json' && format !== 'table')
      throw wrongUsage(`--json and --format ${format} contradict each other; give one of them`)
    const environment = await session.environment()
    const view = await environment.graph({
      ...(at === undefined ? {} : { at }),
      ...(effectiveAt === undefined ? {} : { effectiveAt }),
    })
    const value = ofKind(view, kind)
    if (format === 'mermaid' && value.edges.length > MERMAID_EDGES) {
      await session.note(
        `${count(value.edges.length, 'edge')}: Mermaid draws ${MERMAID_EDGES} unless its maxEdges is raised; narrow it with --kind, or use --format dot`,
      )
    }
    return { type: 'document', value, text: (look) => FORMATS[format](value, { name: environment.name, edges }, look) }
  },
})

type Shown = { readonly name: string; readonly edges: boolean }

const FORMATS: Readonly<
  Record<'table' | 'json' | 'mermaid' | 'dot', (graph: GraphJson, shown: Shown, look: Look) => string>
> = {
  table: graphTables,
  json: (value) => JSON.stringify(value, undefined, 2),
  mermaid: (value, { name }) => mermaid(drawn(value, name)),
  dot: (value, { name }) => dot(drawn(value, name)),
}

function ofKind(view: GraphView, kind: string | undefined): GraphJson {
  const whole = view.toJSON()
  if (kind === undefined) return whole
  const nodes = view.nodes({ kind })
  const ids = new Set(nodes.map(({ id }) => id))
  return { ...whole, nodes, edges: whole.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) }
}

function drawn({ nodes, edges }: GraphJson, name: string): DrawnGraph {
  return { name, nodes: nodes.map(({ id }) => id), edges }
}

function graphTables({ version, recordedAt, effectiveAt, nodes, edges }: GraphJson, shown: Shown, look: Look): string {
  const moment =
    effectiveAt === undefined
      ? `recorded ${showMoment(recordedAt)}`
      : `as it was in the world at ${showMoment(effectiveAt)}`
  const heading = `${look.paint('bold', plain(shown.name))}, graph version ${version}${version === 0 ? '' : `, ${moment}`}: ${count(nodes.length, 'node')}, ${count(edges.length, 'edge')}`
  return [
    heading,
    ...(nodes.length === 0 ? [] : ['', nodeTable(nodes, look)]),
    ...(shown.edges && edges.length > 0 ? ['', edgeTable(edges, look)] : []),
  ].join('\n')
}

function nodeTable(nodes: GraphJson['nodes'], look: Look): string {
  const rows = nodes.map(({ id, ownership, version, graphVersion, recordedAt, cause, lastObservedAt }) => [
    id,
    ownership,
    String(version),
    String(graphVersion),
    showMoment(recordedAt),
    showCause(cause),
    lastObservedAt === 'never' ? 'never' : showMoment(lastObservedAt),
  ])
  const columns = [
    { heading: 'NODE', style: 'bold', narrow: 'keep' },
    { heading: 'OWNERSHIP' },
    { heading: 'VERSION', alignRight: true },
    { heading: 'GRAPH', alignRight: true },
    { heading: 'RECORDED', narrow: 'moment' },
    { heading: 'CAUSE' },
    { heading: 'OBSERVED', narrow: 'moment' },
  ] as const
  return table(columns, rows, look)
}

function edgeTable(edges: GraphJson['edges'], look: Look): string {
  return table(
    [{ heading: 'FROM' }, { heading: 'EDGE' }, { heading: 'TO' }],
    edges.map(({ from, kind, to }) => [from, kind, to]),
    look,
  )
}
