import type { Environment, GraphView } from '@infraledger/core'
import { expect } from 'vitest'
import { canonical, sorted } from './contents.fixture.ts'
import type { Contents } from './contents.fixture.ts'
import {
  compareAlerts,
  compareDeployments,
  compareDrift,
  compareExternal,
  compareRequests,
} from './differential-records.fixture.ts'
import type { Row } from './tables/catalogue.ts'

/** Compares the rows of one environment with what the library answers about it. */
export async function compareWithLedger(contents: Contents, prod: Environment): Promise<void> {
  const { graphVersion } = await prod.describe()
  const versions = new Set([graphVersion, Math.ceil(graphVersion / 2), Math.ceil(graphVersion / 3), 1])
  for (const version of versions) {
    if (version >= 1 && version <= graphVersion) compareGraph(contents, await prod.graph({ at: version }))
  }
  compareCurrent(contents, await prod.graph())
  await compareHistories(contents, prod)
  await compareDeployments(contents, prod)
  await compareExternal(contents, prod)
  await compareRequests(contents, prod)
  await compareDrift(contents, prod)
  await compareAlerts(contents, prod)
}

type Ranged = Pick<Row<'edges'>, 'valid_from_graph_version' | 'valid_to_graph_version'>

/** What the documentation says about asking for a graph version. */
function isAt(row: Ranged, version: number): boolean {
  const { valid_from_graph_version: from, valid_to_graph_version: to } = row
  return from <= version && (to === null || version < to)
}

function compareGraph({ node_versions, edges }: Contents, graph: GraphView): void {
  const at = graph.version
  const rows = node_versions.filter((row) => isAt(row, at))
  expect(
    rows.map((row) => ({
      id: row.node_id,
      kind: row.kind,
      version: row.version,
      properties: row.properties,
      ref: row.ref,
      ownership: (row.managed_from_graph_version ?? Infinity) <= at ? 'managed' : row.ownership,
      cause: row.cause,
      actor: row.actor,
    })),
    `nodes at graph version ${at}`,
  ).toEqual(
    sorted(graph.nodes(), ({ id }) => id).map((node) => ({
      id: node.id,
      kind: node.kind,
      version: node.version,
      properties: node.properties,
      ref: node.ref ?? null,
      ownership: node.ownership,
      cause: node.cause.type,
      actor: `${node.actor.type} ${node.actor.id}`,
    })),
  )
  const living = sorted(edges, ({ edge_id: id }) => id).filter((row) => isAt(row, at))
  expect(
    living.map((row) => [row.edge_id, row.version, row.attributes]),
    `edges at graph version ${at}`,
  ).toEqual(sorted(graph.edges(), ({ id }) => id).map((edge) => [edge.id, edge.version, edge.attributes]))
}

function compareCurrent({ nodes }: Contents, graph: GraphView): void {
  expect(
    nodes.filter(({ retired }) => !retired).map((row) => [row.node_id, row.version, row.ownership, row.properties]),
  ).toEqual(
    sorted(graph.nodes(), ({ id }) => id).map((node) => [node.id, node.version, node.ownership, node.properties]),
  )
}

async function compareHistories({ nodes, node_versions, audit_trail }: Contents, prod: Environment): Promise<void> {
  for (const { node_id } of nodes) {
    // The tables hold ids of nodes that the ledger knows.
    const node = node_id as `${string}/${string}`
    const history = await prod.history(node)
    const versions = node_versions.filter((row) => row.node_id === node_id)
    expect(
      versions.map((row) => [row.version, row.incarnation, row.valid_from_graph_version, row.retired_reason]),
      `versions of ${node_id}`,
    ).toEqual(history.map((entry) => [entry.version, entry.incarnation, entry.graphVersion, entry.retired ?? null]))
    const trail = audit_trail.filter((row) => row.node_id === node_id)
    expect(
      sorted(trail.filter(({ property }) => property !== null).map(changeText), (text) => text),
      `changes of ${node_id}`,
    ).toEqual(
      sorted(
        history.flatMap(({ version, changes, cause, actor }) =>
          changes.map(({ property, from, to }) =>
            JSON.stringify([
              version,
              property,
              canonical(from),
              canonical(to),
              cause.type,
              `${actor.type} ${actor.id}`,
            ]),
          ),
        ),
        (text) => text,
      ),
    )
    const last = history.at(-1)
    const present = trail.filter(({ incarnation }) => incarnation === last?.incarnation)
    if (last?.retired === undefined) await compareReasons(present, prod)
  }
}

function changeText(row: Row<'audit_trail'>): string {
  const { version, property, old_value, new_value, cause, actor } = row
  return JSON.stringify([version, property, canonical(old_value), canonical(new_value), cause, actor])
}

/** The newest change of each property that is there, against `why`. */
async function compareReasons(trail: readonly Row<'audit_trail'>[], prod: Environment): Promise<void> {
  const newest = new Map(trail.flatMap((row) => (row.property === null ? [] : [[row.property, row] as const])))
  for (const [property, row] of newest) {
    if (row.change === 'property-removed') continue
    const node = row.node_id as `${string}/${string}`
    const why = await prod.why(node, property)
    const deployment = why.deployment ?? why.externalDeployment
    const attributed = why.drift?.attribution
    expect({
      version: row.version,
      cause: row.cause,
      actor: row.actor,
      deployment: row.deployment_id,
      commit: row.commit_id,
      request: row.request_id,
      attributed: row.attributed_to ?? 'none',
      effective: row.effective_at,
    }).toEqual({
      version: why.version,
      cause: why.cause.type,
      actor: `${why.actor.type} ${why.actor.id}`,
      deployment: deployment?.id ?? null,
      commit: deployment?.commit ?? null,
      request: requestOf(
        why.requests.map(({ id }) => id),
        row.request_id,
      ),
      attributed:
        attributed === undefined || attributed === 'pending'
          ? 'none'
          : attributed === 'unknown'
            ? expect.stringMatching(/^(?:unknown|none)$/)
            : `${attributed.type} ${attributed.id}`,
      effective: new Date(why.effective.from).toISOString(),
    })
  }
}

/** The request of a property is one of those of its version. */
function requestOf(all: readonly string[], told: string | null): string | null {
  return told !== null && all.includes(told) ? told : null
}
