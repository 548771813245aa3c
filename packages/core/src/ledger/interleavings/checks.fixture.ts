import { expect } from 'vitest'
import { verifier } from '../../audit/verify.ts'
import type { GraphDiff } from '../../graph/diff.ts'
import { jsonEqual } from '../../json.ts'
import type { JsonValue } from '../../json.ts'
import type { GraphView } from '../../graph/view.ts'
import type { Environment } from '../environment.ts'
import type { Ledger } from '../open-ledger.ts'
import { isDeath, openOn } from './stage.fixture.ts'
import type { Stage } from './stage.fixture.ts'

/** What has to hold after each command, whatever it was. */
export interface Checker {
  readonly ledger: Ledger
  readonly prod: Environment
  /** Graph versions that were current once. */
  readonly versions: ReadonlySet<number>
  readonly check: () => Promise<void>
}

/** Problems that a failure shows: one mistake breaks many rules. */
const PROBLEMS_SHOWN = 5

/** Starts to look at a stage, through a ledger of its own that is open from beginning to end. */
export function checker(set: Stage): Checker {
  const ledger = openOn(set)
  const prod = ledger.environment('prod')
  const chain = verifier({ positions: set.store.positions })
  const versions = new Set<number>()
  let position = 0n
  return {
    ledger,
    prod,
    versions,
    async check() {
      for (const { failure } of set.processes)
        if (failure !== undefined && !isDeath(failure)) throw new Error('an executor ended', { cause: failure })
      for await (const event of set.store.readAll({ after: position })) {
        expect(chain.check(event)).toBeUndefined()
        ;({ position } = event)
      }
      await answer(set, ledger, versions)
      const { problems } = set.witness.judge
      if (problems.length > 0) throw new Error(problems.slice(0, PROBLEMS_SHOWN).join('\n'))
    },
  }
}

/** Has the witness hear what a reader is told now; a former graph version is asked for where there is a new one. */
async function answer(set: Stage, ledger: Ledger, versions: Set<number>): Promise<void> {
  const prod = ledger.environment('prod')
  const { version } = await prod.graph()
  const former = versions.has(version) ? undefined : [...versions][version % Math.max(1, versions.size)]
  versions.add(version)
  await tell(set, ledger, former)
  if (former !== undefined) await checkDiffs(prod, former)
}

/** Has the witness hear what is told now, and of a former graph version. Views go on with the ledger, so what they say is written down. */
export async function tell({ witness }: Stage, ledger: Ledger, former: number | undefined): Promise<void> {
  const prod = ledger.environment('prod')
  const now = await prod.graph()
  const nodes = now.nodes().map(({ id, version, incarnation, ownership, properties, lastObservedAt }) => {
    return { id, version, incarnation, ownership, properties, lastObservedAt }
  })
  const past = former === undefined ? undefined : { version: former, text: textOf(await prod.graph({ at: former })) }
  const requests = (await prod.requests()).map(({ request, status, remaining }) => ({ request, status, remaining }))
  const openDeployments = (await prod.deployments()).flatMap(({ id, endedAt }) => (endedAt === undefined ? [id] : []))
  const edges = now.edges().map(({ id, from, to, attributes }) => ({ id, from, to, attributes }))
  const environments = await ledger.environments()
  const { version: graphVersion } = now
  const text = textOf(now)
  witness.see({ type: 'answers', graphVersion, nodes, edges, text, past, requests, openDeployments, environments })
}

/** The difference between two graphs is just what differs. */
export async function checkDiffs(prod: Environment, version: number): Promise<void> {
  const now = await prod.graph()
  const then = await prod.graph({ at: version })
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

/** All of a graph that the ledger knew then, as text; what is learned later is when it was observed, and when it was so in the world. */
export function textOf(view: GraphView): string {
  const nodes = view.nodes().map((node) => ({ ...node, lastObservedAt: '', effective: undefined }))
  const edges = view.edges().map((edge) => ({ ...edge, effective: undefined }))
  const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1)
  return JSON.stringify([nodes.toSorted(byId), edges.toSorted(byId)])
}
