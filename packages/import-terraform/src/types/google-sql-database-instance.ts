import { isJsonArray } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import { mapKey } from '../properties/property-key.ts'
import { attributeAt, flagAt, isAttributes, numberAt, textAt } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import { engineOf } from './cloud-sql-version.ts'
import type { Derived, TypeTranslation } from './type-translation.ts'

const BACKUP = 'settings.backup_configuration'
const NETWORK = 'settings.ip_configuration'
const MAINTENANCE = 'settings.maintenance_window'

/**
 * Cloud SQL instances. Sources: the provider's reference of `google_sql_database_instance`; Cloud SQL Admin API, `Settings`.
 *
 * - `settings.deletion_protection_enabled` protects at Google; the flag `deletion_protection` beside `settings` stops Terraform only and
 *   stays under `provider.*`.
 * - Retention counts backups (`COUNT`), not days, so it stays under `provider.*`; only "no automated backups" is translated, as 0 days.
 * - Data is always encrypted at rest (Cloud SQL, "Customer-managed encryption keys"): a key of one's own is `provider.encryption_key_name`.
 * - `settings.version` is a token that grows with each write and is left out.
 * - A deleted instance's name can be used again and there is no id beside it: name and project identify.
 */
export const googleSqlDatabaseInstance: TypeTranslation = {
  kind: 'sql-instance',
  blocks: [
    'settings',
    BACKUP,
    `${BACKUP}.backup_retention_settings`,
    NETWORK,
    MAINTENANCE,
    'settings.location_preference',
    'settings.insights_config',
  ],
  neutral: {
    'settings.tier': { to: 'tier', as: 'text' },
    'settings.deletion_protection_enabled': { to: 'deletionProtection', as: 'flag' },
    [`${NETWORK}.ipv4_enabled`]: { to: 'network.publicAccess', as: 'flag' },
    root_password: { to: 'masterPassword', as: 'secret' },
  },
  labels: ['settings.user_labels'],
  derive(attributes) {
    const parts = [engine, storage, backups, tls, maintenance, flags].map((part) => part(attributes))
    return {
      properties: {
        'encryption.atRest': true,
        ...Object.fromEntries(parts.flatMap((part) => Object.entries(part.properties))),
      },
      said: ['settings.version', ...parts.flatMap((part) => part.said)],
    }
  },
  derivedFrom: {
    'storage.gib': ['settings.disk_size'],
    availability: ['settings.availability_type'],
    'backup.window': [`${BACKUP}.start_time`],
  },
  identity(attributes) {
    const name = textAt(attributes, 'name')
    return name === undefined || textAt(attributes, 'project') === undefined
      ? undefined
      : { type: 'sql-instance', name }
  },
}

const NOTHING: Derived = { properties: {}, said: [] }

function engine(attributes: Attributes): Derived {
  const found = engineOf(textAt(attributes, 'database_version') ?? '')
  if (found === undefined) return NOTHING
  // The edition of SQL Server has no neutral name, so its whole version stays beside.
  return {
    properties: { engine: found.engine, engineVersion: found.version },
    said: found.complete ? ['database_version'] : [],
  }
}

function storage(attributes: Attributes): Derived {
  const gib = numberAt(attributes, 'settings.disk_size')
  const availability = { REGIONAL: 'regional', ZONAL: 'zonal' }[textAt(attributes, 'settings.availability_type') ?? '']
  return {
    properties: { 'storage.gib': gib !== undefined && gib > 0 ? gib : undefined, availability },
    said: ['settings.disk_size', ...(availability === undefined ? [] : ['settings.availability_type'])],
  }
}

/** The backup window is the four hours from `start_time` on (Cloud SQL, "About Cloud SQL backups"). */
function backups(attributes: Attributes): Derived {
  const enabled = flagAt(attributes, `${BACKUP}.enabled`)
  if (enabled === undefined) return NOTHING
  const mysql = textAt(attributes, 'database_version')?.startsWith('MYSQL') === true
  const log =
    flagAt(attributes, `${BACKUP}.${mysql ? 'binary_log_enabled' : 'point_in_time_recovery_enabled'}`) ?? false
  const start = /^(\d\d):(\d\d)$/.exec(textAt(attributes, `${BACKUP}.start_time`) ?? '')
  const end = start === null ? undefined : `${clock(Number(start[1]) + 4).slice(0, 2)}:${start[2]}`
  return {
    properties: {
      'backup.retentionDays': enabled ? undefined : 0,
      'backup.pointInTimeRecovery': enabled && log,
      'backup.window': start === null ? undefined : `${start[0]}-${end}`,
    },
    said: start === null ? [] : [`${BACKUP}.start_time`],
  }
}

/** `ssl_mode` replaced `require_ssl`, which older states still have. */
function tls(attributes: Attributes): Derived {
  const modes: { readonly [mode: string]: boolean } = {
    ALLOW_UNENCRYPTED_AND_ENCRYPTED: false,
    ENCRYPTED_ONLY: true,
    TRUSTED_CLIENT_CERTIFICATE_REQUIRED: true,
  }
  const mode = modes[textAt(attributes, `${NETWORK}.ssl_mode`) ?? '']
  // The mode also tells whether client certificates are asked for, so it stays under `provider.*`.
  return {
    properties: { 'network.tlsRequired': mode ?? flagAt(attributes, `${NETWORK}.require_ssl`) },
    said: [`${NETWORK}.require_ssl`],
  }
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const

/** One hour from `hour` (UTC) on `day`, of which 1 is Monday; no day, or day 0, is any time. */
function maintenance(attributes: Attributes): Derived {
  const day = DAYS[(numberAt(attributes, `${MAINTENANCE}.day`) ?? 0) - 1]
  const hour = numberAt(attributes, `${MAINTENANCE}.hour`)
  if (day === undefined || hour === undefined) return NOTHING
  const endDay = hour === 23 ? DAYS[(DAYS.indexOf(day) + 1) % 7] : day
  return {
    properties: { 'maintenance.window': `${day}:${clock(hour)}-${endDay}:${clock(hour + 1)}` },
    said: [`${MAINTENANCE}.day`, `${MAINTENANCE}.hour`],
  }
}

function clock(hour: number): string {
  return `${String(hour % 24).padStart(2, '0')}:00`
}

function flags(attributes: Attributes): Derived {
  const list = attributeAt(attributes, 'settings.database_flags')
  if (list === undefined || !isJsonArray(list)) return NOTHING
  const properties: Record<string, JsonValue> = {}
  for (const flag of list) {
    const [name, value] = isAttributes(flag) ? [flag['name'], flag['value']] : []
    if (typeof name !== 'string' || typeof value !== 'string') return NOTHING
    properties[mapKey('parameters', name)] = value
  }
  return { properties, said: ['settings.database_flags'] }
}
