import { LedgerError, parseJsonText } from '@infraledger/core/adapter'
import type { ActivityEntry, ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { z } from 'zod'
import { activityEntry } from '../activity/activity-entry.ts'
import { trailRecordSchema } from '../activity/trail-record.ts'
import type { TrailRecord } from '../activity/trail-record.ts'
import { toldBy } from './told-by-record.ts'

/** What CloudTrail told of one moment: how something was after a call, or that it is gone. */
export type TrailReading = {
  /** When it happened (ISO 8601). */
  readonly observedAt: string
  /** A call tells of what it is about and of nothing else. */
  readonly complete: false
  readonly observations: readonly ResourceObservation[]
  readonly gone: readonly ProviderRef[]
  /** All that happened until then. */
  readonly activity: readonly ActivityEntry[]
}

const filesSchema = z.union([
  z.looseObject({ Records: z.array(z.unknown()) }).transform(({ Records: records }) => records),
  z
    .looseObject({ Events: z.array(z.looseObject({ CloudTrailEvent: z.string() })) })
    .transform(({ Events: events }) =>
      events.map(({ CloudTrailEvent: text }) => parseJsonText(text, 'a CloudTrail event')),
    ),
  z.array(z.unknown()),
])

/**
 * Reads a recorded CloudTrail log as the life of the databases in it: one reading for each call that told how something was, in order of
 * time, each with who did what until then. Takes log files (`Records`), the output of `aws cloudtrail lookup-events`, or a list of records.
 *
 * @throws LedgerError `input-invalid`: none of these, or a record that is none
 */
export function readCloudTrail(text: string, options: { readonly name: string }): readonly TrailReading[] {
  const what = `CloudTrail log ${options.name}`
  const records = recordsIn(parseJsonText(text, what), what)
  const ordered = records.toSorted((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime) || rank(a) - rank(b))
  const activity: ActivityEntry[] = []
  const readings: TrailReading[] = []
  const known = new Map<string, ResourceObservation>()
  for (const record of ordered) {
    const entry = activityEntry(record)
    if (entry === undefined) continue
    activity.push(entry)
    const told = record.errorCode === undefined ? toldBy(record, known) : undefined
    // Two calls of one second are one moment: what both did is known in it.
    if (told !== undefined)
      readings.push({ observedAt: entry.at, complete: false, observations: [], gone: [], ...told, activity })
  }
  return readings.map((reading) => ({ ...reading, activity: activity.filter(({ at }) => at <= reading.observedAt) }))
}

/** Of calls in the same second, the refused ones come first: what they met was begun by the others, whose record says the same time. */
function rank({ errorCode }: TrailRecord): number {
  return errorCode === undefined ? 1 : 0
}

function recordsIn(parsed: unknown, what: string): readonly TrailRecord[] {
  const file = filesSchema.safeParse(parsed)
  if (!file.success) {
    const problem = Array.isArray(parsed) ? 'it is an odd list' : 'it has neither Records nor Events'
    throw invalid(what, '', problem)
  }
  return file.data.map((one, index) => {
    const record = trailRecordSchema.safeParse(one)
    if (record.success) return record.data
    const [issue] = record.error.issues
    throw invalid(what, [index, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'is no record')
  })
}

function invalid(what: string, path: string, problem: string): LedgerError {
  const where = path === '' ? '' : ` at ${path}`
  const advice = 'give a log file of CloudTrail or the whole JSON of "aws cloudtrail lookup-events"'
  return new LedgerError('input-invalid', `${what} is not a CloudTrail log: ${problem}${where}; ${advice}`, {
    what,
    issues: [{ path, problem }],
  })
}
