import type { JsonValue, Properties } from '@infraledger/core/adapter'
import { DEFAULT_WINDOW, parseMaintenanceWindow } from '../maintenance-window.ts'
import type { FakeResource } from '../world.ts'
import { genericBehaviour } from './behaviour.ts'
import type { KindBehaviour } from './behaviour.ts'
import { compareVersions, fullVersion } from './engine-version.ts'

const MINUTE = 60_000
/** RDS keeps transaction logs every five minutes (RDS User Guide, "Restoring a DB instance to a specified time"). */
const RESTORABLE_STEP_MS = 5 * MINUTE
/** RDS CreateDBInstance, `BackupRetentionPeriod`: 0 to 35. */
const LONGEST_RETENTION_DAYS = 35

/**
 * A managed SQL server, modelled after RDS; texts in brackets name the member of the RDS API (2014-10-31) that says so.
 * The provider's own defaults are weak, as RDS's are: one day of backups [CreateDBInstance BackupRetentionPeriod], no deletion
 * protection [DeletionProtection], not encrypted [StorageEncrypted].
 */
export const sqlInstanceBehaviour: KindBehaviour = {
  ...genericBehaviour,
  createMs: 5 * MINUTE,
  firstBackupMs: 2 * MINUTE,
  snapshotMs: 3 * MINUTE,
  modifyMs: 30_000,
  interruptMs: 8 * MINUTE,
  removeMs: 4 * MINUTE,
  defaults: {
    engine: 'postgres',
    tier: 'small',
    availability: 'zonal',
    'storage.gib': 20,
    'backup.retentionDays': 1,
    'backup.window': '01:00-01:30',
    deletionProtection: false,
    'network.publicAccess': false,
    'network.tlsRequired': false,
    'encryption.atRest': false,
    'maintenance.window': DEFAULT_WINDOW,
  },
  impact: {
    // Settable at creation only.
    engine: 'replace',
    name: 'replace',
    'encryption.atRest': 'replace',
    // "Changing this parameter results in an outage" [ModifyDBInstance EngineVersion].
    engineVersion: 'downtime',
    // "applied during the next maintenance window, unless you specify ApplyImmediately" [ModifyDBInstance DBInstanceClass].
    tier: 'maintenance-window',
    // RDS says no outage [ModifyDBInstance MultiAZ], Cloud SQL may restart; this cloud is the cautious one.
    availability: 'downtime',
    // Static parameters wait for a reboot [ModifyDBInstance DBParameterGroupName].
    parameters: 'restart',
    // Applied while it runs [ModifyDBInstance AllocatedStorage, PubliclyAccessible, DeletionProtection, PreferredBackupWindow].
    'storage.gib': 'online',
    'network.publicAccess': 'online',
    deletionProtection: 'online',
    'backup.retentionDays': 'online',
    'backup.window': 'online',
    'maintenance.window': 'online',
    labels: 'online',
  },
  lastCopy: 'final-snapshot',
  maps: ['labels', 'parameters'],
  growthOnly: ['storage.gib'],
  secrets: ['masterPassword'],
  // A replica blocks the removal of its source; databases and users live in the instance.
  dependents: { 'sql-database': 'removed-too', 'sql-credential': 'removed-too', 'sql-instance': 'blocks' },
  nowAppliesAll: true,
  complete,
  problem,
  // "These changes are applied during the next maintenance window" from and to 0, else at once [BackupRetentionPeriod].
  alsoWaits: (property, wanted, current) => isAboutBackups(property) && switchesBackups(wanted, current),
  outputs,
}

function complete(wanted: Properties, current: Properties): Properties {
  const engine = wanted['engine'] ?? current['engine'] ?? 'postgres'
  const version = wanted['engineVersion'] ?? (current['engineVersion'] === undefined ? null : undefined)
  const retention = wanted['backup.retentionDays'] ?? current['backup.retentionDays']
  const switched = current['backup.retentionDays'] === undefined || switchesBackups(wanted, current)
  return {
    ...wanted,
    ...(version === undefined ? {} : { engineVersion: fullVersion(engine, version, current['engineVersion']) }),
    // 0 days "disables automated backups" and with them restoring to a point in time; any other number enables both.
    ...(switched && wanted['backup.pointInTimeRecovery'] === undefined
      ? { 'backup.pointInTimeRecovery': retention !== 0 }
      : {}),
  }
}

function problem(wanted: Properties, current: Properties): string | undefined {
  const after = { ...current, ...wanted }
  const days = after['backup.retentionDays']
  const [version, before] = [wanted['engineVersion'], current['engineVersion']]
  if (typeof days !== 'number' || !Number.isInteger(days) || days < 0 || days > LONGEST_RETENTION_DAYS) {
    return `backup.retentionDays must be a whole number from 0 to ${LONGEST_RETENTION_DAYS}, not ${JSON.stringify(days)}`
  }
  if (days === 0 && after['backup.pointInTimeRecovery'] === true)
    return 'point-in-time recovery needs backups: keep them for a day at least'
  if (after['availability'] !== 'regional' && after['availability'] !== 'zonal')
    return 'availability must be regional or zonal'
  if (parseMaintenanceWindow(after['maintenance.window']) === undefined) {
    return 'maintenance.window must be of the form sun:03:00-sun:04:00 (UTC) and 30 minutes long at least'
  }
  if (typeof version === 'string' && typeof before === 'string' && compareVersions(version, before) < 0) {
    return `engineVersion cannot go back from ${before} to ${version}`
  }
  return undefined
}

function isAboutBackups(property: string): boolean {
  return property === 'backup.retentionDays' || property === 'backup.pointInTimeRecovery'
}

function switchesBackups(wanted: Properties, current: Properties): boolean {
  const [after, before] = [wanted['backup.retentionDays'], current['backup.retentionDays']]
  return after !== undefined && (after === 0) !== (before === 0)
}

function outputs(resource: FakeResource, now: number): Properties {
  const made = !['creating', 'failed'].includes(resource.status)
  const restorable = made && resource.properties['backup.pointInTimeRecovery'] === true
  return {
    ...genericBehaviour.outputs(resource, now),
    'provider.endpoint': made
      ? `${resource.name}.${resource.id.slice(-8).toLowerCase()}.${resource.region}.fake.invalid`
      : null,
    'provider.latestRestorableTime': restorable ? restorableTime(resource, now) : null,
  }
}

function restorableTime(resource: FakeResource, now: number): JsonValue {
  return new Date(Math.max(resource.createdAt, now - (now % RESTORABLE_STEP_MS))).toISOString()
}
