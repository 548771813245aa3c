import type { Handlers } from '../environment/catalogue.ts'
import type { Role } from '../environment/slice.ts'
import type { Actor } from './actor.ts'

/** Periods in which somebody held a role that are remembered; of older ones that have ended the stream knows. */
export const ROLE_PERIODS_KEPT = 10_000

/** A grant or revocation: when, and by whom. */
export type RoleChange = { readonly at: string; readonly by: Actor }

/** A time in which a subject held a role. */
export type RolePeriod = {
  readonly subject: string
  readonly role: Role
  readonly granted: RoleChange
  revoked: RoleChange | undefined
}

/** Who held which role when. */
export type AccessSlice = {
  /** In the order of their grants. */
  periods: RolePeriod[]
  /** Until when ended periods are no longer remembered; empty while all are. */
  forgottenUntil: string
}

/** Nobody holds anything yet. */
export function emptyAccess(): AccessSlice {
  return { periods: [], forgottenUntil: '' }
}

export const accessHandlers = {
  RoleGranted(slice, { data: { subject, role }, metadata }) {
    if (openPeriod(slice, subject, role) !== undefined) return
    const granted = { at: metadata.recordedAt, by: metadata.actor }
    slice.periods.push({ subject, role, granted, revoked: undefined })
    if (slice.periods.length > ROLE_PERIODS_KEPT) forgetOldest(slice)
  },
  RoleRevoked(slice, { data: { subject, role }, metadata }) {
    const period = openPeriod(slice, subject, role)
    if (period !== undefined) period.revoked = { at: metadata.recordedAt, by: metadata.actor }
  },
  // Lies in the activity, not in this stream: nothing is decided on it.
  CommandRefused() {},
} satisfies Handlers<AccessSlice>

function openPeriod(slice: AccessSlice, subject: string, role: Role): RolePeriod | undefined {
  return slice.periods.findLast(
    (period) => period.revoked === undefined && period.subject === subject && period.role === role,
  )
}

/** A role that is still held is never forgotten. A tenth goes at once, so that not every grant pays for it. */
function forgetOldest(slice: AccessSlice): void {
  let room = Math.ceil(ROLE_PERIODS_KEPT / 10)
  slice.periods = slice.periods.filter(({ revoked }) => {
    if (revoked === undefined || room === 0) return true
    room--
    if (revoked.at > slice.forgottenUntil) slice.forgottenUntil = revoked.at
    return false
  })
}
