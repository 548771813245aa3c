import {
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBSnapshotsCommand,
  DescribeDBSubnetGroupsCommand,
} from '@aws-sdk/client-rds'
import type { DBInstanceAutomatedBackup, DBParameterGroup, DBSnapshot, DBSubnetGroup } from '@aws-sdk/client-rds'
import type { Properties, ResourceObservation } from '@infraledger/core/adapter'
import { given } from '../rds/given.ts'
import { labels } from '../rds/neutral-properties.ts'
import type { AwsSession, CallOptions } from '../session/session.ts'
import { describedPages } from './pages.ts'
import type { PageCall } from './pages.ts'

/** Lists all resources of a kind in a region, in pages. */
export type Listing = (
  session: AwsSession,
  region: string,
  options: CallOptions,
) => AsyncIterable<readonly ResourceObservation[]>

/**
 * What RDS has around its instances, under Terraform's names for the kinds and their properties, so that what a state told of them is
 * the same thing. They are read and left alone.
 */
export const OTHER_KINDS: ReadonlyMap<string, Listing> = new Map([
  [
    'aws_db_subnet_group',
    listing('DescribeDBSubnetGroups', subnetGroup, async (rds, page, signal) => {
      const answer = await rds.send(new DescribeDBSubnetGroupsCommand(page), signal)
      return { items: answer.DBSubnetGroups ?? [], marker: answer.Marker }
    }),
  ],
  [
    'aws_db_parameter_group',
    listing('DescribeDBParameterGroups', parameterGroup, async (rds, page, signal) => {
      const answer = await rds.send(new DescribeDBParameterGroupsCommand(page), signal)
      return { items: answer.DBParameterGroups ?? [], marker: answer.Marker }
    }),
  ],
  [
    'aws_db_snapshot',
    // Those that people and tools took: the automatic ones come and go by themselves, and are part of the automated backups.
    listing('DescribeDBSnapshots', snapshot, async (rds, page, signal) => {
      const answer = await rds.send(new DescribeDBSnapshotsCommand({ ...page, SnapshotType: 'manual' }), signal)
      return { items: answer.DBSnapshots ?? [], marker: answer.Marker }
    }),
  ],
  [
    'aws_db_instance_automated_backup',
    listing('DescribeDBInstanceAutomatedBackups', automatedBackup, async (rds, page, signal) => {
      const answer = await rds.send(new DescribeDBInstanceAutomatedBackupsCommand(page), signal)
      return { items: answer.DBInstanceAutomatedBackups ?? [], marker: answer.Marker }
    }),
  ],
])

function listing<T>(
  operation: string,
  observation: (item: T) => readonly ResourceObservation[],
  call: PageCall<T>,
): Listing {
  return async function* (session, region, options) {
    for await (const page of describedPages(session, region, operation, call, options)) yield page.flatMap(observation)
  }
}

function subnetGroup(group: DBSubnetGroup): readonly ResourceObservation[] {
  const properties = given({
    description: group.DBSubnetGroupDescription,
    vpc_id: group.VpcId,
    subnet_ids: group.Subnets?.flatMap((subnet) => subnet.SubnetIdentifier ?? []).toSorted(),
    supported_network_types: group.SupportedNetworkTypes?.toSorted(),
  })
  return observed('aws_db_subnet_group', group.DBSubnetGroupName, group.DBSubnetGroupArn, { properties })
}

function parameterGroup(group: DBParameterGroup): readonly ResourceObservation[] {
  const properties = given({ family: group.DBParameterGroupFamily, description: group.Description })
  return observed('aws_db_parameter_group', group.DBParameterGroupName, group.DBParameterGroupArn, { properties })
}

function snapshot(copy: DBSnapshot): readonly ResourceObservation[] {
  const properties = {
    ...given({
      db_instance_identifier: copy.DBInstanceIdentifier,
      source_resource_id: copy.DbiResourceId,
      engine: copy.Engine,
      engine_version: copy.EngineVersion,
      allocated_storage: copy.AllocatedStorage,
      encrypted: copy.Encrypted,
      kms_key_id: copy.KmsKeyId,
      snapshot_type: copy.SnapshotType,
      storage_type: copy.StorageType,
      snapshot_create_time: copy.SnapshotCreateTime?.toISOString(),
    }),
    ...labels({
      TagList: copy.TagList?.flatMap(({ Key, Value }) => (Key === undefined ? [] : [{ Key, Value: Value ?? '' }])),
    }),
  }
  return observed('aws_db_snapshot', copy.DBSnapshotIdentifier, copy.DBSnapshotArn, {
    properties,
    status: copy.Status,
    maps: copy.TagList === undefined ? [] : ['labels'],
  })
}

/** The name of the backups of an instance is its immutable id: names of instances come back. */
function automatedBackup(backup: DBInstanceAutomatedBackup): readonly ResourceObservation[] {
  const properties = given({
    source_db_instance_arn: backup.DBInstanceArn,
    source_resource_id: backup.DbiResourceId,
    retention_period: backup.BackupRetentionPeriod,
    encrypted: backup.Encrypted,
    engine: backup.Engine,
    status: backup.Status,
    earliest_restorable_time: backup.RestoreWindow?.EarliestTime?.toISOString(),
    latest_restorable_time: backup.RestoreWindow?.LatestTime?.toISOString(),
  })
  return observed('aws_db_instance_automated_backup', backup.DbiResourceId, backup.DBInstanceAutomatedBackupsArn, {
    properties,
    status: backup.Status,
    volatile: ['earliest_restorable_time', 'latest_restorable_time'],
  })
}

/** Statuses in which what surrounds an instance is final. */
const AT_REST = ['available', 'active', 'retained', 'complete']

/** A thing by its ARN, which names account and region and is never another thing's: `arn:aws:rds:<region>:<account>:<type>:<name>`. */
function observed(
  kind: string,
  name: string | undefined,
  arn: string | undefined,
  told: {
    readonly properties: Properties
    readonly status?: string | undefined
    readonly maps?: readonly string[]
    readonly volatile?: readonly string[]
  },
): readonly ResourceObservation[] {
  if (name === undefined || name === '') return []
  const [, , , region, account] = (arn ?? '').split(':')
  const { properties, status = 'available', maps = [], volatile = [] } = told
  const place = { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) }
  const isThere = (property: string): boolean => Object.hasOwn(properties, property)
  return [
    {
      ref: { provider: 'aws', ...place, type: kind, name, ...(arn === undefined ? {} : { id: arn }) },
      kind,
      properties,
      volatile: volatile.filter(isThere),
      completeMaps: maps,
      deferred: {},
      status,
      settled: AT_REST.includes(status.toLowerCase()),
    },
  ]
}
