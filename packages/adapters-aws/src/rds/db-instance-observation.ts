import type { ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import type { DbInstance } from './db-instance-schema.ts'
import { deferredProperties } from './deferred-properties.ts'
import { neutralProperties } from './neutral-properties.ts'
import { ALWAYS_TOLD, providerProperties } from './provider-properties.ts'
import { isBroken, isSettled } from './settled-status.ts'
import { RDS_VOLATILE_PROPERTIES } from './volatile-properties.ts'

/** What RDS said of one instance, in neutral properties; what has no neutral name is under `provider.*`. Holds no secret. */
export function dbInstanceObservation(instance: DbInstance): ResourceObservation {
  const status = instance.DBInstanceStatus ?? 'unknown'
  const properties = { ...neutralProperties(instance), ...providerProperties(instance) }
  return {
    ref: dbInstanceRef(instance),
    kind: 'sql-instance',
    properties,
    volatile: RDS_VOLATILE_PROPERTIES.filter((property) => Object.hasOwn(properties, property)),
    completeMaps: completeMaps(instance),
    alwaysTold: ALWAYS_TOLD,
    deferred: deferredProperties(instance),
    status,
    // RDS tells the status of every instance; an answer without one was cut down by whoever kept it, and says nothing of being unsettled.
    settled: instance.DBInstanceStatus === undefined || isSettled(status),
    ...(isBroken(status) ? { failure: `RDS gave it the status ${status}` } : {}),
  }
}

/** Answers of before 2020 carry no tags at all: there, nothing was looked at. */
function completeMaps(instance: DbInstance): readonly string[] {
  return ['provider.processor_features', ...(instance.TagList === undefined ? [] : ['labels'])]
}

/**
 * The identifier can be changed and used again; `DbiResourceId` is the instance's for life (RDS API, "DBInstance").
 * Account and region come from the ARN: `arn:aws:rds:<region>:<account>:db:<identifier>`.
 */
function dbInstanceRef(instance: DbInstance): ProviderRef {
  const [, , , region, account] = (instance.DBInstanceArn ?? '').split(':')
  return {
    provider: 'aws',
    type: 'rds-instance',
    name: instance.DBInstanceIdentifier,
    ...(account === undefined || account === '' ? {} : { account }),
    ...(region === undefined || region === '' ? {} : { region }),
    ...(instance.DbiResourceId === undefined ? {} : { id: instance.DbiResourceId }),
  }
}
