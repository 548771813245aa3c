import { z } from 'zod'
import type { ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { marksOf } from '../marks.ts'
import { given } from './given.ts'
import { backups, labels } from './neutral-properties.ts'
import { isBroken, isSettled } from './settled-status.ts'

const text = z.string().optional()
const flag = z.boolean().optional()
const count = z.number().int().optional()

/** The members of an RDS `DBCluster` that are read; others are let through and not used. */
export const dbClusterSchema = z.looseObject({
  DBClusterIdentifier: z.string().min(1),
  DbClusterResourceId: text,
  DBClusterArn: text,
  Status: text,
  Engine: text,
  EngineVersion: text,
  EngineMode: text,
  MultiAZ: flag,
  AllocatedStorage: count,
  BackupRetentionPeriod: count,
  PreferredBackupWindow: text,
  PreferredMaintenanceWindow: text,
  DeletionProtection: flag,
  StorageEncrypted: flag,
  PubliclyAccessible: flag,
  DBClusterInstanceClass: text,
  DBClusterParameterGroup: text,
  DBSubnetGroup: text,
  DatabaseName: text,
  MasterUsername: text,
  Port: count,
  Endpoint: text,
  ReaderEndpoint: text,
  IAMDatabaseAuthenticationEnabled: flag,
  CopyTagsToSnapshot: flag,
  KmsKeyId: text,
  DBClusterMembers: z.array(z.looseObject({ DBInstanceIdentifier: text, IsClusterWriter: flag })).optional(),
  VpcSecurityGroups: z.array(z.looseObject({ VpcSecurityGroupId: z.string() })).optional(),
  EnabledCloudwatchLogsExports: z.array(z.string()).optional(),
  TagList: z.array(z.looseObject({ Key: z.string(), Value: z.string().default('') })).optional(),
  PendingModifiedValues: z
    .looseObject({ EngineVersion: text, BackupRetentionPeriod: count, AllocatedStorage: count })
    .optional(),
})

export type DbCluster = z.infer<typeof dbClusterSchema>

const VOLATILE = ['provider.endpoint', 'provider.reader_endpoint', 'provider.writer'] as const

/**
 * What RDS said of one cluster (Aurora, or Multi-AZ of three instances), as a `sql-instance` whose members are the instances that depend
 * on it. Aurora keeps six copies in three zones whatever its members (Aurora User Guide, "Amazon Aurora storage"), so it is regional
 * where it has members in more than one zone, as `MultiAZ` says; the storage of Aurora grows by itself and is not told.
 */
export function dbClusterObservation(cluster: DbCluster): ResourceObservation {
  const status = cluster.Status ?? 'unknown'
  const { idempotencyKey } = marksOf(cluster.TagList)
  const properties = propertiesOf(cluster)
  return {
    ref: dbClusterRef(cluster),
    kind: 'sql-instance',
    properties,
    volatile: VOLATILE.filter((property) => Object.hasOwn(properties, property)),
    completeMaps: cluster.TagList === undefined ? [] : ['labels'],
    deferred: deferredOf(cluster),
    status,
    settled: cluster.Status === undefined || isSettled(status),
    ...(isBroken(status) ? { failure: `RDS gave it the status ${status}` } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
}

function propertiesOf(cluster: DbCluster): ResourceObservation['properties'] {
  const members = cluster.DBClusterMembers ?? []
  return {
    ...given({
      engine: cluster.Engine,
      engineVersion: cluster.EngineVersion,
      tier: cluster.DBClusterInstanceClass,
      availability: cluster.MultiAZ === undefined ? undefined : cluster.MultiAZ ? 'regional' : 'zonal',
      'storage.gib': isAurora(cluster) ? undefined : cluster.AllocatedStorage,
      'backup.window': cluster.PreferredBackupWindow,
      deletionProtection: cluster.DeletionProtection,
      'encryption.atRest': cluster.StorageEncrypted,
      'maintenance.window': cluster.PreferredMaintenanceWindow?.toLowerCase(),
      'provider.identifier': cluster.DBClusterIdentifier,
      'provider.arn': cluster.DBClusterArn,
      'provider.resource_id': cluster.DbClusterResourceId,
      'provider.engine_mode': cluster.EngineMode,
      'provider.parameter_group_name': cluster.DBClusterParameterGroup,
      'provider.db_subnet_group_name': cluster.DBSubnetGroup,
      'provider.db_name': cluster.DatabaseName,
      'provider.username': cluster.MasterUsername,
      'provider.port': cluster.Port,
      'provider.endpoint': cluster.Endpoint,
      'provider.reader_endpoint': cluster.ReaderEndpoint,
      'provider.iam_database_authentication_enabled': cluster.IAMDatabaseAuthenticationEnabled,
      'provider.copy_tags_to_snapshot': cluster.CopyTagsToSnapshot,
      'provider.kms_key_id': cluster.KmsKeyId,
      'provider.members': members.flatMap((member) => member.DBInstanceIdentifier ?? []).toSorted(),
      'provider.writer': members.find((member) => member.IsClusterWriter === true)?.DBInstanceIdentifier,
      'provider.vpc_security_group_ids': cluster.VpcSecurityGroups?.map((group) => group.VpcSecurityGroupId).toSorted(),
      'provider.enabled_cloudwatch_logs_exports': (cluster.EnabledCloudwatchLogsExports ?? []).toSorted(),
    }),
    ...backups(cluster.BackupRetentionPeriod),
    ...labels(cluster),
  }
}

function isAurora({ Engine: engine = '' }: DbCluster): boolean {
  return /^(?:aurora|docdb|neptune)/.test(engine)
}

function deferredOf({ PendingModifiedValues: pending }: DbCluster): ResourceObservation['deferred'] {
  if (pending === undefined) return {}
  return {
    ...given({ engineVersion: pending.EngineVersion, 'storage.gib': pending.AllocatedStorage }),
    ...backups(pending.BackupRetentionPeriod),
  }
}

/** `arn:aws:rds:<region>:<account>:cluster:<identifier>`; `DbClusterResourceId` is the cluster's for life. */
function dbClusterRef(cluster: DbCluster): ProviderRef {
  const [, , , region, account] = (cluster.DBClusterArn ?? '').split(':')
  return {
    provider: 'aws',
    type: 'rds-cluster',
    name: cluster.DBClusterIdentifier,
    ...(account === undefined || account === '' ? {} : { account }),
    ...(region === undefined || region === '' ? {} : { region }),
    ...(cluster.DbClusterResourceId === undefined ? {} : { id: cluster.DbClusterResourceId }),
  }
}
