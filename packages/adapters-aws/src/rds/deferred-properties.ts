import type { JsonValue, Properties } from '@infraledger/core/adapter'
import type { DbInstance, PendingModifiedValues } from './db-instance-schema.ts'
import { given } from './given.ts'
import { deferredNeutralProperties } from './neutral-properties.ts'
import { processorFeatures, storageVolumes } from './provider-properties.ts'

const RENAMED = [
  ['Port', 'port'],
  ['LicenseModel', 'license_model'],
  ['Iops', 'iops'],
  ['StorageThroughput', 'storage_throughput'],
  ['DBInstanceIdentifier', 'identifier'],
  ['StorageType', 'storage_type'],
  ['CACertificateIdentifier', 'ca_cert_identifier'],
  ['DBSubnetGroupName', 'db_subnet_group_name'],
  ['AutomationMode', 'automation_mode'],
  ['ResumeFullAutomationModeTime', 'resume_full_automation_mode_time'],
  ['MultiTenant', 'multi_tenant'],
  ['IAMDatabaseAuthenticationEnabled', 'iam_database_authentication_enabled'],
  ['DedicatedLogVolume', 'dedicated_log_volume'],
] as const satisfies readonly (readonly [keyof PendingModifiedValues, string])[]

/** What RDS accepted and has put off (`PendingModifiedValues`, 23 members), under the names of the properties that it will change. */
export function deferredProperties(instance: DbInstance): Properties {
  const pending = instance.PendingModifiedValues
  if (pending === undefined) return {}
  const renamed: Record<string, JsonValue | undefined> = {}
  for (const [member, name] of RENAMED) renamed[`provider.${name}`] = pending[member]
  return given({
    ...deferredNeutralProperties(pending),
    ...renamed,
    ...processorFeatures(pending.ProcessorFeatures),
    'provider.additional_storage_volumes': storageVolumes(pending.AdditionalStorageVolumes),
    'provider.enabled_cloudwatch_logs_exports': logExports(instance, pending),
  })
}

/** RDS tells which exports it will switch; the property is the list that will be in force then. */
function logExports(instance: DbInstance, pending: PendingModifiedValues): readonly string[] | undefined {
  const change = pending.PendingCloudwatchLogsExports
  if (change === undefined) return undefined
  const after = new Set([...(instance.EnabledCloudwatchLogsExports ?? []), ...(change.LogTypesToEnable ?? [])])
  for (const type of change.LogTypesToDisable ?? []) after.delete(type)
  return [...after].toSorted()
}
