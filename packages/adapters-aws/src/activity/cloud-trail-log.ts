import type { Event } from '@aws-sdk/client-cloudtrail'
import type { ActivityEntry, ActivityLog, CloudTarget } from '@infraledger/core/adapter'
import { isLedgerError, parseJsonText } from '@infraledger/core/adapter'
import { refused } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'
import { activityEntry } from './activity-entry.ts'
import { trailRecordSchema } from './trail-record.ts'

/** CloudTrail gives 50 events in a page at most, newest first (CloudTrail LookupEvents). */
const EVENTS_PER_PAGE = 50
/** Stretches of time that are looked up one after the other: longer ones where little happens. */
const FIRST_STRETCH_MS = 60 * 60_000
const LONGEST_STRETCH_MS = 7 * 24 * 60 * 60_000
const QUIET_STRETCH = 100
/** The event history goes back 90 days ("Working with CloudTrail event history"). */
const HISTORY_MS = 90 * 24 * 60 * 60_000

/**
 * CloudTrail's event history as the activity log: calls of RDS that change something, oldest first. It is looked up in stretches, each of
 * them turned round, because CloudTrail answers the newest first. Events appear minutes late; who reads asks again for the time before.
 */
export function cloudTrailLog(session: AwsSession): ActivityLog {
  return {
    provider: 'aws',
    async *entries(target, { since, until }) {
      const attempt = { service: 'cloudtrail', action: 'LookupEvents', region: target.region }
      if (target.provider !== 'aws') throw refused(attempt, `aws knows nothing of ${target.provider}`)
      await session.checkAccount(target.account, attempt)
      const { arn } = await session.caller()
      const end = Date.parse(until)
      let start = Math.max(Date.parse(since), session.clock.now().getTime() - HISTORY_MS)
      for (let length = FIRST_STRETCH_MS; start <= end;) {
        const stop = Math.min(start + length - 1, end)
        const found = await stretch(session, target, start, stop)
        yield* found.flatMap((event) => entryOf(event, arn) ?? []).toReversed()
        start = stop + 1
        length = found.length > QUIET_STRETCH ? FIRST_STRETCH_MS : Math.min(length * 2, LONGEST_STRETCH_MS)
      }
    },
  }
}

async function stretch(
  session: AwsSession,
  { region }: CloudTarget,
  from: number,
  to: number,
): Promise<readonly Event[]> {
  const found: Event[] = []
  let token: string | undefined
  do {
    const answer = await session.lookUpEvents(region, {
      StartTime: new Date(from),
      EndTime: new Date(to),
      MaxResults: EVENTS_PER_PAGE,
      LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'rds.amazonaws.com' }],
      ...(token === undefined ? {} : { NextToken: token }),
    })
    // Most of what happens to databases is that somebody looks at them.
    found.push(...(answer.Events ?? []).filter(({ ReadOnly: readOnly }) => readOnly !== 'true'))
    token = answer.NextToken
  } while (token !== undefined && token !== '')
  return found
}

/** An event that is not understood is none: the log is read on, for one odd record must not hide all others. */
function entryOf({ CloudTrailEvent: text }: Event, own: string): ActivityEntry | undefined {
  if (text === undefined) return undefined
  try {
    const record = trailRecordSchema.safeParse(parseJsonText(text, 'a CloudTrail event'))
    return record.success ? activityEntry(record.data, own) : undefined
  } catch (error) {
    if (isLedgerError(error, 'input-invalid')) return undefined
    throw error
  }
}
