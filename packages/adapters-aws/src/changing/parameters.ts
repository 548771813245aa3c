import type { CreateDBInstanceCommandInput, ModifyDBInstanceCommandInput, Tag } from '@aws-sdk/client-rds'
import { isSecretReference } from '@infraledger/core/adapter'
import type { CreateRequest, JsonValue, Properties } from '@infraledger/core/adapter'
import { refused } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import { OTHER_IMPACTS, RDS_SETTINGS } from './settings.ts'

/** What an instance is made with where neither the model nor the kind says. */
export type CreationDefaults = {
  /** RDS has no default of its own. Default `db.m6g.large`: 2 vCPU, 8 GiB, not burstable. */
  readonly tier?: string
  /** Default 20, the least that RDS takes of gp3. */
  readonly storageGib?: number
  /** Default gp3. */
  readonly storageType?: string
  /** Default `dbadmin`: `admin` and `postgres` are reserved by one engine or another. */
  readonly masterUsername?: string
  /** Where instances live: default the VPC's own default group, which is rarely what one wants. */
  readonly subnetGroup?: string
  readonly securityGroups?: readonly string[]
  readonly parameterGroup?: string
  readonly kmsKey?: string
  /** Tags on everything that is made. */
  readonly tags?: Readonly<Record<string, string>>
}

type Said = Record<string, JsonValue>

/** What CreateDBInstance is asked for: every safe default explicitly, for RDS's own are one day of backups, no protection, no encryption. */
export function creationParameters(
  request: CreateRequest,
  defaults: CreationDefaults,
  attempt: AwsAttempt,
): CreateDBInstanceCommandInput {
  const wanted: Properties = { ...safeDefaults(defaults), ...request.properties }
  const said: Said = {}
  for (const [property, value] of Object.entries(wanted)) {
    const setting = Object.hasOwn(RDS_SETTINGS, property) ? RDS_SETTINGS[property] : undefined
    if (setting?.onCreate !== undefined) said[setting.onCreate] = checked(property, value, setting.form, attempt)
    else if (!property.startsWith('labels["')) Object.assign(said, special(property, value, wanted, attempt))
  }
  const groups = request.dependencies.filter(({ kind }) => kind === 'aws_security_group').map(({ ref }) => ref.name)
  if (groups.length > 0) said['VpcSecurityGroupIds'] ??= groups
  const subnets = request.dependencies.find(({ kind }) => kind === 'aws_db_subnet_group')
  if (subnets !== undefined && request.properties['provider.db_subnet_group_name'] === undefined)
    said['DBSubnetGroupName'] = subnets.ref.name
  if (wanted['masterPassword'] === undefined) said['ManageMasterUserPassword'] ??= true
  // The SDK's input type names each parameter; the table above names the same ones, which the service checks.
  return { ...(said as unknown as CreateDBInstanceCommandInput), Tags: tagsIn(wanted, defaults.tags ?? {}) }
}

function safeDefaults(defaults: CreationDefaults): Properties {
  return {
    engine: 'postgres',
    tier: defaults.tier ?? 'db.m6g.large',
    'storage.gib': defaults.storageGib ?? 20,
    'provider.storage_type': defaults.storageType ?? 'gp3',
    availability: 'regional',
    'backup.retentionDays': 7,
    deletionProtection: true,
    'network.publicAccess': false,
    'encryption.atRest': true,
    'provider.copy_tags_to_snapshot': true,
    'provider.username': defaults.masterUsername ?? 'dbadmin',
    ...(defaults.subnetGroup === undefined ? {} : { 'provider.db_subnet_group_name': defaults.subnetGroup }),
    ...(defaults.securityGroups === undefined ? {} : { 'provider.vpc_security_group_ids': defaults.securityGroups }),
    ...(defaults.parameterGroup === undefined ? {} : { 'provider.parameter_group_name': defaults.parameterGroup }),
    ...(defaults.kmsKey === undefined ? {} : { 'provider.kms_key_id': defaults.kmsKey }),
  }
}

/** What ModifyDBInstance is asked for, for changes that are settings of the instance itself. */
export function modificationParameters(
  changes: Properties,
  current: Properties,
  attempt: AwsAttempt,
): Omit<ModifyDBInstanceCommandInput, 'DBInstanceIdentifier'> {
  const said: Said = {}
  for (const [property, value] of Object.entries(changes)) {
    const setting = Object.hasOwn(RDS_SETTINGS, property) ? RDS_SETTINGS[property] : undefined
    if (setting !== undefined && setting.onModify === undefined)
      throw refused(attempt, `${property} cannot be changed after creation`, 'unsupported')
    if (setting?.onModify !== undefined) said[setting.onModify] = checked(property, value, setting.form, attempt)
    else if (property === 'provider.enabled_cloudwatch_logs_exports')
      Object.assign(said, logExports(value, current[property]))
    else if (!property.startsWith('labels["'))
      Object.assign(said, special(property, value, { ...current, ...changes }, attempt))
  }
  // As above.
  return said
}

function special(property: string, value: JsonValue, wanted: Properties, attempt: AwsAttempt): Said {
  switch (property) {
    case 'availability':
      if (value !== 'regional' && value !== 'zonal')
        throw refused(attempt, `availability is regional or zonal, not ${JSON.stringify(value)}`)
      return { MultiAZ: value === 'regional' }
    case 'backup.pointInTimeRecovery':
      return pointInTimeRecovery(value, wanted, attempt)
    case 'provider.enabled_cloudwatch_logs_exports':
      return { EnableCloudwatchLogsExports: checked(property, value, 'texts', attempt) }
    case 'provider.manage_master_user_password':
      return { ManageMasterUserPassword: value === true }
    case 'masterPassword':
      if (isSecretReference(value))
        throw refused(
          attempt,
          'masterPassword is a reference, and its value is not known here; leave it out, and RDS keeps a password in Secrets Manager',
          'unsupported',
        )
      return { MasterUserPassword: checked(property, value, 'text', attempt) }
    case 'replicaOf':
      throw refused(attempt, 'a replica is made with databases.createReplica, not by a property', 'unsupported')
    default:
      throw refused(attempt, notSet(property), 'unsupported')
  }
}

function notSet(property: string): string {
  if (property.startsWith('parameters'))
    return `${property} is one of the parameter group's; set it there, and name the group in provider.parameter_group_name`
  if (property === 'network.tlsRequired')
    return 'network.tlsRequired is a parameter of the parameter group (rds.force_ssl, require_secure_transport); set it there'
  const known = [...Object.keys(RDS_SETTINGS), ...Object.keys(OTHER_IMPACTS)].filter(
    (name) => !name.startsWith('provider.'),
  )
  return `this adapter does not set ${property} at RDS; it sets ${known.join(', ')} and most of provider.*`
}

/** RDS has no switch for it: it is on exactly while there are automated backups (RDS User Guide, "Introduction to backups"). */
function pointInTimeRecovery(value: JsonValue, wanted: Properties, attempt: AwsAttempt): Said {
  const days = wanted['backup.retentionDays']
  if (days === undefined || value === Number(days) > 0) return {}
  throw refused(
    attempt,
    value === true
      ? 'recovery to a point in time comes with automated backups: keep them for a day at least (backup.retentionDays)'
      : 'recovery to a point in time goes only with the automated backups: set backup.retentionDays to 0',
    'unsupported',
  )
}

function logExports(after: JsonValue, before: JsonValue | undefined): Said {
  const [on, off] = [textsIn(after), textsIn(before)]
  return {
    CloudwatchLogsExportConfiguration: {
      EnableLogTypes: on.filter((type) => !off.includes(type)),
      DisableLogTypes: off.filter((type) => !on.includes(type)),
    },
  }
}

function textsIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function checked(
  property: string,
  value: JsonValue,
  form: 'text' | 'whole' | 'flag' | 'texts',
  attempt: AwsAttempt,
): JsonValue {
  const isRight =
    form === 'text'
      ? typeof value === 'string'
      : form === 'whole'
        ? Number.isInteger(value)
        : form === 'flag'
          ? typeof value === 'boolean'
          : Array.isArray(value)
  if (isRight) return value
  throw refused(attempt, `${property} cannot be ${JSON.stringify(value)} at RDS`)
}

/** The labels among properties as tags, beside those that are always set. */
export function tagsIn(properties: Properties, always: Readonly<Record<string, string>>): Tag[] {
  const tags = new Map(Object.entries(always))
  for (const [property, value] of Object.entries(properties)) {
    const key = labelIn(property)
    if (key !== undefined && value !== null) tags.set(key, labelText(value))
  }
  return [...tags].map(([Key, Value]) => ({ Key, Value }))
}

/** The tag of a property such as `labels["team"]`. */
export function labelIn(property: string): string | undefined {
  if (!property.startsWith('labels["') || !property.endsWith('"]')) return undefined
  const key: unknown = JSON.parse(property.slice('labels['.length, -1))
  return typeof key === 'string' ? key : undefined
}

/** The value of a label as a tag has it. */
export function labelText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
