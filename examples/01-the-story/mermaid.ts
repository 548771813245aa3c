import type { GraphView } from '@infraledger/core'

/** The graph as mermaid text, for any Markdown viewer that draws it. */
export function mermaid(graph: GraphView): string {
  const names = new Map(graph.nodes().map(({ id }, index) => [id, `n${index}`]))
  return [
    'flowchart LR',
    ...[...names].map(([id, name]) => `  ${name}["${id.replaceAll('"', '#quot;')}"]`),
    ...graph.edges().map(({ kind, from, to }) => `  ${names.get(from)} -->|${kind}| ${names.get(to)}`),
    '',
  ].join('\n')
}
