/** What a drawing shows of a graph: ids of nodes, and edges of which both ends are among them. */
export type DrawnGraph = {
  readonly name: string
  readonly nodes: readonly string[]
  readonly edges: readonly { readonly from: string; readonly to: string; readonly kind: string }[]
}
