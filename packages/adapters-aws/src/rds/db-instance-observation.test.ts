import { describe, expect, it } from 'vitest'
import { dbInstanceObservation } from './db-instance-observation.ts'
import { dbInstanceSchema } from './db-instance-schema.ts'
import { isSettled } from './settled-status.ts'

const observe = (members: object) =>
  dbInstanceObservation(dbInstanceSchema.parse({ DBInstanceIdentifier: 'orders', ...members }))
const propertiesOf = (members: object) => observe(members).properties
const deferredOf = (pending: object, members: object = {}) =>
  observe({ ...members, PendingModifiedValues: pending }).deferred

describe('an RDS instance', () => {
  it('IMPORT 18: is a sql-instance with neutral properties, known by its resource id', () => {
    const observation = observe({
      DbiResourceId: 'db-ABC',
      DBInstanceArn: 'arn:aws:rds:eu-west-1:123456789012:db:orders',
      DBInstanceStatus: 'available',
      DBInstanceClass: 'db.t3.medium',
      Engine: 'postgres',
      EngineVersion: '15.4',
      MultiAZ: true,
      AllocatedStorage: 20,
      BackupRetentionPeriod: 7,
      PreferredBackupWindow: '01:00-02:00',
      PreferredMaintenanceWindow: 'Thu:05:32-Thu:06:02',
      DeletionProtection: true,
      PubliclyAccessible: false,
      StorageEncrypted: true,
      TagList: [
        { Key: 'team', Value: 'core' },
        { Key: 'aws:cloudformation:stack-name', Value: 'x' },
      ],
    })
    expect(observation).toMatchObject({
      ref: {
        provider: 'aws',
        account: '123456789012',
        region: 'eu-west-1',
        type: 'rds-instance',
        name: 'orders',
        id: 'db-ABC',
      },
      kind: 'sql-instance',
      deferred: {},
      status: 'available',
      settled: true,
      completeMaps: ['provider.processor_features', 'labels'],
      properties: {
        engine: 'postgres',
        engineVersion: '15.4',
        tier: 'db.t3.medium',
        availability: 'regional',
        'storage.gib': 20,
        'backup.retentionDays': 7,
        'backup.pointInTimeRecovery': true,
        'backup.window': '01:00-02:00',
        'maintenance.window': 'thu:05:32-thu:06:02',
        deletionProtection: true,
        'network.publicAccess': false,
        'encryption.atRest': true,
        'labels["team"]': 'core',
      },
    })
    expect(Object.keys(observation.properties).filter((key) => key.startsWith('labels'))).toEqual(['labels["team"]'])
  })

  it('IMPORT 18: keeps what has no neutral name under provider, lists in one order', () => {
    expect(
      propertiesOf({
        VpcSecurityGroups: [
          { VpcSecurityGroupId: 'sg-b', Status: 'adding' },
          { VpcSecurityGroupId: 'sg-a', Status: 'active' },
        ],
        CACertificateIdentifier: 'rds-ca-2019',
        ProcessorFeatures: [{ Name: 'coreCount', Value: '4' }],
        AssociatedRoles: [{ RoleArn: 'arn:r', FeatureName: 's3Import', Status: 'ACTIVE' }],
        Endpoint: { Address: 'a', Port: 5432, HostedZoneId: 'Z' },
      }),
    ).toMatchObject({
      'provider.vpc_security_group_ids': ['sg-a', 'sg-b'],
      'provider.ca_cert_identifier': 'rds-ca-2019',
      'provider.processor_features["coreCount"]': '4',
      'provider.associated_roles': ['s3Import=arn:r'],
      'provider.endpoint': 'a:5432',
      'provider.port': 5432,
    })
  })

  it('IMPORT 18: says null or [] for what can be taken away and is not there, and nothing for what was not looked at', () => {
    const properties = propertiesOf({ StorageThroughput: 0 })
    expect(properties).toMatchObject({
      'provider.storage_throughput': null,
      'provider.iops': null,
      'provider.enabled_cloudwatch_logs_exports': [],
    })
    expect(properties).not.toHaveProperty('engine')
    expect(properties).not.toHaveProperty(['provider.vpc_security_group_ids'])
    expect(observe({}).completeMaps).not.toContain('labels')
    expect(observe({}).alwaysTold).toEqual(
      expect.arrayContaining(['provider.iops', 'provider.replicas', 'provider.performance_insights_kms_key_id']),
    )
    for (const property of observe({}).alwaysTold ?? []) expect(properties).toHaveProperty([property])
  })

  it('IMPORT 18: says which of its properties are never compared', () => {
    const times = { InstanceCreateTime: new Date(0), LatestRestorableTime: '2026-01-01T00:00:00+00:00' }
    expect(observe(times)).toMatchObject({
      properties: { 'provider.latest_restorable_time': '2026-01-01T00:00:00.000Z' },
      volatile: ['provider.latest_restorable_time', 'provider.instance_create_time'],
    })
  })

  it.each(['aurora-postgresql', 'docdb', 'neptune'])(
    'IMPORT 18: of %s has neither storage nor availability of its own',
    (Engine) => {
      const properties = propertiesOf({ Engine, DBClusterIdentifier: 'c', AllocatedStorage: 1, MultiAZ: false })
      expect(properties).not.toHaveProperty(['storage.gib'])
      expect(properties).not.toHaveProperty('availability')
      expect(properties).toHaveProperty(['provider.cluster_identifier'], 'c')
    },
  )

  it('IMPORT 18: of a status that nobody knows is not settled; without one nothing says so', () => {
    expect(observe({ DBInstanceStatus: 'a-new-one' })).toMatchObject({ status: 'a-new-one', settled: false })
    expect(observe({})).toMatchObject({ status: 'unknown', settled: true })
    expect(
      ['available', 'stopped', 'incompatible-network', 'storage-optimization'].filter((status) => !isSettled(status)),
    ).toEqual([])
    expect(['creating', 'modifying', 'deleting', 'renaming', 'a-new-one'].filter(isSettled)).toEqual([])
  })
})

describe('what RDS has put off', () => {
  it('IMPORT 18: is deferred under the names of the properties that it will change', () => {
    expect(
      deferredOf({
        DBInstanceClass: 'db.r5.large',
        AllocatedStorage: 30,
        MultiAZ: false,
        EngineVersion: '16.1',
        BackupRetentionPeriod: 0,
        Port: 5433,
        DBInstanceIdentifier: 'new',
        StorageType: 'gp3',
        ProcessorFeatures: [{ Name: 'coreCount', Value: '2' }],
      }),
    ).toEqual({
      tier: 'db.r5.large',
      'storage.gib': 30,
      availability: 'zonal',
      engineVersion: '16.1',
      'backup.retentionDays': 0,
      'backup.pointInTimeRecovery': false,
      'provider.port': 5433,
      'provider.identifier': 'new',
      'provider.storage_type': 'gp3',
      'provider.processor_features["coreCount"]': '2',
    })
  })

  it('IMPORT 18: tells that a password waits and never takes the mask for it', () => {
    expect(deferredOf({ MasterUserPassword: '****' })).toEqual({ masterPassword: { $secret: {} } })
  })

  it('IMPORT 18: tells the log exports that will be on', () => {
    const change = { PendingCloudwatchLogsExports: { LogTypesToEnable: ['audit'], LogTypesToDisable: ['slowquery'] } }
    expect(deferredOf(change, { EnabledCloudwatchLogsExports: ['slowquery', 'general'] })).toEqual({
      'provider.enabled_cloudwatch_logs_exports': ['audit', 'general'],
    })
  })
})
