import { lastObserved } from '../drift/last-observed.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { diffGraph } from '../graph/diff.ts'
import type { GraphDiff } from '../graph/diff.ts'
import { effectiveView } from '../graph/effective.ts'
import type { NodeId } from '../graph/ids.ts'
import type { ImportedGraph } from '../graph/imported-graph.ts'
import type { LastObserved } from '../graph/node.ts'
import { resolveTime } from '../graph/resolve-time.ts'
import type { PointInTime } from '../graph/resolve-time.ts'
import { graphView } from '../graph/view.ts'
import type { GraphView } from '../graph/view.ts'
import { ask } from './ask.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import { settleExternal } from './external-methods.ts'
import type { By } from './options.ts'

/** Which graph is asked for: the current one, as the ledger knew it at a point, or as it was in the world at a moment. */
export type GraphQuestion = { readonly at?: PointInTime; readonly effectiveAt?: Date }

/** What an import did. */
export type ImportReport = {
  /** The graph version that it became visible with; the current one when nothing had changed. */
  readonly graphVersion: number
  /** Nodes of which a version was recorded, nodes that were so already, and nodes that were retired. */
  readonly recorded: number
  readonly unchanged: number
  readonly retired: number
  /** Whether this very content was imported before: nothing was written. */
  readonly importedBefore: boolean
}

/** How to import. */
export type ImportOptions = {
  /**
   * An import of an earlier state of the lineage that was interrupted is completed with this one, for its own may be out of reach.
   * Only where no process is at it any more: two that go on with one import would take turns.
   */
  readonly takeOver?: boolean
}

/** The graph: what it is, what it was, and what comes into it from outside. */
export interface GraphMethods {
  /**
   * The graph now, as the ledger knew it (`at` a graph version, a time, a deployment), or as it was in the world (`effectiveAt`; the two
   * can be combined). Throws `graph-version-not-found`, `deployment-not-found`.
   */
  graph(question?: GraphQuestion): Promise<GraphView>
  /** What differs between two points; also backwards. `to` defaults to now. Throws `graph-version-not-found`, `deployment-not-found`. */
  diff(range: { readonly from: PointInTime; readonly to?: PointInTime }): Promise<GraphDiff>
  /**
   * Takes a graph from outside in, with cause `import`. The same content again changes nothing; after an interruption it goes on where
   * it stopped. Everything imported is observed: no plan writes it. Throws `import-older-than-known`, `import-in-progress`, `cycle-found`,
   * `property-value-too-large`, and `deployment-in-progress` while a deployment is making one of these things.
   */
  import(graph: ImportedGraph, by: By, options?: ImportOptions): Promise<ImportReport>
  /**
   * Satisfies a need with an existing resource (OWN 4; members). Throws `need-kind-mismatch`, `need-not-found`, `node-not-found`,
   * `node-retired`, `import-in-progress`.
   */
  bind(binding: { readonly need: NodeId; readonly resource: NodeId; readonly reason: string }, by: By): Promise<void>
  /**
   * Hands an observed node over (Admins): from now on plans may write it (OWN 1). Throws `node-managed`, `node-not-found`, `node-retired`,
   * `import-in-progress`.
   */
  manage(handover: { readonly node: NodeId; readonly reason: string }, by: By): Promise<void>
}

/** The graph of one environment. */
export function graphMethods(access: EnvironmentAccess): GraphMethods {
  return {
    async graph({ at, effectiveAt } = {}) {
      if (effectiveAt !== undefined) await access.readHistory()
      const version = await ask(access, (state) => resolveTime(state, at))
      const { state } = access.stream
      const pin = { at: version, lastObserved: observationTimes(state) }
      return effectiveAt === undefined ? graphView(state, pin) : effectiveView(state, { ...pin, effectiveAt })
    },
    async diff({ from, to }) {
      const end = await ask(access, (state) => resolveTime(state, to))
      const start = await ask(access, (state) => resolveTime(state, from))
      // Version 0 is before everything, so everything must be loaded to tell what came since.
      const state = start === 0 || end === 0 ? await access.readHistory() : access.stream.state
      return diffGraph(state, start, end)
    },
    async import(graph, by, options = {}) {
      const before = (await access.read()).graph.version
      await settleExternal(access)
      const events = await access.execute({ type: 'import-graph', graph, ...options }, by)
      await settleExternal(access)
      const completed = events.find((event) => event.type === 'ImportCompleted')
      const { version } = access.stream.state.graph
      if (completed === undefined)
        return { graphVersion: before, recorded: 0, unchanged: graph.nodes.length, retired: 0, importedBefore: true }
      const { recorded, unchanged, retired } = completed.data
      return { graphVersion: version, recorded, unchanged, retired, importedBefore: false }
    },
    async bind(binding, by) {
      await access.execute({ type: 'bind', ...binding }, by)
    },
    async manage(handover, by) {
      await access.execute({ type: 'manage', ...handover }, by)
    },
  }
}

/** Tells when a node was last observed, always by what is known when it is asked. */
export function observationTimes(state: EnvironmentState): LastObserved {
  return (node) => lastObserved(state, node)
}
