import { isJsonArray } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import { attributeAt, flagAt, isAttributes, numberAt, textAt } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import type { TypeTranslation } from './type-translation.ts'

/**
 * RDS instances. Sources: the provider's reference of `aws_db_instance`; RDS API, "DBInstance". The names under `provider.*` are those
 * that the AWS adapter gives the same values when it reads the API.
 *
 * - Point-in-time recovery is on exactly while backups are kept (RDS User Guide, "Introduction to backups").
 * - `engine_version` is what was asked for ("15"); `engine_version_actual` what runs ("15.4").
 * - `tags_all` has the provider's default tags too, as the API does.
 */
export const awsDbInstance: TypeTranslation = {
  kind: 'sql-instance',
  prepare,
  neutral: {
    engine: { to: 'engine', as: 'text' },
    instance_class: { to: 'tier', as: 'text' },
    allocated_storage: { to: 'storage.gib', as: 'number' },
    backup_retention_period: { to: 'backup.retentionDays', as: 'number' },
    backup_window: { to: 'backup.window', as: 'text' },
    deletion_protection: { to: 'deletionProtection', as: 'flag' },
    publicly_accessible: { to: 'network.publicAccess', as: 'flag' },
    storage_encrypted: { to: 'encryption.atRest', as: 'flag' },
    maintenance_window: { to: 'maintenance.window', as: 'text' },
    password: { to: 'masterPassword', as: 'secret' },
  },
  labels: ['tags_all', 'tags'],
  derive(attributes) {
    const regional = flagAt(attributes, 'multi_az')
    const retentionDays = numberAt(attributes, 'backup_retention_period')
    const version = textAt(attributes, 'engine_version_actual') ?? textAt(attributes, 'engine_version')
    return {
      properties: {
        engineVersion: version,
        availability: regional === undefined ? undefined : AVAILABILITY[`${regional}`],
        'backup.pointInTimeRecovery': retentionDays === undefined ? undefined : retentionDays > 0,
      },
      said: ['engine_version', 'engine_version_actual', ...(regional === undefined ? [] : ['multi_az'])],
    }
  },
  derivedFrom: {
    engineVersion: ['engine_version', 'engine_version_actual'],
    availability: ['multi_az'],
    'backup.pointInTimeRecovery': ['backup_retention_period'],
  },
  identity(attributes) {
    const name = textAt(attributes, 'identifier') ?? textAt(attributes, 'id')
    const id = textAt(attributes, 'resource_id')
    if (name === undefined || (id === undefined && textAt(attributes, 'arn') === undefined)) return undefined
    return { type: 'rds-instance', name, ...(id === undefined ? {} : { id }) }
  },
}

const AVAILABILITY = { true: 'regional', false: 'zonal' } as const

/** True of a moment or of the tool only: `id` is the identifier or the resource id, by the provider's version. */
const LEFT_OUT = new Set(['id', 'status', 'latest_restorable_time'])
/** Counts of which 0 says "none". */
const ZERO_IS_NONE = new Set([
  'iops',
  'storage_throughput',
  'max_allocated_storage',
  'performance_insights_retention_period',
])
/** Lists whose order means nothing. */
const SETS = new Set(['enabled_cloudwatch_logs_exports', 'replicas', 'security_group_names', 'vpc_security_group_ids'])

/** Terraform writes "not set" as null, empty text, zero or an empty list, by attribute and version: all of them are left out. */
function prepare(attributes: Attributes): Attributes {
  const found: Record<string, JsonValue> = {}
  for (const [name, value] of Object.entries(attributes)) {
    const unset =
      value === null ||
      value === '' ||
      (isJsonArray(value) && value.length === 0) ||
      (value === 0 && ZERO_IS_NONE.has(name))
    if (!unset && !LEFT_OUT.has(name)) found[name] = SETS.has(name) ? sorted(value) : value
  }
  // The database's name was `name` before version 4 of the provider.
  if ('name' in found && !('db_name' in found)) {
    found['db_name'] = found['name'] ?? null
    delete found['name']
  }
  return withMasterUserSecret(found)
}

/** The secret that RDS keeps the password in: its ARN and key are references, and its status is of the moment. */
function withMasterUserSecret(attributes: Attributes): Attributes {
  const { master_user_secret: secret, ...rest } = attributes
  if (secret === undefined) return attributes
  const arn = attributeAt(attributes, 'master_user_secret.secret_arn')
  const key = attributeAt(attributes, 'master_user_secret.kms_key_id')
  if (!isJsonArray(secret) || !isAttributes(secret[0])) return attributes
  return {
    ...rest,
    ...(typeof arn === 'string' ? { master_user_secret_arn: arn } : {}),
    ...(typeof key === 'string' ? { master_user_secret_kms_key_id: key } : {}),
  }
}

function sorted(value: JsonValue): JsonValue {
  return isJsonArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value
}
