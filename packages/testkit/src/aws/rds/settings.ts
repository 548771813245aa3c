import { textOf } from '../wire/values.ts'
/**
 * One setting of a database instance: the parameter that sets it, the member that shows it, and the property of the fake cloud that holds
 * it. Names are those of the RDS API of 2014-10-31.
 */
export type Setting = {
  readonly member: string
  readonly property: string
  readonly form: 'text' | 'whole' | 'flag'
  /** Parameters that set it, where they are not called as the member is; `null` where it cannot be set then. */
  readonly onCreate?: string | null
  readonly onModify?: string | null
  /** Waits for the maintenance window unless `ApplyImmediately`, and is shown in `PendingModifiedValues` until then. */
  readonly pends?: true
  /** What RDS sets where nobody says anything. */
  readonly byDefault?: string | number | boolean
}

/** All settings that are one value. Which of them pend is the table "Available settings" of "Modifying a DB instance", RDS User Guide. */
export const SETTINGS: readonly Setting[] = [
  { member: 'DBInstanceClass', property: 'tier', form: 'text', pends: true },
  { member: 'AllocatedStorage', property: 'storage.gib', form: 'whole', pends: true },
  { member: 'Engine', property: 'engine', form: 'text', onModify: null },
  { member: 'EngineVersion', property: 'engineVersion', form: 'text', pends: true },
  { member: 'BackupRetentionPeriod', property: 'backup.retentionDays', form: 'whole', pends: true },
  { member: 'PreferredBackupWindow', property: 'backup.window', form: 'text' },
  { member: 'PreferredMaintenanceWindow', property: 'maintenance.window', form: 'text' },
  { member: 'DeletionProtection', property: 'deletionProtection', form: 'flag' },
  { member: 'PubliclyAccessible', property: 'network.publicAccess', form: 'flag' },
  { member: 'StorageEncrypted', property: 'encryption.atRest', form: 'flag', onModify: null },
  { member: 'KmsKeyId', property: 'provider.kms_key_id', form: 'text', onModify: null },
  { member: 'MasterUsername', property: 'provider.username', form: 'text', onModify: null },
  { member: 'DBName', property: 'provider.db_name', form: 'text', onModify: null },
  { member: 'AvailabilityZone', property: 'provider.availability_zone', form: 'text', onModify: null },
  { member: 'CharacterSetName', property: 'provider.character_set_name', form: 'text', onModify: null },
  { member: 'Timezone', property: 'provider.timezone', form: 'text', onModify: null },
  { member: 'DBClusterIdentifier', property: 'provider.cluster_identifier', form: 'text', onModify: null },
  {
    member: 'ReadReplicaSourceDBInstanceIdentifier',
    property: 'provider.replicate_source_db',
    form: 'text',
    onCreate: null,
    onModify: null,
  },
  {
    member: 'AutoMinorVersionUpgrade',
    property: 'provider.auto_minor_version_upgrade',
    form: 'flag',
    byDefault: true,
  },
  { member: 'LicenseModel', property: 'provider.license_model', form: 'text', pends: true },
  { member: 'StorageType', property: 'provider.storage_type', form: 'text', pends: true, byDefault: 'gp2' },
  { member: 'Iops', property: 'provider.iops', form: 'whole', pends: true },
  { member: 'StorageThroughput', property: 'provider.storage_throughput', form: 'whole', pends: true },
  { member: 'MaxAllocatedStorage', property: 'provider.max_allocated_storage', form: 'whole' },
  { member: 'CopyTagsToSnapshot', property: 'provider.copy_tags_to_snapshot', form: 'flag', byDefault: false },
  { member: 'MonitoringInterval', property: 'provider.monitoring_interval', form: 'whole', byDefault: 0 },
  { member: 'MonitoringRoleArn', property: 'provider.monitoring_role_arn', form: 'text' },
  { member: 'PromotionTier', property: 'provider.promotion_tier', form: 'whole' },
  {
    member: 'PerformanceInsightsEnabled',
    property: 'provider.performance_insights_enabled',
    form: 'flag',
    onCreate: 'EnablePerformanceInsights',
    onModify: 'EnablePerformanceInsights',
    byDefault: false,
  },
  {
    member: 'PerformanceInsightsRetentionPeriod',
    property: 'provider.performance_insights_retention_period',
    form: 'whole',
  },
  {
    member: 'CACertificateIdentifier',
    property: 'provider.ca_cert_identifier',
    form: 'text',
    pends: true,
    byDefault: 'rds-ca-rsa2048-g1',
  },
  {
    member: 'IAMDatabaseAuthenticationEnabled',
    property: 'provider.iam_database_authentication_enabled',
    form: 'flag',
    onCreate: 'EnableIAMDatabaseAuthentication',
    onModify: 'EnableIAMDatabaseAuthentication',
    pends: true,
    byDefault: false,
  },
  { member: 'NetworkType', property: 'provider.network_type', form: 'text', byDefault: 'IPV4' },
  {
    member: 'DedicatedLogVolume',
    property: 'provider.dedicated_log_volume',
    form: 'flag',
    pends: true,
    byDefault: false,
  },
]

/** Engines whose instances live in a cluster: the cluster has the storage and is or is not spread over zones. */
export function isClusterEngine(engine: unknown): boolean {
  return typeof engine === 'string' && /^(?:aurora|docdb|neptune)/.test(engine)
}

/** The port that an engine listens on where nobody says another one (RDS CreateDBInstance, `Port`). */
export function defaultPort(engine: unknown): number {
  const name = textOf(engine)
  if (name.startsWith('oracle')) return 1521
  if (name.startsWith('sqlserver')) return 1433
  if (name.startsWith('db2')) return 50_000
  return /mysql|mariadb/.test(name) || name === 'aurora' ? 3306 : 5432
}
