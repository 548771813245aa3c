import type { Role } from '../environment/slice.ts'
import type { RoleChange, RolePeriod } from './state.ts'

/** A time in which a subject was allowed to do something, and the roles that made it so. */
export type AllowedInterval = {
  readonly from: string
  /** Left out where it goes on beyond what was asked for. */
  readonly until?: string
  readonly roles: readonly Role[]
  /** Who gave the roles that were held then, and when. */
  readonly granted: readonly (RoleChange & { readonly role: Role })[]
  /** Who took away what had allowed it. */
  readonly revoked?: RoleChange & { readonly role: Role }
}

/** One subject, and when they could. */
export type SubjectAccess = { readonly subject: string; readonly intervals: readonly AllowedInterval[] }

/** Roles held from one moment to the next change of them. */
export type RoleMoment = {
  readonly at: string
  readonly periods: readonly RolePeriod[]
}

/** From when to when (ISO 8601); the end is not part of it. */
export type TimeRange = { readonly from: string; readonly to: string }

/** Periods of roles by subject, as far as they reach into a range of time. */
export function periodsBySubject(
  periods: readonly RolePeriod[],
  { from, to }: TimeRange,
): ReadonlyMap<string, readonly RolePeriod[]> {
  return Map.groupBy(
    periods.filter(({ granted, revoked }) => granted.at < to && (revoked === undefined || revoked.at > from)),
    ({ subject }) => subject,
  )
}

/** The moments of a range at which a subject's roles changed, the first one included, each with what was held from then on. */
export function roleMoments(periods: readonly RolePeriod[], { from, to }: TimeRange): readonly RoleMoment[] {
  const changes = periods.flatMap(({ granted, revoked }) => [
    granted.at,
    ...(revoked === undefined ? [] : [revoked.at]),
  ])
  const moments = [from, ...changes.filter((at) => at > from && at < to)]
  return [...new Set(moments)].toSorted().map((at) => ({
    at,
    periods: periods.filter(({ granted, revoked }) => granted.at <= at && (revoked === undefined || revoked.at > at)),
  }))
}

/** The intervals of a subject: moments next to each other that were allowed by the same roles are one. */
export function allowedIntervals(
  moments: readonly (RoleMoment & { readonly allowed: boolean })[],
  subjectPeriods: readonly RolePeriod[],
): readonly AllowedInterval[] {
  return moments.flatMap(({ at, periods, allowed }, index): AllowedInterval[] => {
    if (!allowed) return []
    const until = moments[index + 1]?.at
    const ended = subjectPeriods.find(({ revoked }) => revoked !== undefined && revoked.at === until)
    return [
      {
        from: at,
        ...(until === undefined ? {} : { until }),
        roles: periods.map(({ role }) => role),
        granted: periods.map(({ role, granted }) => ({ role, ...granted })),
        ...(ended?.revoked === undefined ? {} : { revoked: { role: ended.role, ...ended.revoked } }),
      },
    ]
  })
}
