import { jsonEqual } from '@infraledger/core/adapter'
import type { JsonValue, Properties, ResourceObservation } from '@infraledger/core/adapter'
import { RDS_SETTINGS, switchesBackups } from './settings.ts'

/** Lists whose order RDS gives no meaning. */
const SETS = new Set(['provider.vpc_security_group_ids', 'provider.enabled_cloudwatch_logs_exports'])

/** Whether a value is what was wanted: of an engine version that names less, any that begins with it ("15" is met by "15.4"). */
export function meets(property: string, wanted: JsonValue, actual: JsonValue): boolean {
  if (jsonEqual(wanted, actual)) return true
  if (property === 'engineVersion')
    return typeof wanted === 'string' && typeof actual === 'string' && actual.startsWith(`${wanted}.`)
  if (!SETS.has(property) || !Array.isArray(wanted) || !Array.isArray(actual)) return false
  return jsonEqual(wanted.map(String).toSorted(), actual.map(String).toSorted())
}

/** Whether a wanted value is in force. */
export function isThere(observation: ResourceObservation, property: string, wanted: JsonValue): boolean {
  return meets(property, wanted, observation.properties[property] ?? null)
}

/** Whether a wanted value is shown as put off or being applied. */
export function isPutOff({ deferred }: ResourceObservation, property: string, wanted: JsonValue): boolean {
  return Object.hasOwn(deferred, property) && meets(property, wanted, deferred[property] ?? null)
}

/** Whether RDS puts a change off to the maintenance window unless it is told to apply it immediately. */
export function waits(property: string, changes: Properties, { properties }: ResourceObservation): boolean {
  if (property === 'backup.retentionDays' || property === 'backup.pointInTimeRecovery')
    return switchesBackups(properties['backup.retentionDays'], changes['backup.retentionDays'])
  return (
    property === 'availability' || (Object.hasOwn(RDS_SETTINGS, property) && RDS_SETTINGS[property]?.waits === true)
  )
}
