import type { FakeResource } from '../../fake-cloud/world.ts'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'
import { dbiResourceId, rdsArn } from './arn.ts'
import { INSTANCE_KIND, resourcesSeen } from './instances.ts'
import type { FormCall, FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'
import { defaultPort } from './settings.ts'
import { textOf } from '../wire/values.ts'

/** Backups that RDS makes by itself: of living instances, and what it kept of those that are gone. */
export const automatedBackupOperations: Readonly<Record<string, FormOperation>> = {
  DescribeDBInstanceAutomatedBackups: {
    effect: 'observe',
    serve(call) {
      const { form, world } = call
      const name = form.text('DBInstanceIdentifier')?.toLowerCase()
      const id = form.text('DbiResourceId')
      const found = [...active(call), ...retained(call)].filter(
        ({ instance }) =>
          (name === undefined || instance.name === name) && (id === undefined || dbiResourceId(instance) === id),
      )
      const { page, marker } = pageOf(found, form, ({ instance }) => instance.id, world.simulation.settings.pageSize)
      return {
        Marker: marker,
        DBInstanceAutomatedBackups: items(
          'DBInstanceAutomatedBackup',
          page.map(({ instance, status }) => element(instance, status)),
        ),
      }
    },
  },
}

type Backup = { readonly instance: FakeResource; readonly status: 'active' | 'retained' }

function active(call: FormCall): readonly Backup[] {
  return resourcesSeen(call, INSTANCE_KIND)
    .filter(({ properties }) => Number(properties['backup.retentionDays']) > 0)
    .map((instance) => ({ instance, status: 'active' }))
}

function retained({ world }: FormCall): readonly Backup[] {
  const { resources, automatedBackups } = world.simulation.world
  return automatedBackups.flatMap(({ source }) => {
    const instance = resources.get(source)
    return instance === undefined ? [] : [{ instance, status: 'retained' as const }]
  })
}

function element(instance: FakeResource, status: Backup['status']): XmlValue {
  const { properties } = instance
  return {
    DBInstanceArn: rdsArn(instance, 'db', instance.name),
    DbiResourceId: dbiResourceId(instance),
    Region: instance.region,
    DBInstanceIdentifier: instance.name,
    AllocatedStorage: Number(properties['storage.gib']),
    Status: status,
    Port: defaultPort(properties['engine']),
    InstanceCreateTime: new Date(instance.createdAt),
    Engine: textOf(properties['engine']),
    EngineVersion: textOf(properties['engineVersion']),
    Encrypted: properties['encryption.atRest'] === true,
    StorageType: textOf(properties['provider.storage_type']),
    IAMDatabaseAuthenticationEnabled: properties['provider.iam_database_authentication_enabled'] === true,
    BackupRetentionPeriod: Number(properties['backup.retentionDays']),
    DBInstanceAutomatedBackupsArn: rdsArn(instance, 'auto-backup', `ab-${instance.id.slice(-8).toLowerCase()}`),
    BackupTarget: 'region',
  }
}
