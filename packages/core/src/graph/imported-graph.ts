import type { Properties } from '../json.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EdgeKind } from './edge-kinds.ts'

/** Where an imported graph comes from. States of one `lineage` form a series, ordered by `serial`. */
export type ImportSource = {
  readonly type: string
  /** What a person calls it: a file's name, never its folder. */
  readonly name: string
  readonly lineage?: string
  readonly serial?: number
  /** SHA-256 of the content, lower-case hex: the same content again is the same import. */
  readonly digest: string
}

/** One thing of an imported graph. */
export type ImportedNode = {
  /** Unique in its source: a Terraform address, for example. Identity where there is no provider id. */
  readonly address: string
  readonly kind: string
  /** Wanted second half of the node id; made unique when another thing has it already. */
  readonly key: string
  /** Identity across imports, where the provider gave one. */
  readonly ref?: ProviderRef
  /** Flat neutral properties; what has no neutral name is under `provider.*`. Secrets are fingerprints already. */
  readonly properties: Properties
}

/** What an importer hands to `environment.import`: a graph as it was at one moment, with no secret value in it. */
export type ImportedGraph = {
  readonly source: ImportSource
  /** When the source was true in the world (ISO 8601), where that is known. */
  readonly effectiveAt?: string
  readonly nodes: readonly ImportedNode[]
  /** Edges by address: `from` depends on `to`. */
  readonly edges: readonly { readonly kind: EdgeKind; readonly from: string; readonly to: string }[]
}
