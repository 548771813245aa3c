import type { ActivityEntry, ActivityLog } from '@infraledger/core/adapter'
import { call } from './call.ts'
import type { Deed } from './deed.ts'
import { refOf } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import type { FakeResource } from './world.ts'

/** The ledger's own service account, as the activity log names it. */
export const LEDGER_PRINCIPAL: ActivityEntry['principal'] = { type: 'service', id: 'infraledger' }

/** Writes down who did what to a resource. */
export function recordActivity(
  simulation: Simulation,
  resource: FakeResource,
  what: { readonly operation: string; readonly properties?: readonly string[] },
  { by, now }: Pick<Deed, 'by' | 'now'>,
): void {
  const { activity } = simulation.world
  activity.push({
    id: `activity-${activity.length + 1}`,
    at: new Date(now).toISOString(),
    ref: refOf(simulation, resource),
    operation: `${resource.kind}.${what.operation}`,
    principal: by.principal,
    ...(what.properties === undefined ? {} : { properties: what.properties }),
    ...(by.key === undefined ? {} : { idempotencyKey: by.key }),
  })
}

/**
 * The log as its readers see it: in pages, late by the delay, and from `since` to `until`, both inclusive. CloudTrail delivers within
 * about five minutes on average, which it does not guarantee
 * (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html).
 */
export function activityLogOf(simulation: Simulation): ActivityLog {
  const { world, settings } = simulation
  return {
    provider: simulation.name,
    async *entries(target, { since, until }) {
      const [from, to] = [Date.parse(since), Date.parse(until)]
      const isWanted = (entry: ActivityEntry, now: number): boolean => {
        const at = Date.parse(entry.at)
        const isHere = entry.ref.account === target.account && entry.ref.region === target.region
        return isHere && at >= from && at <= to && at + settings.activityDelayMs <= now
      }
      for (let start = 0; ;) {
        const page = await call(simulation, { operation: 'activity' }, (now) => {
          const found = world.activity.slice(start).filter((entry) => isWanted(entry, now))
          return { answer: found, effect: false }
        })
        yield* page.slice(0, settings.pageSize)
        const last = page[settings.pageSize - 1]
        if (last === undefined || page.length <= settings.pageSize) return
        start = world.activity.indexOf(last) + 1
      }
    },
  }
}
