import { describe, expect, it } from 'vitest'
import { readDbInstances } from '@infraledger/adapters-aws'
import type { ResourceObservation } from '@infraledger/core/adapter'
import { withoutFingerprint } from '@infraledger/core/adapter'
import { readTerraformState } from '@infraledger/import-terraform'

const arn = 'arn:aws:rds:eu-west-1:123456789012:db:orders'

/** One instance as `aws rds describe-db-instances` and as `terraform state pull` say it. */
const described = {
  DBInstanceIdentifier: 'orders',
  DbiResourceId: 'db-ABC',
  DBInstanceArn: arn,
  DBInstanceClass: 'db.m5.large',
  DBInstanceStatus: 'available',
  Engine: 'postgres',
  EngineVersion: '15.4',
  MultiAZ: true,
  AllocatedStorage: 100,
  MaxAllocatedStorage: 200,
  BackupRetentionPeriod: 7,
  PreferredBackupWindow: '07:55-08:25',
  PreferredMaintenanceWindow: 'sun:04:38-sun:05:08',
  DeletionProtection: true,
  PubliclyAccessible: false,
  StorageEncrypted: true,
  KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/k',
  StorageType: 'io1',
  Iops: 3000,
  MasterUsername: 'app',
  DBName: 'orders',
  Endpoint: { Address: 'orders.x.rds.amazonaws.com', Port: 5432, HostedZoneId: 'Z1' },
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-b' }, { VpcSecurityGroupId: 'sg-a' }],
  DBSecurityGroups: [],
  DBParameterGroups: [{ DBParameterGroupName: 'default.postgres15', ParameterApplyStatus: 'in-sync' }],
  OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-15', Status: 'in-sync' }],
  DBSubnetGroup: { DBSubnetGroupName: 'private', VpcId: 'vpc-1' },
  AvailabilityZone: 'eu-west-1a',
  AutoMinorVersionUpgrade: true,
  ReadReplicaDBInstanceIdentifiers: ['orders-r2', 'orders-r1'],
  LicenseModel: 'postgresql-license',
  CACertificateIdentifier: 'rds-ca-rsa2048-g1',
  CopyTagsToSnapshot: true,
  MonitoringInterval: 60,
  MonitoringRoleArn: 'arn:aws:iam::123456789012:role/m',
  IAMDatabaseAuthenticationEnabled: false,
  PerformanceInsightsEnabled: true,
  PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/p',
  PerformanceInsightsRetentionPeriod: 7,
  EnabledCloudwatchLogsExports: ['upgrade', 'postgresql'],
  NetworkType: 'IPV4',
  BackupTarget: 'region',
  CustomerOwnedIpEnabled: false,
  DedicatedLogVolume: false,
  MasterUserSecret: { SecretArn: 'arn:secret', SecretStatus: 'active', KmsKeyId: 'arn:key' },
  TagList: [{ Key: 'team', Value: 'core' }],
}

const attributes = {
  address: 'orders.x.rds.amazonaws.com',
  allocated_storage: 100,
  arn,
  auto_minor_version_upgrade: true,
  availability_zone: 'eu-west-1a',
  backup_retention_period: 7,
  backup_target: 'region',
  backup_window: '07:55-08:25',
  ca_cert_identifier: 'rds-ca-rsa2048-g1',
  character_set_name: '',
  copy_tags_to_snapshot: true,
  customer_owned_ip_enabled: false,
  db_name: 'orders',
  db_subnet_group_name: 'private',
  dedicated_log_volume: false,
  deletion_protection: true,
  domain: '',
  enabled_cloudwatch_logs_exports: ['postgresql', 'upgrade'],
  endpoint: 'orders.x.rds.amazonaws.com:5432',
  engine: 'postgres',
  engine_version: '15',
  engine_version_actual: '15.4',
  hosted_zone_id: 'Z1',
  iam_database_authentication_enabled: false,
  id: 'db-ABC',
  identifier: 'orders',
  instance_class: 'db.m5.large',
  iops: 3000,
  kms_key_id: 'arn:aws:kms:eu-west-1:123456789012:key/k',
  latest_restorable_time: '2026-01-01T00:00:00Z',
  license_model: 'postgresql-license',
  listener_endpoint: [],
  maintenance_window: 'sun:04:38-sun:05:08',
  manage_master_user_password: true,
  master_user_secret: [{ kms_key_id: 'arn:key', secret_arn: 'arn:secret', secret_status: 'active' }],
  max_allocated_storage: 200,
  monitoring_interval: 60,
  monitoring_role_arn: 'arn:aws:iam::123456789012:role/m',
  multi_az: true,
  network_type: 'IPV4',
  option_group_name: 'default:postgres-15',
  parameter_group_name: 'default.postgres15',
  password: null,
  performance_insights_enabled: true,
  performance_insights_kms_key_id: 'arn:aws:kms:eu-west-1:123456789012:key/p',
  performance_insights_retention_period: 7,
  port: 5432,
  publicly_accessible: false,
  replicas: ['orders-r1', 'orders-r2'],
  replicate_source_db: '',
  resource_id: 'db-ABC',
  status: 'available',
  storage_encrypted: true,
  storage_throughput: 0,
  storage_type: 'io1',
  tags: {},
  tags_all: { team: 'core' },
  timeouts: null,
  timezone: '',
  username: 'app',
  vpc_security_group_ids: ['sg-a', 'sg-b'],
}

function observed(): ResourceObservation {
  const [found] = readDbInstances(JSON.stringify({ DBInstances: [described] }), { name: 'answer' }).observations
  if (found === undefined) throw new Error('nothing was read')
  return found
}

describe('one RDS instance', () => {
  it('IMPORT 20: read through a Terraform state and through the API is the same thing with the same properties', () => {
    const resource = {
      mode: 'managed',
      type: 'aws_db_instance',
      name: 'orders',
      provider: 'provider.aws',
      instances: [{ attributes }],
    }
    const text = JSON.stringify({ version: 4, serial: 1, lineage: 'l', resources: [resource] })
    const [imported] = readTerraformState(text, { name: 'state', fingerprint: withoutFingerprint }).nodes
    const { ref, kind, properties, volatile } = observed()
    // Null and empty say "not set", which a state leaves out; what only the API tells at a moment is volatile.
    const set = Object.entries(properties).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    )
    expect(imported?.ref).toEqual(ref)
    expect(imported?.kind).toBe(kind)
    expect(imported?.properties).toEqual(Object.fromEntries(set))
    expect(volatile).toContain('provider.endpoint')
  })
})
