/** The window of what has none of its own. */
export const DEFAULT_WINDOW = 'sun:03:00-sun:04:00'

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const FORM =
  /^(sun|mon|tue|wed|thu|fri|sat):([01]\d|2[0-3]):([0-5]\d)-(sun|mon|tue|wed|thu|fri|sat):([01]\d|2[0-3]):([0-5]\d)$/
const MINUTE = 60_000
const WEEK = 7 * 24 * 60 * MINUTE
const SHORTEST = 30 * MINUTE

/** A weekly window: milliseconds from Sunday 00:00 UTC to its opening, and how long it is. */
type MaintenanceWindow = { readonly opensAfter: number; readonly length: number }

/**
 * Reads a weekly window in UTC, such as `sun:03:00-sun:04:00`; undefined where it is not one or shorter than 30 minutes. The form and
 * the shortest length are those of RDS (ModifyDBInstance, `PreferredMaintenanceWindow`).
 */
export function parseMaintenanceWindow(text: unknown): MaintenanceWindow | undefined {
  const parts = typeof text === 'string' ? FORM.exec(text) : null
  if (parts === null) return undefined
  const [, openDay = '', openHour, openMinute, closeDay = '', closeHour, closeMinute] = parts
  const opensAfter = minuteOfWeek(openDay, openHour, openMinute) * MINUTE
  const length = (minuteOfWeek(closeDay, closeHour, closeMinute) * MINUTE - opensAfter + WEEK) % WEEK
  return length < SHORTEST ? undefined : { opensAfter, length }
}

/** When the window is next open, in milliseconds since the epoch: `now` where it is open already. */
function nextOpening(window: MaintenanceWindow, now: number): number {
  const opened = startOfWeek(now) + window.opensAfter
  const last = opened > now ? opened - WEEK : opened
  return now < last + window.length ? now : last + WEEK
}

/** When what waits is applied: at the next opening of the given window, or of the default one where that is none. */
export function nextWindow(window: unknown, now: number): number {
  const parsed = parseMaintenanceWindow(window) ?? parseMaintenanceWindow(DEFAULT_WINDOW)
  return parsed === undefined ? now : nextOpening(parsed, now)
}

function minuteOfWeek(day: string, hour: string | undefined, minute: string | undefined): number {
  return (DAYS.indexOf(day) * 24 + Number(hour)) * 60 + Number(minute)
}

/** Sunday 00:00 UTC of the week: the epoch was a Thursday. */
function startOfWeek(now: number): number {
  const fromSunday = 4 * 24 * 60 * MINUTE
  return now - ((now + fromSunday) % WEEK)
}
