/** A weekly time in which a provider may interrupt service, in minutes of the week from Sunday 00:00 UTC; the end is not part of it. */
export type MaintenanceWindow = { readonly from: number; readonly to: number }

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const HOUR = 60
const DAY = 24 * HOUR
const WEEK = 7 * DAY

const FORMAT = /^(sun|mon|tue|wed|thu|fri|sat):([01]\d|2[0-3]):([0-5]\d)$/

/**
 * Parses the property `maintenance.window`: `sun:03:00-sun:04:00` as RDS writes it, or `sun:03:00` for the hour that Cloud SQL keeps.
 * Times are UTC. Undefined for anything else, and for a window that ends when it begins.
 */
export function parseMaintenanceWindow(text: unknown): MaintenanceWindow | undefined {
  if (typeof text !== 'string') return undefined
  const [first = '', last, ...more] = text.toLowerCase().split('-')
  const from = minuteOfWeek(first)
  if (from === undefined || more.length > 0) return undefined
  const to = last === undefined ? (from + HOUR) % WEEK : minuteOfWeek(last)
  return to === undefined || to === from ? undefined : { from, to }
}

/** Whether a moment (ISO 8601) lies in the window, which may cross midnight and the end of the week. */
export function isInWindow({ from, to }: MaintenanceWindow, moment: string): boolean {
  const time = new Date(moment)
  const minute = time.getUTCDay() * DAY + time.getUTCHours() * HOUR + time.getUTCMinutes()
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

function minuteOfWeek(text: string): number | undefined {
  const [, day, hours, minutes] = FORMAT.exec(text.trim()) ?? []
  return day === undefined ? undefined : DAYS.indexOf(day) * DAY + Number(hours) * HOUR + Number(minutes)
}
