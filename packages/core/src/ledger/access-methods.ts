import type { activityEvents } from '../access/events.ts'
import { COMMAND_ACCESS } from '../access/command-access.ts'
import type { Action, AuthorizationRequest } from '../access/authorizer.ts'
import { allowedIntervals, periodsBySubject, roleMoments } from '../access/who-could.ts'
import type { RoleMoment, SubjectAccess, TimeRange } from '../access/who-could.ts'
import { timelineEntry } from '../audit/timeline.ts'
import type { TimelineEntry } from '../audit/timeline.ts'
import { decodeEvent } from '../event-store/codec.ts'
import type { EventData, EventType } from '../environment/catalogue.ts'
import { actorOfSubject } from '../environment/roles.ts'
import { closest } from '../graph/closest.ts'
import { LedgerError } from '../ledger-error.ts'
import { askAuthorizer } from './admission.ts'
import { activityStreamName } from '../event-store/stream-names.ts'
import type { EnvironmentAccess } from './environment-access.ts'

type ActivityType = keyof typeof activityEvents

/** Something that was tried or accessed: as a line of a timeline, with what was recorded. */
export type RecordedActivity = {
  [T in ActivityType]: TimelineEntry & { readonly type: T; readonly data: EventData<T> }
}[ActivityType]

/** Who could do something, and how far that is known. */
export type WhoCould = {
  readonly action: Action
  readonly from: string
  readonly to: string
  /** Before this moment roles that have ended are not remembered any more; left out where all are. */
  readonly incompleteBefore?: string
  readonly subjects: readonly SubjectAccess[]
}

/** Who may do what, who could, and who tried. */
export interface AccessMethods {
  /**
   * What was refused in this environment and is worth being seen, oldest first, from after a revision of its own stream (from 0; default -1,
   * all) on (ACCESS 5).
   */
  activity(range?: { readonly after?: number; readonly limit?: number }): AsyncIterable<RecordedActivity>
  /**
   * Who was allowed to do something between two moments (by default since the environment was created, until now), with who granted and who
   * revoked it. The authorizer of this ledger is asked as it is now, at each change of somebody's roles, without a target. Throws `authorizer-failed`, and `input-invalid` for what is no action or no date.
   */
  whoCould(question: { readonly action: Action; readonly from?: Date; readonly to?: Date }): Promise<WhoCould>
}

/** Access to one environment, over time. */
export function accessMethods(access: EnvironmentAccess): AccessMethods {
  return {
    async *activity({ after = -1, limit = Infinity } = {}) {
      await access.read()
      let told = 0
      for await (const recorded of access.services.store.readStream(activityStreamName(access.name), {
        from: after + 1,
      })) {
        const { event } = decodeEvent(recorded)
        const entry = timelineEntry(event)
        if (entry === undefined || !isActivity(event.type)) continue
        if (told++ >= limit) return
        // The type of the event and its data belong together, and the entry is of that type.
        yield { ...entry, data: event.data } as RecordedActivity
      }
    },
    async whoCould({ action, from, to }) {
      if (!Object.hasOwn(COMMAND_ACCESS, action)) throw unknownAction(action)
      const { environment, access: slice } = await access.read()
      const range: TimeRange = {
        from: isoOf(from, 'from') ?? environment.createdAt,
        to: isoOf(to, 'to') ?? access.services.clock.now().toISOString(),
      }
      const periods = [...slice.periods]
      const { forgottenUntil } = slice
      const environmentToldAs = { name: environment.name, type: environment.type }
      const subjects: SubjectAccess[] = []
      for (const [subject, own] of periodsBySubject(periods, range)) {
        const moments: (RoleMoment & { readonly allowed: boolean })[] = []
        for (const moment of roleMoments(own, range)) {
          const roles = moment.periods.map(({ role }) => role)
          const assurance = access.services.identities.authenticates ? 'authenticated' : 'asserted'
          const actor = actorOfSubject(subject, assurance)
          const request = { actor, action, environment: environmentToldAs, roles, at: moment.at }
          moments.push({ ...moment, allowed: await isAllowed(access, request) })
        }
        const intervals = allowedIntervals(moments, own)
        if (intervals.length > 0) subjects.push({ subject, intervals })
      }
      return {
        action,
        ...range,
        ...(range.from < forgottenUntil ? { incompleteBefore: forgottenUntil } : {}),
        subjects,
      }
    },
  }
}

async function isAllowed({ services }: EnvironmentAccess, request: AuthorizationRequest): Promise<boolean> {
  const permission = await askAuthorizer(services.authorizer, request, services.clock)
  if (permission instanceof LedgerError) throw permission
  return permission.allowed
}

function isActivity(type: EventType): type is ActivityType {
  return type === 'CommandRefused'
}

function isoOf(date: Date | undefined, path: string): string | undefined {
  if (date === undefined) return undefined
  if (date instanceof Date && !Number.isNaN(date.getTime())) return date.toISOString()
  throw new LedgerError('input-invalid', `${path} is no date`, {
    what: 'whoCould',
    issues: [{ path, problem: 'is no date' }],
  })
}

function unknownAction(action: string): LedgerError<'input-invalid'> {
  const near = closest(action, Object.keys(COMMAND_ACCESS))
  const problem = `"${action}" is no action${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`
  return new LedgerError('input-invalid', problem, { what: 'whoCould', issues: [{ path: 'action', problem }] })
}
