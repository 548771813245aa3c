import type { Impact, JsonValue } from '@infraledger/core/adapter'

/** How one property of an instance is asked for at RDS, and what changing it costs. */
export type RdsSetting = {
  /** Parameter of CreateDBInstance; left out where it cannot be said then. */
  readonly onCreate?: string
  /** Parameter of ModifyDBInstance; left out where it cannot be changed. */
  readonly onModify?: string
  readonly form: 'text' | 'whole' | 'flag' | 'texts'
  readonly impact: Impact
  /** Put off to the maintenance window unless `ApplyImmediately`; the others are applied at once, whatever is said. */
  readonly waits: boolean
}

const text = 'text'
const flag = 'flag'
const whole = 'whole'

/**
 * Every property of a `sql-instance` that RDS sets by one parameter. What each change costs, and whether it waits, is from "Available
 * settings" of "Modifying an Amazon RDS DB instance" in the RDS User Guide, and from ModifyDBInstance in the RDS API reference
 * (2014-10-31); the words in the comments are theirs.
 */
export const RDS_SETTINGS: Readonly<Record<string, RdsSetting>> = {
  // "Downtime occurs during this change."
  tier: { onCreate: 'DBInstanceClass', onModify: 'DBInstanceClass', form: text, impact: 'downtime', waits: true },
  // Given at creation only.
  engine: { onCreate: 'Engine', form: text, impact: 'replace', waits: false },
  // "Changing this parameter results in an outage."
  engineVersion: { onCreate: 'EngineVersion', onModify: 'EngineVersion', form: text, impact: 'downtime', waits: true },
  // "The change doesn't result in an outage … might result in a performance degradation", and "Amazon RDS optimizes storage" afterwards.
  'storage.gib': {
    onCreate: 'AllocatedStorage',
    onModify: 'AllocatedStorage',
    form: whole,
    impact: 'online',
    waits: true,
  },
  // "Asynchronously applied as soon as possible" between two numbers above 0; from and to 0 it waits and "an outage occurs".
  'backup.retentionDays': {
    onCreate: 'BackupRetentionPeriod',
    onModify: 'BackupRetentionPeriod',
    form: whole,
    impact: 'online',
    waits: false,
  },
  // "Changing this parameter doesn't result in an outage and the change is asynchronously applied as soon as possible."
  'backup.window': {
    onCreate: 'PreferredBackupWindow',
    onModify: 'PreferredBackupWindow',
    form: text,
    impact: 'online',
    waits: false,
  },
  // "Doesn't result in an outage, except … if there are pending actions that cause a reboot, and the window is changed to include now."
  'maintenance.window': {
    onCreate: 'PreferredMaintenanceWindow',
    onModify: 'PreferredMaintenanceWindow',
    form: text,
    impact: 'online',
    waits: false,
  },
  // "This setting doesn't result in an outage" and is applied at once.
  deletionProtection: {
    onCreate: 'DeletionProtection',
    onModify: 'DeletionProtection',
    form: flag,
    impact: 'online',
    waits: false,
  },
  // "Changes to the PubliclyAccessible parameter are applied immediately regardless of the value of the ApplyImmediately parameter."
  'network.publicAccess': {
    onCreate: 'PubliclyAccessible',
    onModify: 'PubliclyAccessible',
    form: flag,
    impact: 'online',
    waits: false,
  },
  // "You can only encrypt an Amazon RDS DB instance when you create it" (RDS User Guide, "Encrypting Amazon RDS resources").
  'encryption.atRest': { onCreate: 'StorageEncrypted', form: flag, impact: 'replace', waits: false },
  'provider.kms_key_id': { onCreate: 'KmsKeyId', form: text, impact: 'replace', waits: false },
  'provider.username': { onCreate: 'MasterUsername', form: text, impact: 'replace', waits: false },
  'provider.db_name': { onCreate: 'DBName', form: text, impact: 'replace', waits: false },
  'provider.availability_zone': { onCreate: 'AvailabilityZone', form: text, impact: 'replace', waits: false },
  'provider.timezone': { onCreate: 'Timezone', form: text, impact: 'replace', waits: false },
  'provider.character_set_name': { onCreate: 'CharacterSetName', form: text, impact: 'replace', waits: false },
  // "The database restarts when you change the DBPortNumber value regardless of the value of the ApplyImmediately parameter."
  'provider.port': { onCreate: 'Port', onModify: 'DBPortNumber', form: whole, impact: 'downtime', waits: false },
  // "This change is asynchronously applied as soon as possible."
  'provider.vpc_security_group_ids': {
    onCreate: 'VpcSecurityGroupIds',
    onModify: 'VpcSecurityGroupIds',
    form: 'texts',
    impact: 'online',
    waits: false,
  },
  // Moving to another VPC: "an outage occurs".
  'provider.db_subnet_group_name': {
    onCreate: 'DBSubnetGroupName',
    onModify: 'DBSubnetGroupName',
    form: text,
    impact: 'downtime',
    waits: true,
  },
  // "The name change takes place immediately, the parameters are applied when you reboot without failover."
  'provider.parameter_group_name': {
    onCreate: 'DBParameterGroupName',
    onModify: 'DBParameterGroupName',
    form: text,
    impact: 'restart',
    waits: false,
  },
  'provider.option_group_name': {
    onCreate: 'OptionGroupName',
    onModify: 'OptionGroupName',
    form: text,
    impact: 'online',
    waits: true,
  },
  // "Changing this parameter doesn't result in an outage", some of the ways from one type to another excepted, which restart.
  'provider.storage_type': {
    onCreate: 'StorageType',
    onModify: 'StorageType',
    form: text,
    impact: 'restart',
    waits: true,
  },
  'provider.iops': { onCreate: 'Iops', onModify: 'Iops', form: whole, impact: 'online', waits: true },
  'provider.storage_throughput': {
    onCreate: 'StorageThroughput',
    onModify: 'StorageThroughput',
    form: whole,
    impact: 'online',
    waits: true,
  },
  'provider.max_allocated_storage': {
    onCreate: 'MaxAllocatedStorage',
    onModify: 'MaxAllocatedStorage',
    form: whole,
    impact: 'online',
    waits: false,
  },
  'provider.license_model': {
    onCreate: 'LicenseModel',
    onModify: 'LicenseModel',
    form: text,
    impact: 'downtime',
    waits: true,
  },
  'provider.auto_minor_version_upgrade': {
    onCreate: 'AutoMinorVersionUpgrade',
    onModify: 'AutoMinorVersionUpgrade',
    form: flag,
    impact: 'online',
    waits: false,
  },
  'provider.copy_tags_to_snapshot': {
    onCreate: 'CopyTagsToSnapshot',
    onModify: 'CopyTagsToSnapshot',
    form: flag,
    impact: 'online',
    waits: false,
  },
  'provider.monitoring_interval': {
    onCreate: 'MonitoringInterval',
    onModify: 'MonitoringInterval',
    form: whole,
    impact: 'online',
    waits: false,
  },
  'provider.monitoring_role_arn': {
    onCreate: 'MonitoringRoleArn',
    onModify: 'MonitoringRoleArn',
    form: text,
    impact: 'online',
    waits: false,
  },
  'provider.performance_insights_enabled': {
    onCreate: 'EnablePerformanceInsights',
    onModify: 'EnablePerformanceInsights',
    form: flag,
    impact: 'online',
    waits: false,
  },
  'provider.performance_insights_retention_period': {
    onCreate: 'PerformanceInsightsRetentionPeriod',
    onModify: 'PerformanceInsightsRetentionPeriod',
    form: whole,
    impact: 'online',
    waits: false,
  },
  // "By default, the DB instance is restarted when you rotate your SSL/TLS certificate" for engines that cannot do without.
  'provider.ca_cert_identifier': {
    onCreate: 'CACertificateIdentifier',
    onModify: 'CACertificateIdentifier',
    form: text,
    impact: 'restart',
    waits: true,
  },
  // "This change doesn't result in an outage"; it waits for the window unless it is asked for now.
  'provider.iam_database_authentication_enabled': {
    onCreate: 'EnableIAMDatabaseAuthentication',
    onModify: 'EnableIAMDatabaseAuthentication',
    form: flag,
    impact: 'online',
    waits: true,
  },
  'provider.network_type': {
    onCreate: 'NetworkType',
    onModify: 'NetworkType',
    form: text,
    impact: 'downtime',
    waits: true,
  },
  'provider.dedicated_log_volume': {
    onCreate: 'DedicatedLogVolume',
    onModify: 'DedicatedLogVolume',
    form: flag,
    impact: 'downtime',
    waits: true,
  },
}

/** Properties that take more than one parameter, or one whose values are called otherwise; with what changing them costs. */
export const OTHER_IMPACTS: Readonly<Record<string, Impact>> = {
  // "The change doesn't result in an outage" [ModifyDBInstance MultiAZ]; it waits for the window unless it is asked for now.
  availability: 'online',
  // Follows from the days of backups: RDS has no switch of its own.
  'backup.pointInTimeRecovery': 'online',
  labels: 'online',
  masterPassword: 'online',
  'provider.enabled_cloudwatch_logs_exports': 'online',
  'provider.manage_master_user_password': 'online',
  replicaOf: 'replace',
}

/** Whether a change of days is put off: from 0 and to 0 (ModifyDBInstance, `BackupRetentionPeriod`). */
export function switchesBackups(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  return after !== undefined && (before === 0) !== (after === 0)
}
