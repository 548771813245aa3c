import type { ChangedBy, EdgeDifference, GraphDiff, NodeDifference } from '@infraledger/core'
import { parsePoint } from '../arguments.ts'
import { argument, defineCommand, flag, optionalArgument } from '../command.ts'
import { showActor, showCause, showChange } from '../output/lineage.ts'
import type { Look } from '../output/look.ts'
import { count, plain, showMoment, showValue } from '../output/text.ts'

export const diff = defineCommand({
  name: 'diff',
  group: 'Ask',
  summary: 'What differs between two points, and what made it differ',
  description: 'A point is a graph version (0 is the empty graph), a time, or deployment:<id>. Also backwards.',
  arguments: {
    from: argument('a graph version, a time, or deployment:<id>', parsePoint),
    to: optionalArgument('the same; now when left out', parsePoint),
  },
  options: { detailedExitcode: flag('exit with 2 where there is a difference') },
  examples: [
    ['infraledger diff 40 42', 'what changed after graph version 40, up to 42'],
    ['infraledger diff 2026-03-01 2026-03-02 --detailed-exitcode', 'whether anything changed on that day'],
  ],
  async run({ arguments: { from, to } }, session) {
    const environment = await session.environment()
    const value = await environment.diff({ from, ...(to === undefined ? {} : { to }) })
    const isEmpty = value.nodes.length === 0 && value.edges.length === 0
    return {
      type: 'document',
      value,
      text: (look) => diffText(environment.name, value, look),
      outcome: isEmpty ? undefined : 'different',
    }
  },
})

function diffText(environment: string, { from, to, nodes, edges }: GraphDiff, look: Look): string {
  const heading = `${look.paint('bold', plain(environment))}, graph version ${from} → ${to}`
  if (nodes.length === 0 && edges.length === 0) return `${heading}: no difference`
  return [
    `${heading}: ${count(nodes.length, 'node')} and ${count(edges.length, 'edge')} differ`,
    ...nodes.flatMap((node) => nodeLines(node, look)),
    ...edges.map((edge) => edgeLine(edge, look)),
  ].join('\n')
}

function nodeLines(
  { type, node, properties, incarnation, ref, ownership, by }: NodeDifference,
  look: Look,
): readonly string[] {
  const heading = `${mark(type, look)} ${look.paint('bold', plain(node))}  ${changedBy(by)}`
  if (type !== 'changed') return [heading]
  const width = Math.max(0, ...properties.map(({ property }) => property.length))
  return [
    heading,
    ...(incarnation === undefined
      ? []
      : [`    another thing: incarnation ${showChange(String(incarnation.from), String(incarnation.to))}`]),
    ...(ref === undefined ? [] : [`    provider's handle  ${showChange(showRef(ref.from), showRef(ref.to))}`]),
    ...(ownership === undefined ? [] : [`    ownership  ${showChange(ownership.from ?? '-', ownership.to ?? '-')}`]),
    ...properties.map(
      ({ property, from, to }) => `    ${plain(property).padEnd(width)}  ${showChange(showValue(from), showValue(to))}`,
    ),
  ]
}

function edgeLine({ type, kind, from, to, by }: EdgeDifference, look: Look): string {
  return `${mark(type, look)} ${plain(from)} ${plain(kind)} ${plain(to)}  ${changedBy(by)}`
}

function mark(type: NodeDifference['type'], look: Look): string {
  return { added: look.paint('green', '+'), removed: look.paint('red', '-'), changed: look.paint('yellow', '~') }[type]
}

function changedBy({ graphVersion, recordedAt, cause, actor }: ChangedBy): string {
  return `(${showCause(cause)}, ${showActor(actor)}; graph version ${graphVersion}, ${showMoment(recordedAt)})`
}

function showRef(ref: NonNullable<NodeDifference['ref']>['from']): string {
  return ref === undefined ? '-' : plain([ref.type, ref.name, ref.id].filter((part) => part !== undefined).join(' '))
}
