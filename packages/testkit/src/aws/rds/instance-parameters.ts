import type { JsonValue, Properties } from '@infraledger/core/adapter'
import type { FakeResource } from '../../fake-cloud/world.ts'
import { invalidCombination } from '../wire/aws-error.ts'
import type { Form } from '../wire/form.ts'
import { SETTINGS } from './settings.ts'
import { textsIn } from '../wire/values.ts'

type Said = Record<string, JsonValue>

/** What the parameters of CreateDBInstance ask for, as properties of the fake cloud. */
export function createdProperties(form: Form): Properties {
  const said = oneByOne(form, 'onCreate')
  put(said, 'provider.port', form.whole('Port'))
  put(said, 'provider.enabled_cloudwatch_logs_exports', form.texts('EnableCloudwatchLogsExports'))
  return { ...said, ...shared(form) }
}

/** What the parameters of ModifyDBInstance ask for, as properties of the fake cloud. */
export function modifiedProperties(form: Form, instance: FakeResource): Properties {
  const said = oneByOne(form, 'onModify')
  put(said, 'provider.port', form.whole('DBPortNumber'))
  put(said, 'provider.db_subnet_group_name', form.text('DBSubnetGroupName'))
  put(said, 'provider.identifier', form.text('NewDBInstanceIdentifier')?.toLowerCase())
  if (form.flag('RotateMasterUserPassword') === true) {
    if (instance.properties['provider.manage_master_user_password'] !== true)
      throw invalidCombination('You can rotate the master user password only when it is managed with Secrets Manager.')
    if (form.flag('ApplyImmediately') !== true)
      throw invalidCombination('You must apply the change immediately when rotating the master user password.')
    said['provider.rotations'] = Number(instance.properties['provider.rotations'] ?? 0) + 1
  }
  const on = form.texts('CloudwatchLogsExportConfiguration.EnableLogTypes') ?? []
  const off = form.texts('CloudwatchLogsExportConfiguration.DisableLogTypes') ?? []
  if (on.length + off.length > 0) {
    const before = instance.properties['provider.enabled_cloudwatch_logs_exports']
    const after = new Set([...textsIn(before), ...on])
    for (const type of off) after.delete(type)
    said['provider.enabled_cloudwatch_logs_exports'] = [...after]
  }
  return { ...said, ...shared(form) }
}

function oneByOne(form: Form, when: 'onCreate' | 'onModify'): Said {
  const said: Said = {}
  for (const setting of SETTINGS) {
    const parameter = setting[when] === undefined ? setting.member : setting[when]
    if (parameter === null || !form.has(parameter)) continue
    const value =
      setting.form === 'text'
        ? form.text(parameter)
        : setting.form === 'whole'
          ? form.whole(parameter)
          : form.flag(parameter)
    // 0 takes a number away that is unset by default, such as the IOPS.
    put(said, setting.property, value)
  }
  return said
}

function shared(form: Form): Properties {
  const said: Said = {}
  const multiAz = form.flag('MultiAZ')
  put(said, 'availability', multiAz === undefined ? undefined : multiAz ? 'regional' : 'zonal')
  put(said, 'provider.vpc_security_group_ids', form.texts('VpcSecurityGroupIds'))
  put(said, 'provider.parameter_group_name', form.text('DBParameterGroupName'))
  put(said, 'provider.option_group_name', form.text('OptionGroupName'))
  put(said, 'provider.db_subnet_group_name', form.text('DBSubnetGroupName'))
  put(said, 'masterPassword', form.text('MasterUserPassword'))
  put(said, 'provider.manage_master_user_password', form.flag('ManageMasterUserPassword'))
  if (said['masterPassword'] !== undefined && said['provider.manage_master_user_password'] === true)
    throw invalidCombination('You cannot specify both MasterUserPassword and ManageMasterUserPassword.')
  return said
}

function put(said: Said, property: string, value: JsonValue | undefined): void {
  if (value !== undefined) said[property] = value
}
