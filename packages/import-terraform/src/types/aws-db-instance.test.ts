import { describe, expect, it } from 'vitest'
import { fingerprint, propertiesOf, readOne } from '../state.fixture.ts'

describe('aws_db_instance', () => {
  it('IMPORT 8: has the neutral properties of an instance; the rest stays under provider', () => {
    const node = readOne('aws_db_instance', {
      engine: 'postgres',
      engine_version: '15',
      engine_version_actual: '15.4',
      instance_class: 'db.t3.medium',
      multi_az: true,
      allocated_storage: 20,
      backup_retention_period: 7,
      backup_window: '01:00-02:00',
      maintenance_window: 'thu:05:32-thu:06:02',
      deletion_protection: true,
      publicly_accessible: false,
      storage_encrypted: true,
      password: 'hunter2',
      tags: { team: 'core' },
      tags_all: { team: 'core', env: 'prod' },
      storage_type: 'gp3',
      monitoring_interval: 0,
    })
    expect(node.kind).toBe('sql-instance')
    expect(node.properties).toEqual({
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
      masterPassword: fingerprint('hunter2'),
      'labels["team"]': 'core',
      'labels["env"]': 'prod',
      'provider.storage_type': 'gp3',
      'provider.monitoring_interval': 0,
    })
  })

  it('IMPORT 8: has no point-in-time recovery without backups', () => {
    expect(propertiesOf('aws_db_instance', { backup_retention_period: 0, multi_az: false })).toEqual({
      'backup.retentionDays': 0,
      'backup.pointInTimeRecovery': false,
      availability: 'zonal',
    })
  })

  it('IMPORT 8: leaves out what is not set, in every way in which Terraform writes that, and what is true of a moment', () => {
    const attributes = {
      id: 'x',
      status: 'modifying',
      latest_restorable_time: '2026-01-01T00:00:00Z',
      kms_key_id: '',
      iops: 0,
      max_allocated_storage: 0,
      s3_import: [],
      timezone: null,
      tags: null,
    }
    expect(propertiesOf('aws_db_instance', attributes)).toEqual({})
  })

  it('IMPORT 8: has one form for what versions of the provider write differently', () => {
    const attributes = {
      name: 'orders',
      vpc_security_group_ids: ['sg-b', 'sg-a'],
      master_user_secret: [{ secret_arn: 'arn:s', kms_key_id: 'arn:k', secret_status: 'active' }],
    }
    expect(propertiesOf('aws_db_instance', attributes)).toEqual({
      'provider.db_name': 'orders',
      'provider.vpc_security_group_ids': ['sg-a', 'sg-b'],
      'provider.master_user_secret_arn': 'arn:s',
      'provider.master_user_secret_kms_key_id': 'arn:k',
    })
  })

  it('IMPORT 8: reads the text values of states that came from Terraform 0.11', () => {
    const flat = {
      allocated_storage: '20',
      multi_az: 'true',
      backup_retention_period: '7',
      'tags.%': '1',
      'tags.team': 'core',
    }
    expect(propertiesOf('aws_db_instance', {}, { attributes: undefined, attributes_flat: flat })).toEqual({
      'storage.gib': 20,
      availability: 'regional',
      'backup.retentionDays': 7,
      'backup.pointInTimeRecovery': true,
      'labels["team"]': 'core',
    })
  })

  it('IMPORT 8: keeps a value that does not fit its neutral property under provider', () => {
    const marks = {
      sensitive_attributes: [
        [
          { type: 'get_attr', value: 'tags' },
          { type: 'index', value: { value: 'a', type: 'string' } },
        ],
      ],
    }
    expect(propertiesOf('aws_db_instance', { engine: 7, tags: { a: 'hidden', b: 'x' } }, marks)).toEqual({
      'provider.engine': 7,
      'provider.tags["a"]': fingerprint('hidden'),
      'provider.tags["b"]': 'x',
    })
  })
})
