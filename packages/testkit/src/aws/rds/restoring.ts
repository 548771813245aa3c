import type { JsonValue, Properties } from '@infraledger/core/adapter'
import { acceptCreate } from '../../fake-cloud/create.ts'
import { resourceOf } from '../../fake-cloud/simulation.ts'
import { receiptOf } from '../../fake-cloud/world.ts'
import { AwsError, invalidCombination, invalidValue } from '../wire/aws-error.ts'
import { numberIn } from '../wire/values.ts'
import type { XmlValue } from '../wire/xml.ts'
import { nameIn } from './arn.ts'
import { translated } from './change-instances.ts'
import { createdProperties } from './instance-parameters.ts'
import { described, INSTANCE_KIND, instanceNamed, newIdentifier } from './instances.ts'
import { deedOf } from './operation.ts'
import type { FormCall, FormOperation } from './operation.ts'
import { snapshotNamed } from './snapshots.ts'
import { tagProperties } from './tags.ts'

/** Making instances of others: from a copy, of a moment in the past, and as a replica. */
export const restoringOperations: Readonly<Record<string, FormOperation>> = {
  RestoreDBInstanceFromDBSnapshot: {
    effect: 'create',
    about: 'DBInstanceIdentifier',
    serve(call) {
      const snapshot = snapshotNamed(call, nameIn('snapshot', call.form.required('DBSnapshotIdentifier')))
      if (receiptOf(snapshot, call.now).status !== 'available')
        throw new AwsError('InvalidDBSnapshotState', `Snapshot ${snapshot.name} is not available.`)
      return made(call, 'DBInstanceIdentifier', withoutPosture(snapshot.properties))
    },
  },
  RestoreDBInstanceToPointInTime: {
    effect: 'create',
    about: 'TargetDBInstanceIdentifier',
    serve(call) {
      const { form, now } = call
      const source = instanceNamed(call, 'SourceDBInstanceIdentifier')
      if (!(Number(source.properties['backup.retentionDays']) > 0))
        throw new AwsError('PointInTimeRestoreNotEnabled', `Automated backups of ${source.name} are not enabled.`)
      const said = form.text('RestoreTime')
      if ((said === undefined) === (form.flag('UseLatestRestorableTime') !== true))
        throw invalidCombination('Specify either RestoreTime or UseLatestRestorableTime.')
      const at = said === undefined ? now : Date.parse(said)
      if (Number.isNaN(at) || at < source.createdAt || at > now)
        throw invalidValue(`The specified time ${said ?? ''} is not within the restorable time of ${source.name}.`)
      return made(call, 'TargetDBInstanceIdentifier', withoutPosture(source.properties))
    },
  },
  CreateDBInstanceReadReplica: {
    effect: 'create',
    about: 'DBInstanceIdentifier',
    serve(call) {
      const source = instanceNamed(call, 'SourceDBInstanceIdentifier')
      if (!(Number(source.properties['backup.retentionDays']) > 0))
        throw new AwsError(
          'InvalidDBInstanceState',
          `Automated backups are not enabled for this database instance: ${source.name}.`,
        )
      const replica = { 'provider.replicate_source_db': source.name, 'backup.retentionDays': 0 }
      return made(call, 'DBInstanceIdentifier', { ...withoutPosture(source.properties), ...replica })
    },
  },
}

/** Of what keeps a database safe, a restored one has nothing unless it is asked for (RDS API, RestoreDBInstanceToPointInTime). */
const NOT_TAKEN_ALONG = new Set([
  'availability',
  'deletionProtection',
  'network.publicAccess',
  'backup.pointInTimeRecovery',
  'provider.vpc_security_group_ids',
  'provider.db_subnet_group_name',
  'provider.parameter_group_name',
  'provider.option_group_name',
  'provider.manage_master_user_password',
  'provider.enabled_cloudwatch_logs_exports',
  'provider.iam_database_authentication_enabled',
  'provider.identifier',
])

function withoutPosture(properties: Properties): Properties {
  const kept: [string, JsonValue][] = Object.entries(properties).filter(
    ([property]) => !NOT_TAKEN_ALONG.has(property) && !property.startsWith('labels'),
  )
  return Object.fromEntries(kept)
}

function made(call: FormCall, parameter: string, source: Properties): XmlValue {
  const { form, world, region } = call
  const name = newIdentifier(call, parameter)
  const asked = createdProperties(form)
  const [before, after] = [numberIn(source['storage.gib']), numberIn(asked['storage.gib'])]
  if (before !== undefined && after !== undefined && after < before)
    throw invalidValue('The allocated storage cannot be smaller than that of the source.')
  const properties = { ...source, ...asked, ...tagProperties(form.tags()) }
  const target = { provider: world.simulation.name, account: world.home.account, region }
  const request = { target, kind: INSTANCE_KIND, name, properties, dependencies: [] }
  const accepted = translated(() => acceptCreate(world.simulation, request, deedOf(call, 'create', name)))
  return { DBInstance: described(call, resourceOf(world.simulation.world, accepted.resource)) }
}
