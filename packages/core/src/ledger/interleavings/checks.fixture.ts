import { expect } from 'vitest'
import { verifier } from '../../audit/verify.ts'
import type { GraphDiff } from '../../graph/diff.ts'
import { findCycle } from '../../graph/cycles.ts'
import { jsonEqual } from '../../json.ts'
import type { JsonValue } from '../../json.ts'
import type { GraphView } from '../../graph/view.ts'
import type { Environment } from '../environment.ts'
import { isDeath, openOn } from './stage.fixture.ts'
import type { Stage } from './stage.fixture.ts'

/** What has to hold after each command, whatever it was. */
export interface Checker {
  readonly prod: Environment
  /** The graphs as they were when they were current, by version. */
  readonly graphs: ReadonlyMap<number, Content>
  readonly check: () => Promise<void>
}

type Content = { readonly nodes: ReadonlyMap<string, unknown>; readonly edges: ReadonlyMap<string, unknown> }

/** Starts to look at a stage, through a ledger of its own that is open from beginning to end. */
export function checker(set: Stage): Checker {
  const prod = openOn(set).environment('prod')
  const chain = verifier({ positions: set.store.positions })
  const graphs = new Map<number, Content>()
  let position = 0n
  return {
    prod,
    graphs,
    async check() {
      for (const { failure } of set.processes) if (failure !== undefined && !isDeath(failure)) throw failure
      expect(set.witness.problems).toEqual([])
      for await (const event of set.store.readAll({ after: position })) {
        expect(chain.check(event)).toBeUndefined()
        ;({ position } = event)
      }
      await checkGraph(prod, graphs)
      await checkRequests(set, prod)
      checkCloud(set)
    },
  }
}

async function checkGraph(prod: Environment, graphs: Map<number, Content>): Promise<void> {
  const now = await prod.graph()
  const edges = now.edges()
  for (const { from, to } of edges) expect([now.node(from), now.node(to)]).not.toContain(undefined)
  const next = Map.groupBy(edges, ({ from }) => from)
  const ids = now.nodes().map(({ id }) => id)
  expect(findCycle(ids, (node) => (next.get(node) ?? []).map(({ to }) => to))).toBeUndefined()
  if (graphs.has(now.version)) return
  const [before] = [...graphs.keys()].slice(-1)
  graphs.set(now.version, contentOf(now))
  if (before === undefined) return
  await checkPast(prod, graphs, before)
  await checkPast(prod, graphs, [...graphs.keys()][now.version % graphs.size] ?? before)
}

/** GRAPH 1: a former version is what it was, and the difference between it and now is just what differs. */
export async function checkPast(
  prod: Environment,
  graphs: ReadonlyMap<number, Content>,
  version: number,
): Promise<void> {
  const now = await prod.graph()
  const then = await prod.graph({ at: version })
  expect(contentOf(then)).toEqual(graphs.get(version))
  checkDiff(await prod.diff({ from: version, to: now.version }), then, now)
  checkDiff(await prod.diff({ from: now.version, to: version }), now, then)
}

function checkDiff(diff: GraphDiff, from: GraphView, to: GraphView): void {
  const nodes = new Set([...from.nodes(), ...to.nodes()].map(({ id }) => id))
  const different = [...nodes].filter((id) => !jsonEqual(essence(from.node(id)), essence(to.node(id))))
  expect(diff.nodes.map(({ node }) => node).toSorted()).toEqual(different.toSorted())
  for (const { node, properties } of diff.nodes) {
    const after: Record<string, JsonValue> = { ...from.node(node)?.properties }
    for (const { property, from: old, to: value } of properties) {
      expect(after[property]).toEqual(old)
      if (value === undefined) delete after[property]
      else after[property] = value
    }
    expect(after).toEqual(to.node(node)?.properties ?? {})
  }
  const attributes = (view: GraphView): ReadonlyMap<string, JsonValue> =>
    new Map(view.edges().map((edge) => [edge.id, edge.attributes]))
  const [before, after] = [attributes(from), attributes(to)]
  const edges = [...new Set([...before.keys(), ...after.keys()])].filter(
    (id) => !jsonEqual(before.get(id), after.get(id)),
  )
  expect(diff.edges.map(({ edge }) => edge).toSorted()).toEqual(edges.toSorted())
}

function essence(node: ReturnType<GraphView['node']>): JsonValue | undefined {
  if (node === undefined) return undefined
  const { properties, incarnation, ownership, ref } = node
  return { properties, incarnation, ownership, ref: ref === undefined ? null : JSON.stringify(ref) }
}

/** All of a graph that the ledger knew then; what is learned later is when it was observed, and when it was so in the world. */
export function contentOf(view: GraphView): Content {
  return {
    nodes: new Map(view.nodes().map((node) => [node.id, { ...node, lastObservedAt: '', effective: undefined }])),
    edges: new Map(view.edges().map((edge) => [edge.id, { ...edge, effective: undefined }])),
  }
}

/** CHANGE 5: no wish is lost, and each is where its events say. */
async function checkRequests(set: Stage, prod: Environment): Promise<void> {
  const told = new Map(
    (await prod.requests()).map(({ request, status, remaining }) => [
      request,
      { status, remaining: [...remaining].toSorted() },
    ]),
  )
  const seen = [...set.witness.seen.requests].map(
    ([id, { status, remaining }]) => [id, { status, remaining: [...remaining].toSorted() }] as const,
  )
  expect(told).toEqual(new Map(seen))
  const open = (await prod.deployments()).filter(({ endedAt }) => endedAt === undefined)
  expect(open.map(({ id }) => id)).toEqual([...set.witness.seen.open])
}

/** DEPLOY 7: of each node there is at most one thing that we made. */
function checkCloud({ cloud }: Stage): void {
  const ours = cloud.inspect
    .resources()
    .flatMap(({ idempotencyKey, status }) =>
      status === 'deleting' ? [] : (idempotencyKey?.split('/create:')[1] ?? []),
    )
  expect(ours.toSorted()).toEqual([...new Set(ours)].toSorted())
}
