import { z } from 'zod'

const text = z.string().optional()
const count = z.number().int().optional()
const flag = z.boolean().optional()
/** The SDK gives dates, the command line ISO strings; both become ISO 8601 in UTC. */
const moment = z
  .union([z.date(), z.string().transform((value) => new Date(value))])
  .refine((value) => !Number.isNaN(value.getTime()), { message: 'must be a date' })
  .transform((value) => value.toISOString())
  .optional()
const texts = z.array(z.string()).optional()
const processorFeatures = z.array(z.looseObject({ Name: z.string(), Value: z.string() })).optional()
const storageVolumes = z
  .array(
    z.looseObject({
      VolumeName: z.string(),
      AllocatedStorage: count,
      IOPS: count,
      MaxAllocatedStorage: count,
      StorageThroughput: count,
      StorageType: text,
    }),
  )
  .optional()

const endpoint = z.looseObject({ Address: text, Port: count, HostedZoneId: text }).optional()

/** What RDS accepted and put off: all members of the structure (botocore `rds/2014-10-31/service-2.json`). */
export const pendingModifiedValuesSchema = z.looseObject({
  DBInstanceClass: text,
  AllocatedStorage: count,
  /** Always `****`: says that a new password waits, never which. */
  MasterUserPassword: text,
  Port: count,
  BackupRetentionPeriod: count,
  MultiAZ: flag,
  EngineVersion: text,
  LicenseModel: text,
  Iops: count,
  StorageThroughput: count,
  DBInstanceIdentifier: text,
  StorageType: text,
  CACertificateIdentifier: text,
  DBSubnetGroupName: text,
  PendingCloudwatchLogsExports: z.looseObject({ LogTypesToEnable: texts, LogTypesToDisable: texts }).optional(),
  ProcessorFeatures: processorFeatures,
  AutomationMode: text,
  ResumeFullAutomationModeTime: moment,
  MultiTenant: flag,
  IAMDatabaseAuthenticationEnabled: flag,
  DedicatedLogVolume: flag,
  Engine: text,
  AdditionalStorageVolumes: storageVolumes,
})

/**
 * The members of an RDS `DBInstance` that are read; members that this version does not know are let through and not used.
 * Everything but the identifier is optional, because RDS leaves out what is not set and older answers lack newer members.
 */
export const dbInstanceSchema = z.looseObject({
  DBInstanceIdentifier: z.string().min(1),
  DbiResourceId: text,
  DBInstanceArn: text,
  DBInstanceStatus: text,
  DBInstanceClass: text,
  Engine: text,
  EngineVersion: text,
  MultiAZ: flag,
  AllocatedStorage: count,
  BackupRetentionPeriod: count,
  PreferredBackupWindow: text,
  PreferredMaintenanceWindow: text,
  DeletionProtection: flag,
  PubliclyAccessible: flag,
  StorageEncrypted: flag,
  TagList: z.array(z.looseObject({ Key: z.string(), Value: z.string().default('') })).optional(),
  PendingModifiedValues: pendingModifiedValuesSchema.optional(),
  MasterUsername: text,
  DBName: text,
  Endpoint: endpoint,
  InstanceCreateTime: moment,
  LatestRestorableTime: moment,
  DBSecurityGroups: z.array(z.looseObject({ DBSecurityGroupName: z.string() })).optional(),
  VpcSecurityGroups: z.array(z.looseObject({ VpcSecurityGroupId: z.string() })).optional(),
  DBParameterGroups: z.array(z.looseObject({ DBParameterGroupName: z.string() })).optional(),
  OptionGroupMemberships: z.array(z.looseObject({ OptionGroupName: z.string() })).optional(),
  DBSubnetGroup: z.looseObject({ DBSubnetGroupName: text }).optional(),
  DomainMemberships: z.array(z.looseObject({ Domain: text, IAMRoleName: text, FQDN: text, OU: text })).optional(),
  AvailabilityZone: text,
  SecondaryAvailabilityZone: text,
  UpgradeRolloutOrder: text,
  AutoMinorVersionUpgrade: flag,
  ReadReplicaSourceDBInstanceIdentifier: text,
  ReadReplicaSourceDBClusterIdentifier: text,
  ReadReplicaDBInstanceIdentifiers: texts,
  ReadReplicaDBClusterIdentifiers: texts,
  ReplicaMode: text,
  LicenseModel: text,
  Iops: count,
  StorageThroughput: count,
  MaxAllocatedStorage: count,
  CharacterSetName: text,
  NcharCharacterSetName: text,
  StorageType: text,
  StorageEncryptionType: text,
  TdeCredentialArn: text,
  DBClusterIdentifier: text,
  KmsKeyId: text,
  CACertificateIdentifier: text,
  CertificateDetails: z.looseObject({ ValidTill: moment }).optional(),
  CopyTagsToSnapshot: flag,
  MonitoringInterval: count,
  MonitoringRoleArn: text,
  EnhancedMonitoringResourceArn: text,
  PromotionTier: count,
  Timezone: text,
  IAMDatabaseAuthenticationEnabled: flag,
  DatabaseInsightsMode: text,
  PerformanceInsightsEnabled: flag,
  PerformanceInsightsKMSKeyId: text,
  PerformanceInsightsRetentionPeriod: count,
  EnabledCloudwatchLogsExports: texts,
  ProcessorFeatures: processorFeatures,
  AssociatedRoles: z.array(z.looseObject({ RoleArn: text, FeatureName: text })).optional(),
  AutomationMode: text,
  CustomerOwnedIpEnabled: flag,
  NetworkType: text,
  ActivityStreamStatus: text,
  ActivityStreamKmsKeyId: text,
  ActivityStreamKinesisStreamName: text,
  ActivityStreamMode: text,
  ActivityStreamEngineNativeAuditFieldsIncluded: flag,
  ActivityStreamPolicyStatus: text,
  AwsBackupRecoveryPointArn: text,
  DBInstanceAutomatedBackupsReplications: z
    .array(z.looseObject({ DBInstanceAutomatedBackupsArn: z.string() }))
    .optional(),
  BackupTarget: text,
  CustomIamInstanceProfile: text,
  DBSystemId: text,
  MasterUserSecret: z.looseObject({ SecretArn: text, KmsKeyId: text }).optional(),
  MultiTenant: flag,
  DedicatedLogVolume: flag,
  IsStorageConfigUpgradeAvailable: flag,
  EngineLifecycleSupport: text,
  AdditionalStorageVolumes: storageVolumes,
})

export type PendingModifiedValues = z.infer<typeof pendingModifiedValuesSchema>

/** One database instance as RDS describes it. */
export type DbInstance = z.infer<typeof dbInstanceSchema>
