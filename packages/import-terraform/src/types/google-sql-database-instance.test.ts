import { describe, expect, it } from 'vitest'
import { fingerprint, propertiesOf } from '../state.fixture.ts'
import { engineOf } from './cloud-sql-version.ts'

const instance = (settings: object, more: object = {}) =>
  propertiesOf('google_sql_database_instance', { settings: [settings], ...more })
const backups = (configuration: object, version = 'POSTGRES_15') =>
  instance({ backup_configuration: [configuration] }, { database_version: version })

describe('google_sql_database_instance', () => {
  it('IMPORT 8: has the neutral properties of an instance; the rest stays under provider, by path', () => {
    const properties = instance(
      {
        tier: 'db-custom-2-7680',
        availability_type: 'REGIONAL',
        disk_size: 50,
        disk_type: 'PD_SSD',
        deletion_protection_enabled: true,
        ip_configuration: [
          { ipv4_enabled: false, ssl_mode: 'ENCRYPTED_ONLY', require_ssl: false, private_network: 'n' },
        ],
        maintenance_window: [{ day: 7, hour: 23, update_track: 'stable' }],
        database_flags: [{ name: 'max_connections', value: '100' }],
        user_labels: { team: 'core' },
        version: 7,
      },
      { database_version: 'POSTGRES_15', deletion_protection: false, root_password: 'hunter2' },
    )
    expect(properties).toEqual({
      engine: 'postgres',
      engineVersion: '15',
      tier: 'db-custom-2-7680',
      availability: 'regional',
      'storage.gib': 50,
      deletionProtection: true,
      'network.publicAccess': false,
      'network.tlsRequired': true,
      'encryption.atRest': true,
      'maintenance.window': 'sun:23:00-mon:00:00',
      'parameters["max_connections"]': '100',
      'labels["team"]': 'core',
      masterPassword: fingerprint('hunter2'),
      'provider.deletion_protection': false,
      'provider.settings.disk_type': 'PD_SSD',
      'provider.settings.ip_configuration.ssl_mode': 'ENCRYPTED_ONLY',
      'provider.settings.ip_configuration.private_network': 'n',
      'provider.settings.maintenance_window.update_track': 'stable',
    })
  })

  it('IMPORT 8: does not take a count of backups for days', () => {
    const retention = { retained_backups: 7, retention_unit: 'COUNT' }
    const properties = backups({ enabled: true, start_time: '22:30', backup_retention_settings: [retention] })
    expect(properties).not.toHaveProperty(['backup.retentionDays'])
    expect(properties).toMatchObject({
      'backup.window': '22:30-02:30',
      'provider.settings.backup_configuration.backup_retention_settings.retained_backups': 7,
    })
  })

  it('IMPORT 8: says 0 days where automated backups are off', () => {
    expect(backups({ enabled: false, point_in_time_recovery_enabled: true })).toMatchObject({
      'backup.retentionDays': 0,
      'backup.pointInTimeRecovery': false,
    })
  })

  it.each([
    ['POSTGRES_15', { point_in_time_recovery_enabled: true, binary_log_enabled: false }, true],
    ['POSTGRES_15', { point_in_time_recovery_enabled: false, binary_log_enabled: true }, false],
    ['MYSQL_8_0', { point_in_time_recovery_enabled: false, binary_log_enabled: true }, true],
    ['MYSQL_8_0', {}, false],
  ])('IMPORT 8: point-in-time recovery of %s with %j is %s', (version, configuration, expected) => {
    expect(backups({ enabled: true, ...configuration }, version)['backup.pointInTimeRecovery']).toBe(expected)
  })

  it('IMPORT 8: the flag that stops Terraform only is not deletion protection', () => {
    expect(instance({}, { deletion_protection: true })).not.toHaveProperty('deletionProtection')
  })

  it.each([
    ['POSTGRES_9_6', { engine: 'postgres', version: '9.6', complete: true }],
    ['MYSQL_8_0_31', { engine: 'mysql', version: '8.0.31', complete: true }],
    ['SQLSERVER_2019_STANDARD', { engine: 'sqlserver', version: '2019', complete: false }],
    ['ORACLE_19', undefined],
    ['', undefined],
  ])('IMPORT 8: takes the version %s apart', (version, expected) => {
    expect(engineOf(version)).toEqual(expected)
  })
})
