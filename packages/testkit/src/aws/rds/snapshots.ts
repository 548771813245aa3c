import { refOf } from '../../fake-cloud/simulation.ts'
import { takeSnapshot } from '../../fake-cloud/snapshot.ts'
import type { FakeResource, FakeSnapshot } from '../../fake-cloud/world.ts'
import { receiptOf } from '../../fake-cloud/world.ts'
import { accountOf } from '../aws-world.ts'
import { AwsError, invalidValue } from '../wire/aws-error.ts'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'
import { nameIn, rdsArn } from './arn.ts'
import { INSTANCE_KIND, instanceNamed, mustBeAvailable } from './instances.ts'
import { deedOf } from './operation.ts'
import type { FormCall, FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'
import { defaultPort } from './settings.ts'
import { tagElements } from './tags.ts'
import { textIn, textOf } from '../wire/values.ts'

/** Snapshots of instances. */
export const snapshotOperations: Readonly<Record<string, FormOperation>> = {
  CreateDBSnapshot: {
    effect: 'snapshot',
    about: 'DBInstanceIdentifier',
    serve(call) {
      const { world } = call
      const name = newSnapshotName(call, 'DBSnapshotIdentifier')
      const instance = instanceNamed(call)
      if (instance.status !== 'stopped') mustBeAvailable(instance, call.now)
      const request = { ref: refOf(world.simulation, instance), kind: INSTANCE_KIND, name }
      takeSnapshot(world.simulation, request, deedOf(call, 'snapshot', instance.name))
      return { DBSnapshot: element(call, snapshotNamed(call, name)) }
    },
  },
  DescribeDBSnapshots: {
    effect: 'observe',
    serve(call) {
      const { form, world } = call
      const name = form.text('DBSnapshotIdentifier')
      const source = form.text('DBInstanceIdentifier')?.toLowerCase()
      const id = form.text('DbiResourceId')?.replace(/^db-/, 'sql-instance-')
      const type = form.text('SnapshotType')
      if (type !== undefined && !['manual', 'automated', 'shared', 'public', 'awsbackup'].includes(type))
        throw invalidValue(`Invalid snapshot type: ${type}`)
      const all = [...world.simulation.world.snapshots.values()].filter(
        (snapshot) =>
          snapshot.kind === INSTANCE_KIND &&
          (type === undefined || type === 'manual') &&
          (name === undefined || snapshot.name === nameIn('snapshot', name).toLowerCase()) &&
          (source === undefined || snapshot.sourceName === source) &&
          (id === undefined || snapshot.source === id),
      )
      if (name !== undefined && all.length === 0) throw notFound(name)
      const { page, marker } = pageOf(all, form, (snapshot) => snapshot.name, world.simulation.settings.pageSize)
      return {
        Marker: marker,
        DBSnapshots: items(
          'DBSnapshot',
          page.map((snapshot) => element(call, snapshot)),
        ),
      }
    },
  },
  DeleteDBSnapshot: {
    effect: 'remove',
    about: 'DBSnapshotIdentifier',
    serve(call) {
      const name = nameIn('snapshot', call.form.required('DBSnapshotIdentifier')).toLowerCase()
      const snapshot = snapshotNamed(call, name)
      if (receiptOf(snapshot, call.now).status === 'creating')
        throw new AwsError('InvalidDBSnapshotState', `Snapshot ${name} is being created.`)
      call.world.simulation.world.snapshots.delete(name)
      return { DBSnapshot: element(call, snapshot) }
    },
  },
}

/** The snapshot of that name. */
export function snapshotNamed({ world }: FormCall, name: string): FakeSnapshot {
  const found = world.simulation.world.snapshots.get(name.toLowerCase())
  if (found === undefined) throw notFound(name)
  return found
}

/** A name that no snapshot has. */
export function newSnapshotName({ form, world }: FormCall, parameter: string): string {
  const name = form.required(parameter).toLowerCase()
  if (!/^[a-z](?:-?[a-z0-9]){0,254}$/.test(name))
    throw invalidValue(`The parameter ${parameter} is not a valid identifier.`)
  if (world.simulation.world.snapshots.has(name))
    throw new AwsError(
      'DBSnapshotAlreadyExists',
      `Cannot create the snapshot because a snapshot with the identifier ${name} already exists.`,
    )
  return name
}

/** The last copy that a deletion takes along. */
export function addFinalSnapshot({ world }: FormCall, instance: FakeResource, name: string, readyAt: number): void {
  const { id: source, name: sourceName, kind, properties } = instance
  const snapshot = { name: name.toLowerCase(), source, sourceName, kind, properties, readyAt, doomed: false }
  world.simulation.world.snapshots.set(snapshot.name, snapshot)
}

function notFound(name: string): AwsError {
  return new AwsError('DBSnapshotNotFound', `DBSnapshot ${name} not found.`, 404)
}

function element({ world, region, now }: FormCall, snapshot: FakeSnapshot): XmlValue {
  const { properties } = snapshot
  const { status } = receiptOf(snapshot, now)
  const port = properties['provider.port']
  return {
    DBSnapshotIdentifier: snapshot.name,
    DBInstanceIdentifier: snapshot.sourceName,
    SnapshotCreateTime: new Date(snapshot.readyAt),
    Engine: textOf(properties['engine']),
    AllocatedStorage: Number(properties['storage.gib']),
    Status: status,
    Port: typeof port === 'number' ? port : defaultPort(properties['engine']),
    EngineVersion: textOf(properties['engineVersion']),
    MasterUsername: textIn(properties['provider.username']),
    SnapshotType: 'manual',
    PercentProgress: status === 'available' ? 100 : 0,
    StorageType: textOf(properties['provider.storage_type']),
    Encrypted: properties['encryption.atRest'] === true,
    DBSnapshotArn: rdsArn({ account: accountOf(world), region }, 'snapshot', snapshot.name),
    IAMDatabaseAuthenticationEnabled: properties['provider.iam_database_authentication_enabled'] === true,
    DbiResourceId: snapshot.source.replace(/^sql-instance-/, 'db-'),
    TagList: tagElements({}),
    SnapshotTarget: 'region',
  }
}
