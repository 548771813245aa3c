import type {
  CloudProvider,
  Operation,
  OperationUpdate,
  Properties,
  ResourceObservation,
} from '@infraledger/core/adapter'
import { unknown } from '../session/aws-errors.ts'
import type { AwsAttempt } from '../session/aws-errors.ts'
import { RDS_SETTINGS } from './settings.ts'
import { isThere } from './values.ts'

/**
 * What an instance that is made of another one can be told at once. All else that keeps a database safe has to be put back afterwards: RDS
 * gives it one zone, the default groups and no protection unless it is told otherwise (RDS API, RestoreDBInstanceToPointInTime).
 */
const AT_ONCE = [
  'tier',
  'storage.gib',
  'deletionProtection',
  'network.publicAccess',
  'provider.storage_type',
  'provider.iops',
  'provider.storage_throughput',
  'provider.port',
  'provider.vpc_security_group_ids',
  'provider.db_subnet_group_name',
  'provider.parameter_group_name',
  'provider.option_group_name',
  'provider.auto_minor_version_upgrade',
  'provider.copy_tags_to_snapshot',
  'provider.iam_database_authentication_enabled',
  'provider.ca_cert_identifier',
] as const

/** What is put back by changing the new instance, because no call that makes it takes it. */
const AFTERWARDS = [
  'availability',
  'backup.retentionDays',
  'backup.window',
  'maintenance.window',
  'provider.manage_master_user_password',
  'provider.enabled_cloudwatch_logs_exports',
  'provider.monitoring_interval',
  'provider.monitoring_role_arn',
  'provider.performance_insights_enabled',
  'provider.performance_insights_retention_period',
  'provider.max_allocated_storage',
] as const

/** The parameters by which an instance that is made of another gets as much of a posture as RDS takes at once. */
export function parametersAtOnce(posture: Properties): Readonly<Record<string, unknown>> {
  const said: Record<string, unknown> = {}
  for (const property of AT_ONCE) {
    const value = posture[property]
    const parameter = RDS_SETTINGS[property]?.onCreate
    if (parameter !== undefined && value !== undefined && value !== null) said[parameter] = value
  }
  if (posture['availability'] !== undefined) said['MultiAZ'] = posture['availability'] === 'regional'
  return said
}

/** What of a posture a new instance does not have: to be put back. Values that nobody had are not taken away. */
export function lostPosture(posture: Properties, observation: ResourceObservation): Properties {
  const lost: Record<string, Properties[string]> = {}
  for (const property of [...AT_ONCE, ...AFTERWARDS]) {
    const value = posture[property]
    // Which flag is set counts here, not who can reach the instance.
    const seen = property === 'network.publicAccess' ? 'provider.publicly_accessible' : property
    if (value !== undefined && value !== null && !isThere(observation, seen, value)) lost[property] = value
  }
  return lost
}

/**
 * Puts back what an instance that was made of another lacks of a posture, right after its making. The outcome is that of the last change,
 * and says what RDS has put off.
 */
export async function* withPosture(
  making: Operation,
  posture: Properties,
  again: {
    readonly update: CloudProvider['update']
    readonly attempt: AwsAttempt
    readonly key: string
    readonly signal?: AbortSignal | undefined
  },
): AsyncGenerator<OperationUpdate> {
  for await (const step of making) {
    if (step.type === 'progress') yield step
    else if (step.observation === null) throw unknown(again.attempt, 'it was made, and is gone since')
    else {
      const changes = lostPosture(posture, step.observation)
      if (Object.keys(changes).length === 0) {
        yield step
        return
      }
      yield { type: 'progress', status: `putting back ${Object.keys(changes).join(', ')}` }
      const request = { ref: step.observation.ref, kind: 'sql-instance', changes, expected: {}, when: 'now' } as const
      const options = {
        idempotencyKey: `${again.key} posture`,
        ...(again.signal === undefined ? {} : { signal: again.signal }),
      }
      yield* again.update(request, options)
    }
  }
}
