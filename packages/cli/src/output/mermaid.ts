import type { DrawnGraph } from './drawn-graph.ts'
import { plain } from './text.ts'

/** What Mermaid draws unless its site raises `maxEdges`, which a diagram cannot do for itself. */
export const MERMAID_EDGES = 500

/** A graph as a Mermaid flowchart. Ids are numbers and labels are quoted, so that any name is only ever text. */
export function mermaid({ nodes, edges }: DrawnGraph): string {
  const ids = new Map(nodes.map((node, index) => [node, `n${index}`]))
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${ids.get(node)}["${label(node)}"]`),
    ...edges.map(({ from, to, kind }) => `  ${ids.get(from)} -->|"${label(kind)}"| ${ids.get(to)}`),
  ].join('\n')
}

/** Letters, digits and a few signs stay; everything else is written as `#code;`, because Mermaid gives meaning to much of it. */
function label(text: string): string {
  return plain(text).replaceAll(/[^\p{L}\p{N} ._/@-]/gu, (character) => `#${character.codePointAt(0)};`)
}
