import { causedBy } from '../audit/caused-by.ts'
import type { Caused, CauseQuery } from '../audit/caused-by.ts'
import { describeLineage } from '../audit/describe.ts'
import { grantsOf } from '../audit/grants.ts'
import type { GrantEntry, GrantQuery } from '../audit/grants.ts'
import { nodeHistory } from '../audit/history.ts'
import type { HistoryEntry } from '../audit/history.ts'
import { runningVersions } from '../audit/running-versions.ts'
import type { RunningVersions } from '../audit/running-versions.ts'
import { timelineEntry } from '../audit/timeline.ts'
import type { TimelineEntry } from '../audit/timeline.ts'
import { why } from '../audit/why.ts'
import type { Why } from '../audit/why.ts'
import { decodeEvent } from '../event-store/codec.ts'
import type { NodeId } from '../graph/ids.ts'
import { resolveTime } from '../graph/resolve-time.ts'
import type { PointInTime } from '../graph/resolve-time.ts'
import { ask } from './ask.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import { observationTimes } from './graph-methods.ts'

/** Why something is as it is; `text()` is the same as a person reads it. */
export type WhyAnswer = Why & { text(): string }

/** Questions about the past. */
export interface AuditMethods {
  /**
   * Why a property of a node has the value it has (or, without a property, why the node is as it is): the version that gave it, followed
   * back to deployment, commit, change requests, requester, approver and trigger. Throws `node-not-found`, `property-unknown`.
   */
  why(node: NodeId, property?: string): Promise<WhyAnswer>
  /**
   * Who may do what, and why: grants of an identity, on a resource (or need), now or at a point. Throws `input-invalid`,
   * `graph-version-not-found`, `deployment-not-found`.
   *
   * @example
   * for (const { identity, operations, why } of await prod.grants({ resource: 'sql-database/orders' }))
   *   console.log(identity, operations, why.recordedAt, why.deployment?.commit)
   */
  grants(query?: GrantQuery & { readonly at?: PointInTime }): Promise<readonly GrantEntry[]>
  /** All versions of a node, oldest first, each with what it changed, why and because of whom. Throws `node-not-found`. */
  history(node: NodeId): Promise<readonly HistoryEntry[]>
  /**
   * Everything that a commit caused, or a person asked for: deployments, change requests, and the versions that came of them. Throws
   * `deployment-not-found`, `change-not-found`.
   */
  causedBy(query: CauseQuery): Promise<Caused>
  /**
   * What ran, now or at a point: image, digest and replicas of each workload, since when and by which deployment, commit and trigger, with
   * the runtime that it was built with; and the engines of databases. What is not known is `null`. Throws `graph-version-not-found`,
   * `deployment-not-found`.
   */
  versions(question?: { readonly at?: PointInTime }): Promise<RunningVersions>
  /** What happened, event by event, from after a revision (from 0; default -1, all) on; ends with what is there now. */
  timeline(range?: { readonly after?: number; readonly limit?: number }): AsyncIterable<TimelineEntry>
}

/** Questions about the past, on one environment. */
export function auditMethods(access: EnvironmentAccess): AuditMethods {
  return {
    async why(node, property) {
      const answer = await ask(access, (state) => why(state, node, property, { lastObserved: observationTimes(state) }))
      return { ...answer, text: () => describeLineage(answer) }
    },
    async grants({ at, ...query } = {}) {
      const version = await ask(access, (state) => resolveTime(state, at))
      return ask(access, (state) => grantsOf(state, query, { at: version, lastObserved: observationTimes(state) }))
    },
    history: (node) => ask(access, (state) => nodeHistory(state, node)),
    causedBy: (query) => ask(access, (state) => causedBy(state, query)),
    async versions({ at } = {}) {
      const { kinds } = access.services
      return ask(access, (state) => {
        const point = resolveTime(state, at)
        return point.type === 'answered' ? runningVersions(state, point.value, kinds) : point
      })
    },
    async *timeline({ after = -1, limit = Infinity } = {}) {
      await access.read()
      let told = 0
      for await (const recorded of access.services.store.readStream(access.stream.name, { from: after + 1 })) {
        const entry = timelineEntry(decodeEvent(recorded).event)
        if (entry === undefined) continue
        if (told++ >= limit) return
        yield entry
      }
    },
  }
}
