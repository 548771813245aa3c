import type { CloudTarget } from '../cloud/cloud-provider.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { newestVersion } from '../graph/state.ts'
import { SETTLING_MINUTES } from './attribution.ts'
import { targetKey } from './state.ts'
import type { Survey } from './survey.ts'
import { targetOf } from './target.ts'

/** How far back an activity log is asked: CloudTrail's event history keeps 90 days. */
export const ACTIVITY_LOOKBACK_DAYS = 90

/** A stretch of one target's activity log. */
export type ActivityRange = { readonly target: CloudTarget; readonly since: string; readonly awaited: boolean }

/**
 * Which stretches of the activity logs a scan reads: of each target that it looked at, and of those where drift waits for its author
 * (`awaited`), from the end of the last reading (less the time by which entries may be late) or the oldest drift that waits, to `now`.
 */
export function activityRanges(state: EnvironmentState, looked: Survey, now: string): readonly ActivityRange[] {
  const { clouds, createdAt } = state.environment
  const earliest = Date.parse(now) - ACTIVITY_LOOKBACK_DAYS * 86_400_000
  const ranges = new Map<string, { target: CloudTarget; since: number; awaited: boolean }>()

  const lookedAt = [
    ...(looked.scope.type === 'targets' ? looked.scope.targets : []),
    ...looked.known.map(({ ref }) => targetOf(ref, clouds)),
  ]
  for (const target of lookedAt) {
    const key = targetKey(target)
    if (ranges.has(key)) continue
    const read = state.drift.activityRead.get(key)
    const since = read === undefined ? Date.parse(createdAt || now) : Date.parse(read) - SETTLING_MINUTES * 60_000
    ranges.set(key, { target, since, awaited: false })
  }
  for (const { node, after } of state.drift.unattributed.values()) {
    const ref = newestVersion(state.graph, node)?.ref
    if (ref === undefined) continue
    const target = targetOf(ref, clouds)
    const since = after === undefined ? earliest : Date.parse(after)
    const known = ranges.get(targetKey(target))
    ranges.set(targetKey(target), { target, since: Math.min(since, known?.since ?? since), awaited: true })
  }
  return [...ranges.values()].map(({ target, since, awaited }) => {
    return { target, since: new Date(Math.max(since, earliest)).toISOString(), awaited }
  })
}
