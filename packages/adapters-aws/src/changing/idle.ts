import type { OperationUpdate, ResourceObservation } from '@infraledger/core/adapter'
import { findInstance, observationOf } from '../reading/instances.ts'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import { isBroken } from '../rds/settled-status.ts'
import { unknown } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import type { AwsSession } from '../session/session.ts'

/** Looks at most, at the default pace a day of them: major upgrades and large restores take hours, the SDK's own waiters half of one. */
const LOOKS_AT_MOST = 5_760

/** Statuses in which RDS takes a change. `storage-optimization` goes on for hours while the instance works and can be changed. */
const AT_REST = new Set([
  'available',
  'stopped',
  'storage-optimization',
  'storage-full',
  'insufficient-capacity',
  'inaccessible-encryption-credentials',
  'inaccessible-encryption-credentials-recoverable',
])

/** Whether nothing is being done to an instance. A status that nobody knows is waited for. */
export function isAtRest({ DBInstanceStatus: status = 'available' }: DbInstance): boolean {
  return AT_REST.has(status) || isBroken(status)
}

/** What following an instance needs. */
export type Following = {
  readonly session: AwsSession
  readonly attempt: AwsAttempt
  readonly instance: { readonly id?: string; readonly name: string }
  readonly signal?: AbortSignal | undefined
}

/**
 * Looks at an instance until it is as wanted, telling its status in between; answers it, or undefined once it is gone. Aborting ends the
 * waiting with `stopped`: what is under way at RDS goes on. Nothing is kept in memory, so any process can take it up again.
 */
export async function* follow(
  { session, attempt, instance, signal }: Following,
  isDone: (described: DbInstance, looks: number) => boolean,
): AsyncGenerator<OperationUpdate, DbInstance | undefined | 'stopped'> {
  for (let looks = 1; looks <= LOOKS_AT_MOST; looks += 1) {
    if (isStopped(signal)) return 'stopped'
    const described = await findInstance(session, attempt.region, instance)
    if (described === undefined) return undefined
    if (isDone(described, looks)) return described
    yield { type: 'progress', status: progressOf(described) }
    if (isStopped(signal)) return 'stopped'
    await session.clock.sleep(session.pollMs, signal)
  }
  throw unknown(attempt, `it did not come to rest in ${LOOKS_AT_MOST} looks`)
}

function isStopped(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

function progressOf({ DBInstanceStatus: status = 'unknown', PercentProgress: percent }: DbInstance): string {
  return typeof percent === 'string' && percent !== '' ? `${status} (${percent} %)` : status
}

/** The end of an operation, with what was put off of it. */
export async function completed(
  session: AwsSession,
  attempt: AwsAttempt,
  described: DbInstance,
  asked: readonly string[],
): Promise<OperationUpdate> {
  const observation = await observationOf(session, attempt.region, described)
  const deferred = Object.fromEntries(
    Object.entries(observation.deferred).filter(([property]) => asked.includes(property)),
  )
  const until = Object.keys(deferred).length === 0 ? undefined : windowOf(observation, session)
  return { type: 'completed', observation, deferred, ...(until === undefined ? {} : { deferredUntil: until }) }
}

function windowOf(observation: ResourceObservation, session: AwsSession): string | undefined {
  const window = observation.properties['maintenance.window']
  return typeof window === 'string' ? nextOpening(window, session.clock.now()) : undefined
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

/** When a weekly window such as `sun:03:00-sun:04:00` (UTC) opens next; undefined for what is none. */
export function nextOpening(window: string, now: Date): string | undefined {
  const match = /^(sun|mon|tue|wed|thu|fri|sat):(\d\d):(\d\d)-/i.exec(window)
  if (match === null) return undefined
  const [, day = '', hour, minute] = match
  const opening = new Date(
    Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), Number(hour), Number(minute)),
  )
  const days = (DAYS.indexOf(day.toLowerCase()) - opening.getUTCDay() + 7) % 7
  opening.setUTCDate(opening.getUTCDate() + days)
  if (opening.getTime() <= now.getTime()) opening.setUTCDate(opening.getUTCDate() + 7)
  return opening.toISOString()
}
