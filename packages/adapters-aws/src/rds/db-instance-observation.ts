import type { ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { marksOf } from '../marks.ts'
import type { DbInstance } from './db-instance-schema.ts'
import { given } from './given.ts'
import { deferredProperties } from './deferred-properties.ts'
import { neutralProperties } from './neutral-properties.ts'
import { ALWAYS_TOLD, providerProperties } from './provider-properties.ts'
import { isBroken, isSettled } from './settled-status.ts'
import { RDS_VOLATILE_PROPERTIES } from './volatile-properties.ts'

/** What a living account tells of an instance beyond its description. */
export type LiveFacts = {
  /** Whether a security group of it lets the internet in; undefined where that could not be read. */
  readonly ingress: 'open' | 'closed' | undefined
}

/**
 * What RDS said of one instance, in neutral properties; what has no neutral name is under `provider.*`. Holds no secret.
 *
 * @param live with it, `network.publicAccess` is what is so (the flag and the security groups); without, what the flag says
 */
export function dbInstanceObservation(instance: DbInstance, live?: LiveFacts): ResourceObservation {
  const status = instance.DBInstanceStatus ?? 'unknown'
  const properties = {
    ...neutralProperties(instance),
    ...providerProperties(instance),
    ...(live === undefined ? {} : exposure(instance, live)),
  }
  const ref = dbInstanceRef(instance)
  const { idempotencyKey } = marksOf(instance.TagList)
  return {
    ref,
    kind: 'sql-instance',
    properties: given(properties),
    volatile: RDS_VOLATILE_PROPERTIES.filter((property) => Object.hasOwn(properties, property)),
    completeMaps: completeMaps(instance),
    alwaysTold: ALWAYS_TOLD,
    deferred: deferredProperties(instance),
    status,
    // RDS tells the status of every instance; an answer without one was cut down by whoever kept it, and says nothing of being unsettled.
    settled: instance.DBInstanceStatus === undefined || isSettled(status),
    ...(isBroken(status) ? { failure: `RDS gave it the status ${status}` } : {}),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...dependenciesOf(instance, ref),
  }
}

/** The flag alone opens nothing, and neither does a security group without it (RDS User Guide, "Hiding a DB instance in a VPC from the internet"). */
function exposure(
  { PubliclyAccessible: flag }: DbInstance,
  { ingress }: LiveFacts,
): { readonly [property: string]: boolean | undefined } {
  if (flag === undefined) return {}
  const isPublic = ingress === undefined ? undefined : ingress === 'open'
  return { 'network.publicAccess': flag ? isPublic : false, 'provider.publicly_accessible': flag }
}

/** The cluster that an instance is a member of, and the instance that it copies. RDS names a source in another region by its ARN. */
function dependenciesOf(instance: DbInstance, ref: ProviderRef): Pick<ResourceObservation, 'dependencies'> {
  const { id: _id, ...place } = ref
  const { DBClusterIdentifier: cluster, ReadReplicaSourceDBInstanceIdentifier: source = '' } = instance
  const [, , , region, account, , name] = source.split(':')
  const copied =
    name === undefined
      ? { ...place, name: source }
      : { ...place, name, ...(region === undefined ? {} : { region }), ...(account === undefined ? {} : { account }) }
  const dependencies = [
    ...(cluster === undefined || cluster === '' ? [] : [{ ...place, type: 'rds-cluster', name: cluster }]),
    ...(source === '' ? [] : [copied]),
  ]
  return dependencies.length === 0
    ? {}
    : { dependencies: dependencies.map((on) => ({ kind: 'sql-instance', ref: on })) }
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
