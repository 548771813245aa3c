import type { ActivityEntry } from '@infraledger/core/adapter'
import { accountOf } from '../aws-world.ts'
import type { AwsWorld } from '../aws-world.ts'
import { AwsError } from '../wire/aws-error.ts'
import { principalArn } from '../wire/caller.ts'
import type { JsonCall, JsonOperation } from '../wire/json-operation.ts'
import type { TrailEvent } from '../wire/trail.ts'

/** Events of one page at most (CloudTrail LookupEvents, `MaxResults`). */
const PAGE = 50

/** Reading the event history, newest first. What was done in the console of the fake cloud is in it, too. */
export const cloudTrailOperations: Readonly<Record<string, JsonOperation>> = {
  LookupEvents: {
    effect: 'activity',
    serve(call) {
      const { world, region, input, now } = call
      const [from, to] = [seconds(input['StartTime'], 0), seconds(input['EndTime'], Number.MAX_SAFE_INTEGER)]
      const wanted = attribute(input['LookupAttributes'])
      const { activityDelayMs } = world.simulation.settings
      const found = [...world.trail, ...consoleEvents(world)]
        .filter(
          (event) =>
            event.region === region &&
            event.at >= from &&
            event.at <= to &&
            event.at + activityDelayMs <= now &&
            wanted(event),
        )
        .toSorted((a, b) => a.at - b.at)
        .toReversed()
      const start = Number(input['NextToken'] ?? 0)
      const size = Math.min(Number(input['MaxResults'] ?? PAGE), PAGE)
      return {
        Events: found.slice(start, start + size).map((event) => summary(call, event)),
        ...(start + size < found.length ? { NextToken: String(start + size) } : {}),
      }
    },
  },
}

function seconds(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value * 1_000 : otherwise
}

/** One attribute at most, as the service takes them. */
function attribute(value: unknown): (event: TrailEvent) => boolean {
  if (!Array.isArray(value) || value.length === 0) return () => true
  if (value.length > 1) throw new AwsError('InvalidLookupAttributesException', 'Only one lookup attribute is allowed.')
  const [{ AttributeKey: key, AttributeValue: wanted }] = value as {
    AttributeKey?: string
    AttributeValue?: string
  }[] as [{ AttributeKey?: string; AttributeValue?: string }]
  switch (key) {
    case 'EventSource':
      return ({ source }) => source === wanted
    case 'EventName':
      return ({ name }) => name === wanted
    case 'ReadOnly':
      return ({ readOnly }) => String(readOnly) === wanted
    case 'ResourceName':
      return ({ resources }) => resources.some(({ name }) => name === wanted)
    case 'EventId':
      return ({ id }) => id === wanted
    default:
      throw new AwsError('InvalidLookupAttributesException', `The attribute ${key} is not looked up by this server.`)
  }
}

/** What each deed in the console is called by RDS. */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  create: 'CreateDBInstance',
  update: 'ModifyDBInstance',
  remove: 'DeleteDBInstance',
  snapshot: 'CreateDBSnapshot',
  stop: 'StopDBInstance',
  start: 'StartDBInstance',
}

function consoleEvents(world: AwsWorld): readonly TrailEvent[] {
  return world.simulation.world.activity.flatMap((entry) => {
    const name = EVENT_NAMES[entry.operation.replace(/^sql-instance\./, '')]
    // What came over the wire carries its request's id and is in the trail already.
    return name === undefined || entry.idempotencyKey !== undefined ? [] : [consoleEvent(entry, name)]
  })
}

function consoleEvent({ id, at, ref, principal, properties }: ActivityEntry, name: string): TrailEvent {
  return {
    id,
    at: Date.parse(at),
    source: 'rds.amazonaws.com',
    name,
    region: ref.region ?? '',
    principal: principal.type === 'provider' ? 'aws' : { type: 'user', name: principal.id },
    sourceIpAddress: '203.0.113.7',
    userAgent: 'AWS Console',
    readOnly: false,
    request: { dBInstanceIdentifier: ref.name, ...parameters(properties ?? []) },
    resources: [{ type: 'AWS::RDS::DBInstance', name: ref.name }],
  }
}

const PARAMETERS: Readonly<Record<string, string>> = {
  'backup.retentionDays': 'backupRetentionPeriod',
  deletionProtection: 'deletionProtection',
  tier: 'dBInstanceClass',
  'storage.gib': 'allocatedStorage',
  availability: 'multiAZ',
  engineVersion: 'engineVersion',
  'network.publicAccess': 'publiclyAccessible',
  'backup.window': 'preferredBackupWindow',
  'maintenance.window': 'preferredMaintenanceWindow',
}

/** The record of the fake cloud has the names of what was set, and no values. */
function parameters(properties: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    properties.flatMap((property) => {
      const parameter = PARAMETERS[property]
      return parameter === undefined ? [] : [[parameter, 'not recorded']]
    }),
  )
}

function summary({ world }: JsonCall, event: TrailEvent): object {
  const { principal } = event
  return {
    EventId: event.id,
    EventName: event.name,
    ReadOnly: String(event.readOnly),
    EventTime: event.at / 1_000,
    EventSource: event.source,
    ...(principal === 'aws' ? {} : { Username: principal.type === 'user' ? principal.name : principal.session }),
    Resources: event.resources.map(({ type, name }) => ({ ResourceType: type, ResourceName: name })),
    CloudTrailEvent: JSON.stringify(record(accountOf(world), event)),
  }
}

function record(account: string, event: TrailEvent): object {
  const at = new Date(event.at - (event.at % 1_000)).toISOString().replace('.000Z', 'Z')
  return {
    eventVersion: '1.11',
    userIdentity: identity(account, event),
    eventTime: at,
    eventSource: event.source,
    eventName: event.name,
    awsRegion: event.region,
    sourceIPAddress: event.sourceIpAddress,
    userAgent: event.userAgent,
    ...(event.error === undefined ? {} : { errorCode: event.error.code, errorMessage: event.error.message }),
    requestParameters: event.request,
    responseElements: null,
    eventID: event.id,
    readOnly: event.readOnly,
    eventType: event.principal === 'aws' ? 'AwsServiceEvent' : 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
  }
}

function identity(account: string, { principal }: TrailEvent): object {
  if (principal === 'aws') return { type: 'AWSService', invokedBy: 'rds.amazonaws.com' }
  const arn = principalArn(account, principal)
  if (principal.type === 'user') return { type: 'IAMUser', arn, accountId: account, userName: principal.name }
  const role = {
    type: 'Role',
    arn: `arn:aws:iam::${account}:role/${principal.role}`,
    accountId: account,
    userName: principal.role,
  }
  return { type: 'AssumedRole', arn, accountId: account, sessionContext: { sessionIssuer: role } }
}
