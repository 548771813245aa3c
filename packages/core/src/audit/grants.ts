import { z } from 'zod'
import { isExtraGrant } from '../application/grant-id.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { answered } from '../graph/answer.ts'
import type { Answer } from '../graph/answer.ts'
import { nodeIdSchema } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import { ownershipAt, versionAt } from '../graph/versions.ts'
import type { NodeHistory, Ownership } from '../graph/versions.ts'
import { invalidInput } from '../invalid-input.ts'
import type { JsonValue, Properties } from '../json.ts'
import { isJsonArray } from '../json.ts'
import type { Lineage } from './lineage.ts'
import { why } from './why.ts'
import type { WhyOptions } from './why.ts'

/** Which grants: of an identity, and on a resource. A need counts as a resource, and so does what the need lives on. */
export type GrantQuery = { readonly identity?: NodeId; readonly resource?: NodeId }

/** One right: who may do what with what, since when, and why. */
export type GrantEntry = {
  readonly grant: NodeId
  readonly ownership: Ownership
  /** Whether somebody else gave it to an identity of ours, so that the next plan takes it away (OWN 8). */
  readonly extra: boolean
  readonly identity?: string
  readonly resource?: string
  /** The use that it follows from; left out of grants that follow from none. */
  readonly service?: string
  readonly need?: string
  readonly operations: readonly string[]
  /** Why it has just these operations: since when, by which deployment of which commit, or by whom. */
  readonly why: Lineage
}

const querySchema = z.strictObject({ identity: nodeIdSchema.optional(), resource: nodeIdSchema.optional() })

/** Who may do what at a graph version, in the order of the grants' ids. Refuses with `input-invalid`. */
export function grantsOf(
  state: EnvironmentState,
  query: GrantQuery,
  options: WhyOptions,
): Answer<readonly GrantEntry[]> {
  const parsed = querySchema.safeParse(query)
  if (!parsed.success) return { type: 'rejected', rejection: invalidInput('query of grants', parsed.error) }
  const at = options.at ?? state.graph.version
  const entries: GrantEntry[] = []
  for (const history of state.graph.nodes.values()) {
    if (history.kind !== 'grant') continue
    const version = versionAt(history.versions, at)
    if (version === undefined && history.skipped > 0) return { type: 'not-loaded' }
    if (version === undefined || version.retired !== undefined) continue
    if (!isAsked(state, history.id, version.properties, query, at)) continue
    const lineage = why(state, history.id, asked(version.properties), options)
    if (lineage.type !== 'answered') return lineage
    entries.push(entryOf(history, version.properties, ownershipAt(history, at), lineage.value))
  }
  return answered(entries.toSorted((a, b) => (a.grant < b.grant ? -1 : Number(a.grant > b.grant))))
}

/** An imported grant may tell nothing of operations: then it is asked about as a whole. */
function asked(properties: Properties): string | undefined {
  return Object.hasOwn(properties, 'operations') ? 'operations' : undefined
}

function isAsked(
  { graph }: EnvironmentState,
  grant: NodeId,
  { identity, resource, need }: Properties,
  query: GrantQuery,
  at: number,
): boolean {
  const dependsOn = (node: NodeId): boolean =>
    (graph.outgoing.get(grant) ?? []).some((id) => {
      const edge = graph.edges.get(id)
      return edge?.to === node && versionAt(edge.versions, at)?.retired === false
    })
  const isIdentity = query.identity === undefined || identity === query.identity || dependsOn(query.identity)
  if (!isIdentity || query.resource === undefined) return isIdentity
  return resource === query.resource || need === query.resource || dependsOn(query.resource)
}

function entryOf({ id }: NodeHistory, properties: Properties, ownership: Ownership, lineage: Lineage): GrantEntry {
  const { operations } = properties
  return {
    grant: id,
    ownership,
    extra: isExtraGrant(id) && ownership === 'managed',
    ...text(properties, 'identity'),
    ...text(properties, 'resource'),
    ...text(properties, 'service'),
    ...text(properties, 'need'),
    operations: listed(operations),
    why: lineage,
  }
}

function text<Name extends string>(properties: Properties, name: Name): { readonly [N in Name]?: string } {
  const value = properties[name]
  // A computed key is typed as any string; it is this one.
  return typeof value === 'string' ? ({ [name]: value } as { readonly [N in Name]: string }) : {}
}

function listed(value: JsonValue | undefined): readonly string[] {
  return value !== undefined && isJsonArray(value) ? value.filter((operation) => typeof operation === 'string') : []
}
