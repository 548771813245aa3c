import { refKey } from '@infraledger/core/adapter'
import type { ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { activityEntry, placeOf } from '../activity/activity-entry.ts'
import { textIn } from '../activity/trail-record.ts'
import type { TrailRecord } from '../activity/trail-record.ts'
import { dbInstanceObservation } from '../rds/db-instance-observation.ts'
import { dbInstanceSchema } from '../rds/db-instance-schema.ts'
import { given } from '../rds/given.ts'

/** What a call told: how something is now, or that it is gone. */
export type Told = { readonly observations: readonly ResourceObservation[] } | { readonly gone: readonly ProviderRef[] }

/**
 * What a record tells of the thing that it is about. CloudTrail keeps the answers of RDS; the description of an instance in them is the
 * one that RDS gave right then, so a value that is still being applied is not in force in it.
 *
 * @param known how each thing was last told of, by its key; what is told now is put there
 */
export function toldBy(record: TrailRecord, known: Map<string, ResourceObservation>): Told | undefined {
  const ref = activityEntry(record)?.ref
  if (ref === undefined) return undefined
  const before = [...known.values()].find((one) => one.ref.type === ref.type && one.ref.name === ref.name)
  if (record.eventName.startsWith('Delete')) {
    const gone = before?.ref ?? ref
    known.delete(refKey(gone))
    return { gone: [gone] }
  }
  const observation = observed(record, ref, before)
  if (observation === undefined) return undefined
  known.set(refKey(observation.ref), observation)
  return { observations: [observation] }
}

function observed(
  record: TrailRecord,
  ref: ProviderRef,
  before: ResourceObservation | undefined,
): ResourceObservation | undefined {
  if (ref.type === 'rds-instance') return instanceTold(record)
  if (ref.type === 'aws_db_snapshot') return snapshotTold(record, ref, before)
  return ref.type === 'aws_db_subnet_group' ? subnetGroupTold(record, ref) : undefined
}

/** An instance as the answer described it, settled: the log has no later look at what was being made. */
function instanceTold(record: TrailRecord): ResourceObservation | undefined {
  const described = dbInstanceSchema.safeParse(withMembers(record.responseElements ?? {}))
  if (!described.success) return undefined
  const { region = '', account = '' } = placeOf(record)
  const arn = `arn:aws:rds:${region}:${account}:db:${described.data.DBInstanceIdentifier}`
  const observation = dbInstanceObservation({ DBInstanceArn: arn, ...described.data })
  return { ...observation, settled: true, deferred: {} }
}

/** Whom a snapshot is shared with is in `ModifyDBSnapshotAttribute` only; `all` is everybody. */
function snapshotTold(
  record: TrailRecord,
  ref: ProviderRef,
  before: ResourceObservation | undefined,
): ResourceObservation {
  const answered = record.responseElements
  const told = given({
    db_instance_identifier: textIn(answered, 'dBInstanceIdentifier'),
    engine: textIn(answered, 'engine'),
    engine_version: textIn(answered, 'engineVersion'),
    encrypted: answered?.['encrypted'] === undefined ? undefined : answered['encrypted'] === true,
  })
  const sharing = record.eventName === 'ModifyDBSnapshotAttribute' ? sharedWith(answered?.['dBSnapshotAttributes']) : []
  const properties = { ...before?.properties, ...told, shared_accounts: sharing }
  return resting(before?.ref ?? ref, properties)
}

function sharedWith(attributes: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(attributes) ? attributes : []
  return all.flatMap((attribute) => {
    if (typeof attribute !== 'object' || attribute === null || !('attributeName' in attribute)) return []
    const values: unknown = 'attributeValues' in attribute ? attribute.attributeValues : []
    return attribute.attributeName === 'restore' && Array.isArray(values) ? values.map(String) : []
  })
}

function subnetGroupTold(
  { responseElements: answered, requestParameters: asked }: TrailRecord,
  ref: ProviderRef,
): ResourceObservation {
  const subnets = asked?.['subnetIds']
  const properties = given({
    description: textIn(answered, 'dBSubnetGroupDescription') ?? textIn(asked, 'dBSubnetGroupDescription'),
    vpc_id: textIn(answered, 'vpcId'),
    subnet_ids: Array.isArray(subnets) ? subnets.map(String).toSorted() : undefined,
  })
  return resting(ref, properties)
}

function resting(ref: ProviderRef, properties: ResourceObservation['properties']): ResourceObservation {
  return {
    ref,
    kind: ref.type,
    properties,
    volatile: [],
    completeMaps: [],
    deferred: {},
    status: 'available',
    settled: true,
  }
}

/** Names of members as the API has them: CloudTrail writes the first letter small (`dBInstanceClass`, `iAMDatabaseAuthenticationEnabled`). */
function withMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMembers)
  if (typeof value !== 'object' || value === null) return value
  const renamed = Object.entries(value).map(([name, inside]): [string, unknown] => [
    memberName(name),
    withMembers(inside),
  ])
  return Object.fromEntries(renamed)
}

/** The few members of the API that do begin with a small second letter. */
const AS_THEY_ARE: Readonly<Record<string, string>> = {
  dbiResourceId: 'DbiResourceId',
  dbInstancePort: 'DbInstancePort',
}

function memberName(name: string): string {
  return AS_THEY_ARE[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
