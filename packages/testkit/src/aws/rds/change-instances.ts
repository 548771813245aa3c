import { isLedgerError } from '@infraledger/core/adapter'
import { recordActivity } from '../../fake-cloud/activity.ts'
import { start } from '../../fake-cloud/agenda.ts'
import { acceptCreate } from '../../fake-cloud/create.ts'
import type { Deed } from '../../fake-cloud/deed.ts'
import { compareVersions } from '../../fake-cloud/kinds/engine-version.ts'
import { acceptRemove } from '../../fake-cloud/remove.ts'
import { alter, resourceOf } from '../../fake-cloud/simulation.ts'
import { acceptUpdate } from '../../fake-cloud/update.ts'
import type { FakeResource } from '../../fake-cloud/world.ts'
import { AwsError, invalidCombination, invalidValue } from '../wire/aws-error.ts'
import type { XmlValue } from '../wire/xml.ts'
import { majorOf, upgradeTargets } from './engine-versions.ts'
import { createdProperties, modifiedProperties } from './instance-parameters.ts'
import { described, INSTANCE_KIND, instanceNamed, invalidState, mustBeAvailable, newIdentifier } from './instances.ts'
import { deedOf } from './operation.ts'
import type { FormCall, FormOperation } from './operation.ts'
import { addFinalSnapshot, newSnapshotName } from './snapshots.ts'
import { tagProperties } from './tags.ts'
import { textOf } from '../wire/values.ts'

const ABOUT = 'DBInstanceIdentifier'

/** Making, changing and removing instances. */
export const changeOperations: Readonly<Record<string, FormOperation>> = {
  CreateDBInstance: { effect: 'create', about: ABOUT, serve: createDbInstance },
  ModifyDBInstance: { effect: 'update', about: ABOUT, serve: modifyDbInstance },
  DeleteDBInstance: { effect: 'remove', about: ABOUT, serve: deleteDbInstance },
  StopDBInstance: { effect: 'update', about: ABOUT, serve: stopDbInstance },
  StartDBInstance: { effect: 'update', about: ABOUT, serve: startDbInstance },
  RebootDBInstance: { effect: 'update', about: ABOUT, serve: rebootDbInstance },
}

function createDbInstance(call: FormCall): XmlValue {
  const { form, world, region } = call
  for (const parameter of ['DBInstanceClass', 'Engine']) form.required(parameter)
  const name = newIdentifier(call, ABOUT)
  const properties = { ...createdProperties(form), ...tagProperties(form.tags()) }
  const hasPassword = properties['masterPassword'] !== undefined || form.flag('ManageMasterUserPassword') === true
  if (properties['provider.cluster_identifier'] === undefined && !hasPassword)
    throw invalidValue('The parameter MasterUserPassword must be provided and must not be blank.')
  const target = { provider: world.simulation.name, account: world.home.account, region }
  const deed = deedOf(call, 'create', name)
  const accepted = translated(() =>
    acceptCreate(world.simulation, { target, kind: INSTANCE_KIND, name, properties, dependencies: [] }, deed),
  )
  return { DBInstance: described(call, resourceOf(world.simulation.world, accepted.resource)) }
}

function modifyDbInstance(call: FormCall): XmlValue {
  const { form, world, now } = call
  const { simulation } = world
  const instance = instanceNamed(call)
  mustBeAvailable(instance, now)
  const changes = modifiedProperties(form, instance)
  refuseBadName(call, instance, changes['provider.identifier'])
  refuseBadVersion(form, instance, changes['engineVersion'])
  const isNow = form.flag('ApplyImmediately') === true
  // "ApplyImmediately: changes and any pending changes are applied as soon as possible."
  const all = isNow ? { ...instance.deferred, ...changes } : changes
  const deed = deedOf(call, 'update', instance.name)
  translated(() =>
    acceptUpdate(simulation, instance, { changes: all, when: isNow ? 'now' : 'maintenance-window' }, deed),
  )
  if (changes['provider.manage_master_user_password'] === false) world.masterPasswords.delete(instance.id)
  return { DBInstance: described(call, resourceOf(simulation.world, instance.id)) }
}

function refuseBadName(call: FormCall, instance: FakeResource, wanted: unknown): void {
  if (typeof wanted === 'string' && wanted !== instance.name) newIdentifier(call, 'NewDBInstanceIdentifier')
}

function refuseBadVersion(form: FormCall['form'], { properties }: FakeResource, wanted: unknown): void {
  const current = properties['engineVersion']
  if (typeof wanted !== 'string' || typeof current !== 'string') return
  if (majorOf(wanted) !== majorOf(current) && form.flag('AllowMajorVersionUpgrade') !== true)
    throw invalidCombination('The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.')
  if (compareVersions(wanted, current) < 0 && !current.startsWith(`${wanted}.`)) throw cannotUpgrade(properties, wanted)
  const isMajor = majorOf(wanted) !== majorOf(current)
  const targets = upgradeTargets(textOf(properties['engine']), current)
  if (isMajor && !targets.some(({ version }) => version === wanted || version.startsWith(`${wanted}.`)))
    throw cannotUpgrade(properties, wanted)
}

function cannotUpgrade(properties: FakeResource['properties'], wanted: string): AwsError {
  const [engine, current] = [textOf(properties['engine']), textOf(properties['engineVersion'])]
  return invalidCombination(`Cannot upgrade ${engine} from ${current} to ${wanted}`)
}

function deleteDbInstance(call: FormCall): XmlValue {
  const { form, world, now } = call
  const instance = instanceNamed(call)
  if (instance.status === 'deleting') throw invalidState(instance, 'is already being deleted')
  if (instance.properties['deletionProtection'] === true)
    throw invalidCombination('Cannot delete protected DB Instance, please disable deletion protection and try again.')
  const skips = form.flag('SkipFinalSnapshot') === true
  const final = form.text('FinalDBSnapshotIdentifier')
  if (skips && final !== undefined)
    throw invalidCombination('FinalDBSnapshotIdentifier can not be specified when deleting without a final snapshot.')
  if (!skips && final === undefined)
    throw invalidCombination('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.')
  if (final !== undefined) newSnapshotName(call, 'FinalDBSnapshotIdentifier')
  if (instance.busyUntil > now) throw invalidState(instance, 'is not in a state in which it can be deleted')
  const removeAutomatedBackups = form.flag('DeleteAutomatedBackups') !== false
  const deed = deedOf(call, 'remove', instance.name)
  const { endsAt } = translated(() => acceptRemove(world.simulation, instance, { removeAutomatedBackups }, deed))
  if (final !== undefined) addFinalSnapshot(call, instance, final, endsAt)
  return { DBInstance: described(call, resourceOf(world.simulation.world, instance.id)) }
}

function stopDbInstance(call: FormCall): XmlValue {
  const instance = instanceNamed(call)
  mustBeAvailable(instance, call.now)
  return became(call, instance, 'stop', { status: 'stopped' })
}

function startDbInstance(call: FormCall): XmlValue {
  const { world, now } = call
  const instance = instanceNamed(call)
  if (instance.status !== 'stopped') throw invalidState(instance, 'is not stopped')
  start(world.simulation, instance, now)
  return became(call, instance, 'start', {})
}

function rebootDbInstance(call: FormCall): XmlValue {
  const instance = instanceNamed(call)
  mustBeAvailable(instance, call.now)
  return became(call, instance, 'reboot', {})
}

function became(call: FormCall, instance: FakeResource, operation: string, change: Partial<FakeResource>): XmlValue {
  const { world, now } = call
  const deed: Deed = deedOf(call, operation, instance.name)
  const resource = alter(world.simulation, instance.id, change, now)
  recordActivity(world.simulation, resource, { operation }, deed)
  return { DBInstance: described(call, resource) }
}

/** A refusal of the fake cloud in words of RDS. */
export function translated<T>(accept: () => T): T {
  try {
    return accept()
  } catch (error) {
    if (isLedgerError(error, 'cloud-refused')) {
      const { reason } = error.details
      throw /only grow|go back|cannot be changed|point-in-time/.test(reason)
        ? invalidCombination(reason)
        : invalidValue(reason)
    }
    if (isLedgerError(error, 'cloud-retryable')) throw new AwsError('InvalidDBInstanceState', error.details.reason)
    throw error
  }
}
