import type { DrawnGraph } from './drawn-graph.ts'
import { plain } from './text.ts'

/** A graph in the language of Graphviz: `infraledger graph --format dot | dot -Tsvg`. */
export function dot({ name, nodes, edges }: DrawnGraph): string {
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]))
  return [
    `digraph ${quoted(name)} {`,
    '  rankdir=LR',
    '  node [shape=box]',
    ...nodes.map((node) => `  ${ids.get(node)} [label=${quoted(node)}]`),
    ...edges.map(({ from, to, kind }) => `  ${ids.get(from)} -> ${ids.get(to)} [label=${quoted(kind)}]`),
    '}',
  ].join('\n')
}

/** Backslashes begin escapes in labels, quotes end them. */
function quoted(text: string): string {
  return `"${plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
