import type { JsonValue, Properties } from '@infraledger/core/adapter'
import type { DbInstance } from './db-instance-schema.ts'
import { given } from './given.ts'
import { mapKey } from './map-key.ts'

/**
 * Members that keep their value under another name. The names are those of Terraform's `aws_db_instance`, so that one instance read
 * through a state and through the API has the same properties; where Terraform has no name, the member's own in snake case.
 */
const RENAMED = [
  ['DBInstanceIdentifier', 'identifier'],
  ['DbiResourceId', 'resource_id'],
  ['DBInstanceArn', 'arn'],
  ['MasterUsername', 'username'],
  ['DBName', 'db_name'],
  ['InstanceCreateTime', 'instance_create_time'],
  ['LatestRestorableTime', 'latest_restorable_time'],
  ['AvailabilityZone', 'availability_zone'],
  ['SecondaryAvailabilityZone', 'secondary_availability_zone'],
  ['UpgradeRolloutOrder', 'upgrade_rollout_order'],
  ['AutoMinorVersionUpgrade', 'auto_minor_version_upgrade'],
  ['LicenseModel', 'license_model'],
  ['CharacterSetName', 'character_set_name'],
  ['NcharCharacterSetName', 'nchar_character_set_name'],
  ['StorageType', 'storage_type'],
  ['StorageEncryptionType', 'storage_encryption_type'],
  ['TdeCredentialArn', 'tde_credential_arn'],
  ['KmsKeyId', 'kms_key_id'],
  ['CACertificateIdentifier', 'ca_cert_identifier'],
  ['CopyTagsToSnapshot', 'copy_tags_to_snapshot'],
  ['MonitoringInterval', 'monitoring_interval'],
  ['EnhancedMonitoringResourceArn', 'enhanced_monitoring_resource_arn'],
  ['PromotionTier', 'promotion_tier'],
  ['Timezone', 'timezone'],
  ['IAMDatabaseAuthenticationEnabled', 'iam_database_authentication_enabled'],
  ['DatabaseInsightsMode', 'database_insights_mode'],
  ['PerformanceInsightsEnabled', 'performance_insights_enabled'],
  ['AutomationMode', 'automation_mode'],
  ['CustomerOwnedIpEnabled', 'customer_owned_ip_enabled'],
  ['NetworkType', 'network_type'],
  ['ActivityStreamStatus', 'activity_stream_status'],
  ['ActivityStreamKmsKeyId', 'activity_stream_kms_key_id'],
  ['ActivityStreamKinesisStreamName', 'activity_stream_kinesis_stream_name'],
  ['ActivityStreamMode', 'activity_stream_mode'],
  ['ActivityStreamEngineNativeAuditFieldsIncluded', 'activity_stream_engine_native_audit_fields_included'],
  ['ActivityStreamPolicyStatus', 'activity_stream_policy_status'],
  ['AwsBackupRecoveryPointArn', 'aws_backup_recovery_point_arn'],
  ['BackupTarget', 'backup_target'],
  ['CustomIamInstanceProfile', 'custom_iam_instance_profile'],
  ['DBSystemId', 'db_system_id'],
  ['MultiTenant', 'multi_tenant'],
  ['DedicatedLogVolume', 'dedicated_log_volume'],
  ['IsStorageConfigUpgradeAvailable', 'is_storage_config_upgrade_available'],
  ['EngineLifecycleSupport', 'engine_lifecycle_support'],
] as const satisfies readonly (readonly [keyof DbInstance, string])[]

/** Settings that can be taken away from a living instance: RDS leaves them out (or answers 0) then, which is said as `null`. */
const UNSET_IS_NULL = [
  ['ReadReplicaSourceDBInstanceIdentifier', 'replicate_source_db'],
  ['ReadReplicaSourceDBClusterIdentifier', 'read_replica_source_db_cluster_identifier'],
  ['ReplicaMode', 'replica_mode'],
  ['DBClusterIdentifier', 'cluster_identifier'],
  ['MonitoringRoleArn', 'monitoring_role_arn'],
  ['PerformanceInsightsKMSKeyId', 'performance_insights_kms_key_id'],
  ['Iops', 'iops'],
  ['StorageThroughput', 'storage_throughput'],
  ['MaxAllocatedStorage', 'max_allocated_storage'],
  ['PerformanceInsightsRetentionPeriod', 'performance_insights_retention_period'],
] as const satisfies readonly (readonly [keyof DbInstance, string])[]

/**
 * What an RDS instance has beyond the neutral properties, under `provider.*`. Lists whose order means nothing are sorted; RDS leaves
 * empty ones out, which is said as `[]`, so that taking the last member away is seen.
 */
export function providerProperties(instance: DbInstance): Properties {
  const renamed: Record<string, JsonValue | undefined> = {}
  for (const [member, name] of RENAMED)
    renamed[`provider.${name}`] = instance[member] === '' ? undefined : instance[member]
  for (const [member, name] of UNSET_IS_NULL) renamed[`provider.${name}`] = unsetAsNull(instance[member])
  return given({
    ...renamed,
    ...network(instance),
    ...groups(instance),
    ...secretAndLogs(instance),
    ...extras(instance),
  })
}

function unsetAsNull(value: string | number | undefined): string | number | null {
  return value === undefined || value === '' || value === 0 ? null : value
}

type Partly = { readonly [property: string]: JsonValue | undefined }

function network(instance: DbInstance): Partly {
  const { Address: address, Port: port, HostedZoneId: zone } = instance.Endpoint ?? {}
  return {
    'provider.address': address,
    'provider.port': port,
    'provider.endpoint': address === undefined || port === undefined ? undefined : `${address}:${port}`,
    'provider.hosted_zone_id': zone,
    'provider.vpc_security_group_ids': sorted(instance.VpcSecurityGroups?.map((group) => group.VpcSecurityGroupId)),
    'provider.security_group_names': sorted(instance.DBSecurityGroups?.map((group) => group.DBSecurityGroupName)),
    'provider.db_subnet_group_name': instance.DBSubnetGroup?.DBSubnetGroupName,
  }
}

function groups(instance: DbInstance): Partly {
  const domain = instance.DomainMemberships?.[0]
  return {
    'provider.parameter_group_name': instance.DBParameterGroups?.[0]?.DBParameterGroupName,
    'provider.option_group_name': instance.OptionGroupMemberships?.[0]?.OptionGroupName,
    'provider.domain': domain?.Domain ?? null,
    'provider.domain_iam_role_name': domain?.IAMRoleName ?? null,
    'provider.domain_fqdn': domain?.FQDN ?? null,
    'provider.domain_ou': domain?.OU ?? null,
    'provider.replicas': sorted(instance.ReadReplicaDBInstanceIdentifiers ?? []),
    'provider.read_replica_db_cluster_identifiers': sorted(instance.ReadReplicaDBClusterIdentifiers ?? []),
  }
}

function secretAndLogs(instance: DbInstance): Partly {
  return {
    // RDS keeps the password in Secrets Manager: the reference is no secret.
    'provider.manage_master_user_password': instance.MasterUserSecret === undefined ? null : true,
    'provider.master_user_secret_arn': instance.MasterUserSecret?.SecretArn ?? null,
    'provider.master_user_secret_kms_key_id': instance.MasterUserSecret?.KmsKeyId ?? null,
    'provider.enabled_cloudwatch_logs_exports': sorted(instance.EnabledCloudwatchLogsExports ?? []),
    'provider.certificate_valid_till': instance.CertificateDetails?.ValidTill,
  }
}

function extras(instance: DbInstance): Partly {
  return {
    ...processorFeatures(instance.ProcessorFeatures),
    'provider.associated_roles': sorted(
      (instance.AssociatedRoles ?? []).map((role) => `${role.FeatureName ?? ''}=${role.RoleArn ?? ''}`),
    ),
    'provider.automated_backups_replications': sorted(
      (instance.DBInstanceAutomatedBackupsReplications ?? []).map((copy) => copy.DBInstanceAutomatedBackupsArn),
    ),
    'provider.additional_storage_volumes': storageVolumes(instance.AdditionalStorageVolumes ?? []),
  }
}

/** What every answer says, as `null` or `[]` where the instance has none: settings that RDS leaves out when they are not set. */
export const ALWAYS_TOLD: readonly string[] = Object.entries(providerProperties({ DBInstanceIdentifier: 'any' }))
  .filter(([, value]) => value === null || Array.isArray(value))
  .map(([property]) => property)

/** Processor features as one property each: `provider.processor_features["coreCount"]`. */
export function processorFeatures(features: DbInstance['ProcessorFeatures']): Properties {
  return Object.fromEntries(
    (features ?? []).map((feature) => [mapKey('provider.processor_features', feature.Name), feature.Value]),
  )
}

/** Additional volumes by name, without their status. */
export function storageVolumes(volumes: DbInstance['AdditionalStorageVolumes']): JsonValue | undefined {
  return volumes
    ?.toSorted((a, b) => compareText(a.VolumeName, b.VolumeName))
    .map((volume) =>
      given({
        volume_name: volume.VolumeName,
        allocated_storage: volume.AllocatedStorage,
        iops: volume.IOPS,
        max_allocated_storage: volume.MaxAllocatedStorage,
        storage_throughput: volume.StorageThroughput,
        storage_type: volume.StorageType,
      }),
    )
}

function sorted(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.toSorted(compareText)
}

/** By UTF-16 code units, so that the order is the same everywhere. */
function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
