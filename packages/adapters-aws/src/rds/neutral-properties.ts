import type { Properties } from '@infraledger/core/adapter'
import type { DbInstance, PendingModifiedValues } from './db-instance-schema.ts'
import { given } from './given.ts'
import { isMark } from '../marks.ts'
import { mapKey } from './map-key.ts'

/**
 * The properties of a `sql-instance` that every cloud has, as RDS answers them.
 *
 * - Point-in-time recovery is on exactly while automated backups are (retention above 0): RDS User Guide, "Introduction to backups".
 * - Members of an Aurora, DocumentDB or Neptune cluster share the cluster's storage and availability: `AllocatedStorage` is always 1
 *   and `MultiAZ` always false there, so neither is translated.
 * - Whether TLS is required is a parameter of the parameter group and not in this answer.
 */
export function neutralProperties(instance: DbInstance): Properties {
  const own = !livesInCluster(instance)
  return {
    ...given({
      engine: instance.Engine,
      engineVersion: instance.EngineVersion,
      tier: instance.DBInstanceClass,
      availability: own ? availability(instance.MultiAZ) : undefined,
      'storage.gib': own && instance.AllocatedStorage !== 0 ? instance.AllocatedStorage : undefined,
      'backup.window': instance.PreferredBackupWindow,
      deletionProtection: instance.DeletionProtection,
      'network.publicAccess': instance.PubliclyAccessible,
      'encryption.atRest': instance.StorageEncrypted,
      'maintenance.window': instance.PreferredMaintenanceWindow?.toLowerCase(),
    }),
    ...backups(instance.BackupRetentionPeriod),
    ...labels(instance),
  }
}

/** The same for what RDS accepted and has put off. `****` is not a password: only that one waits is told. */
export function deferredNeutralProperties(pending: PendingModifiedValues): Properties {
  return {
    ...given({
      engine: pending.Engine,
      engineVersion: pending.EngineVersion,
      tier: pending.DBInstanceClass,
      availability: availability(pending.MultiAZ),
      'storage.gib': pending.AllocatedStorage,
      masterPassword: pending.MasterUserPassword === undefined ? undefined : { $secret: {} },
    }),
    ...backups(pending.BackupRetentionPeriod),
  }
}

function livesInCluster(instance: DbInstance): boolean {
  return instance.DBClusterIdentifier !== undefined && /^(?:aurora|docdb|neptune)/.test(instance.Engine ?? '')
}

function availability(multiAz: boolean | undefined): 'regional' | 'zonal' | undefined {
  if (multiAz === undefined) return undefined
  return multiAz ? 'regional' : 'zonal'
}

/** Days of automated backups, and with them recovery to a point in time. */
export function backups(retentionDays: number | undefined): Properties {
  if (retentionDays === undefined) return {}
  return { 'backup.retentionDays': retentionDays, 'backup.pointInTimeRecovery': retentionDays > 0 }
}

/** Tags as labels. Those whose key begins with `aws:` are the provider's own, nobody can set them; the adapter's marks are none either. */
export function labels({ TagList: tags = [] }: Pick<DbInstance, 'TagList'>): Properties {
  const own = tags.filter((tag) => !tag.Key.startsWith('aws:') && !isMark(tag.Key))
  return Object.fromEntries(own.map((tag) => [mapKey('labels', tag.Key), tag.Value]))
}
