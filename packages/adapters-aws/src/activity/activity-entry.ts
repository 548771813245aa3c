import type { ActivityEntry, ProviderRef } from '@infraledger/core/adapter'
import { RDS_SETTINGS } from '../changing/settings.ts'
import { isMark } from '../marks.ts'
import { mapKey } from '../rds/map-key.ts'
import { isCaller, principalOf } from './principal.ts'
import { accountOf, textIn } from './trail-record.ts'
import type { TrailRecord } from './trail-record.ts'

/** What the adapter's own calls say in their user agent: the digest of the key under which they were made. */
export const KEY_IN_USER_AGENT = /\binfraledger-key\/([0-9a-f]{16})\b/

/**
 * What a record of CloudTrail tells of a database, or of what belongs to one; undefined for readings and for other things.
 *
 * @param own ARN of the adapter's own identity: a call that says to be the ledger's is believed only of that one
 */
export function activityEntry(record: TrailRecord, own?: string): ActivityEntry | undefined {
  if (record.eventSource !== 'rds.amazonaws.com' || isReading(record)) return undefined
  const ref = refOf(record)
  if (ref === undefined) return undefined
  const { errorCode, userAgent, sourceIPAddress, userIdentity } = record
  const properties = errorCode === undefined ? propertiesSet(record) : []
  const key = own !== undefined && isCaller(record, own) ? KEY_IN_USER_AGENT.exec(userAgent ?? '')?.[1] : undefined
  return {
    id: record.eventID,
    at: new Date(record.eventTime).toISOString(),
    ref,
    operation: record.eventName,
    principal: principalOf(record),
    ...(properties === undefined ? {} : { properties }),
    ...(userAgent === undefined ? {} : { tool: userIdentity.invokedBy ?? userAgent }),
    ...(sourceIPAddress === undefined ? {} : { sourceAddress: sourceIPAddress }),
    ...(errorCode === undefined ? {} : { refused: errorCode }),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  }
}

function isReading({ readOnly, eventName }: TrailRecord): boolean {
  return readOnly ?? /^(?:Describe|List|Get|Download)/.test(eventName)
}

/** Which parameter names what a call is about, most particular first, and what type that is. */
const ABOUT: readonly (readonly [parameter: string, type: string])[] = [
  ['dBSnapshotIdentifier', 'aws_db_snapshot'],
  ['targetDBInstanceIdentifier', 'rds-instance'],
  ['dBInstanceIdentifier', 'rds-instance'],
  ['dBClusterIdentifier', 'rds-cluster'],
  ['dBSubnetGroupName', 'aws_db_subnet_group'],
  ['dBParameterGroupName', 'aws_db_parameter_group'],
]

/** The types of the ARNs that tags are put on. */
const ARN_TYPES: Readonly<Record<string, string>> = {
  db: 'rds-instance',
  cluster: 'rds-cluster',
  snapshot: 'aws_db_snapshot',
  subgrp: 'aws_db_subnet_group',
  pg: 'aws_db_parameter_group',
}

function refOf(record: TrailRecord): ProviderRef | undefined {
  const { requestParameters: asked, responseElements: answered } = record
  const place = placeOf(record)
  const tagged = arnParts(textIn(asked, 'resourceName'))
  if (tagged !== undefined) return { ...place, ...tagged }
  for (const [parameter, type] of ABOUT) {
    const said = textIn(asked, parameter)
    if (said === undefined) continue
    const named = arnParts(said) ?? { type, name: said.toLowerCase() }
    const id = type === 'rds-instance' ? textIn(answered, 'dbiResourceId') : arnIn(type, answered)
    return { ...place, ...named, ...(id === undefined ? {} : { id }) }
  }
  return undefined
}

/** What has no id but its ARN is known by that. */
function arnIn(type: string, answered: TrailRecord['responseElements']): string | undefined {
  if (type === 'rds-cluster') return textIn(answered, 'dbClusterResourceId')
  return textIn(answered, type === 'aws_db_snapshot' ? 'dBSnapshotArn' : 'dBSubnetGroupArn')
}

/** The account and region of a record. */
export function placeOf(record: TrailRecord): Pick<ProviderRef, 'provider' | 'account' | 'region'> {
  const account = accountOf(record)
  return { provider: 'aws', region: record.awsRegion, ...(account === undefined ? {} : { account }) }
}

function arnParts(arn: string | undefined): { readonly type: string; readonly name: string } | undefined {
  const match = /^arn:aws[a-z-]*:rds:[^:]*:[^:]*:([a-z-]+):(.+)$/.exec(arn ?? '')
  const type = ARN_TYPES[match?.[1] ?? '']
  return type === undefined || match?.[2] === undefined ? undefined : { type, name: match[2] }
}

/** Properties by the parameter of ModifyDBInstance that sets them, as CloudTrail writes it. */
const SET_BY: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...Object.entries(RDS_SETTINGS).flatMap(([property, { onModify }]) =>
    onModify === undefined ? [] : [[inCamelCase(onModify), [property]] as const],
  ),
  ['backupRetentionPeriod', ['backup.retentionDays', 'backup.pointInTimeRecovery']],
  ['multiAZ', ['availability']],
  ['publiclyAccessible', ['network.publicAccess', 'provider.publicly_accessible']],
  ['masterUserPassword', ['masterPassword']],
  ['manageMasterUserPassword', ['provider.manage_master_user_password', 'provider.master_user_secret_arn']],
  ['cloudwatchLogsExportConfiguration', ['provider.enabled_cloudwatch_logs_exports']],
  ['newDBInstanceIdentifier', ['provider.identifier']],
])

/** What a call set, where its parameters tell; undefined where it may have set anything. */
function propertiesSet({ eventName, requestParameters: asked }: TrailRecord): readonly string[] | undefined {
  if (asked === null || asked === undefined) return undefined
  switch (eventName) {
    case 'ModifyDBInstance':
    case 'ModifyDBCluster':
      return Object.keys(asked).flatMap((parameter) => SET_BY.get(parameter) ?? [])
    case 'AddTagsToResource':
      return tagKeys(asked['tags']).flatMap((key) => (isMark(key) ? [] : [mapKey('labels', key)]))
    case 'RemoveTagsFromResource':
      return tagKeys(asked['tagKeys']).map((key) => mapKey('labels', key))
    case 'ModifyDBSnapshotAttribute':
      return ['shared_accounts']
    case 'StartDBInstance':
    case 'StopDBInstance':
    case 'RebootDBInstance':
    case 'DeleteDBInstance':
    case 'CreateDBSnapshot':
    case 'DeleteDBSnapshot':
      return []
    default:
      return undefined
  }
}

function tagKeys(tags: unknown): readonly string[] {
  if (!Array.isArray(tags)) return []
  return tags.flatMap((tag: unknown) => {
    if (typeof tag === 'string') return [tag]
    const key: unknown = typeof tag === 'object' && tag !== null && 'key' in tag ? tag.key : undefined
    return typeof key === 'string' ? [key] : []
  })
}

/** `DBInstanceClass` is `dBInstanceClass` in CloudTrail. */
function inCamelCase(parameter: string): string {
  return `${parameter.charAt(0).toLowerCase()}${parameter.slice(1)}`
}
