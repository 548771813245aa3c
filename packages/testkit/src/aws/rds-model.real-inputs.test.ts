import { describe, expect, it } from 'vitest'
import { rdsOperations } from './rds/operations.ts'
import { faultsOf, rdsModel } from './rds-model.fixture.ts'
import { INSTANCE, makeInstance, stage } from './wire-calls.fixture.ts'
import type { Stage, WireAnswer, XmlElement } from './wire-calls.fixture.ts'

const model = rdsModel()
const ARN = 'arn:aws:rds:eu-west-1:123456789012:db:orders'

/** Calls of every operation, one after the other in one account, those that are refused included. */
async function everything({ aws, call, clock, ...rest }: Stage): Promise<readonly (readonly [string, WireAnswer])[]> {
  const answers: (readonly [string, WireAnswer])[] = []
  const ask: Stage['call'] = async (action, parameters, options) => {
    const answer = await call(action, parameters, options)
    answers.push([action, answer])
    return answer
  }
  const grace = aws.cloud.console('grace')
  grace.create('aws_db_subnet_group', 'private', { subnet_ids: ['subnet-1', 'subnet-2'] })
  grace.create('aws_db_parameter_group', 'tuned', { family: 'postgres17', 'parameters["rds.force_ssl"]': '1' })
  grace.create('aws_rds_cluster', 'aurora', { engine: 'aurora-postgresql', 'labels["team"]': 'core' })
  await clock.advance(60_000)
  await makeInstance(
    { aws, call: ask, clock, ...rest },
    {
      MultiAZ: true,
      StorageEncrypted: true,
      DBSubnetGroupName: 'private',
      DBParameterGroupName: 'tuned',
      'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-1',
      'Tags.Tag.1.Key': 'team',
      'Tags.Tag.1.Value': 'a < b & "c"',
      'EnableCloudwatchLogsExports.member.1': 'postgresql',
    },
  )
  await ask('CreateDBInstance', {
    ...INSTANCE,
    DBInstanceIdentifier: 'managed',
    ManageMasterUserPassword: true,
    MasterUserPassword: '',
  })
  await ask('CreateDBInstance', {
    DBInstanceIdentifier: 'member-1',
    DBInstanceClass: 'db.r6g.large',
    Engine: 'aurora-postgresql',
    DBClusterIdentifier: 'aurora',
  })
  await ask('DescribeDBInstances')
  await clock.advance(10 * 60_000)
  await ask('CreateDBInstance', INSTANCE)
  await ask('CreateDBInstance', { ...INSTANCE, DBInstanceIdentifier: '-no' })
  await ask('CreateDBInstance', { DBInstanceIdentifier: 'x' })
  await ask('ModifyDBInstance', {
    DBInstanceIdentifier: 'orders',
    DBInstanceClass: 'db.r6g.large',
    BackupRetentionPeriod: 7,
    MasterUserPassword: 'other',
  })
  await ask('ModifyDBInstance', { DBInstanceIdentifier: 'orders', AllocatedStorage: 5 })
  await clock.advance(60_000)
  await ask('ModifyDBInstance', { DBInstanceIdentifier: 'orders', AllocatedStorage: 5 })
  await ask('ModifyDBInstance', { DBInstanceIdentifier: 'gone', AllocatedStorage: 5 })
  await ask('DescribeDBInstances', {
    'Filters.Filter.1.Name': 'db-instance-id',
    'Filters.Filter.1.Values.Value.1': 'orders',
  })
  await ask('DescribeDBInstances', { DBInstanceIdentifier: 'gone' })
  await ask('DescribeDBInstances', { MaxRecords: 5 })
  await ask('DescribeDBClusters')
  await ask('DescribeDBClusters', { DBClusterIdentifier: 'gone' })
  await ask('DescribeDBSubnetGroups')
  await ask('DescribeDBSubnetGroups', { DBSubnetGroupName: 'gone' })
  await ask('DescribeDBParameterGroups')
  await ask('DescribeDBParameterGroups', { DBParameterGroupName: 'gone' })
  await ask('DescribeDBParameters', { DBParameterGroupName: 'tuned' })
  await ask('AddTagsToResource', { ResourceName: ARN, 'Tags.Tag.1.Key': 'env', 'Tags.Tag.1.Value': 'prod' })
  await ask('RemoveTagsFromResource', { ResourceName: ARN, 'TagKeys.member.1': 'team' })
  await ask('ListTagsForResource', { ResourceName: ARN })
  await ask('CreateDBSnapshot', { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'copy' })
  await clock.advance(10 * 60_000)
  await ask('CreateDBSnapshot', { DBInstanceIdentifier: 'orders', DBSnapshotIdentifier: 'copy' })
  await ask('DescribeDBSnapshots')
  await ask('DescribeDBSnapshots', { DBSnapshotIdentifier: 'gone' })
  await ask('DescribeDBInstanceAutomatedBackups')
  await ask('DescribeDBEngineVersions', { Engine: 'postgres' })
  await ask('ModifyDBInstance', {
    DBInstanceIdentifier: 'orders',
    EngineVersion: '99.1',
    AllowMajorVersionUpgrade: true,
  })
  await ask('RestoreDBInstanceFromDBSnapshot', { DBInstanceIdentifier: 'restored', DBSnapshotIdentifier: 'copy' })
  await ask('RestoreDBInstanceFromDBSnapshot', { DBInstanceIdentifier: 'restored-2', DBSnapshotIdentifier: 'gone' })
  const now = { TargetDBInstanceIdentifier: 'earlier', UseLatestRestorableTime: true }
  await ask('RestoreDBInstanceToPointInTime', { SourceDBInstanceIdentifier: 'orders', ...now })
  await ask('RestoreDBInstanceToPointInTime', { SourceDBInstanceIdentifier: 'orders', ...now })
  await ask('CreateDBInstanceReadReplica', { DBInstanceIdentifier: 'replica', SourceDBInstanceIdentifier: 'orders' })
  await ask('ModifyDBInstance', {
    DBInstanceIdentifier: 'managed',
    NewDBInstanceIdentifier: 'renamed',
    RotateMasterUserPassword: true,
    ApplyImmediately: true,
  })
  await ask('DescribeDBInstances')
  await clock.advance(20 * 60_000)
  await ask('RebootDBInstance', { DBInstanceIdentifier: 'orders' })
  await ask('StopDBInstance', { DBInstanceIdentifier: 'orders' })
  await ask('StopDBInstance', { DBInstanceIdentifier: 'orders' })
  await ask('StartDBInstance', { DBInstanceIdentifier: 'orders' })
  await ask('DeleteDBInstance', { DBInstanceIdentifier: 'orders' })
  await ask('DeleteDBInstance', {
    DBInstanceIdentifier: 'orders',
    FinalDBSnapshotIdentifier: 'last',
    DeleteAutomatedBackups: false,
  })
  await ask('DeleteDBInstance', { DBInstanceIdentifier: 'orders', SkipFinalSnapshot: true })
  await ask('DescribeDBInstances')
  await clock.advance(10 * 60_000)
  await ask('DescribeDBInstanceAutomatedBackups')
  await ask('DeleteDBSnapshot', { DBSnapshotIdentifier: 'copy' })
  return answers
}

describe("the wire-level server, by AWS's own model of RDS", () => {
  it('AWS 1: every element that it emits is in the model with that type, every required one is there, every error is one of the operation', async () => {
    await using there = await stage()
    const answers = await everything(there)
    const faults = answers.flatMap(([action, answer]) => faultsOf(model, action, answer))
    expect(faults, faults.join('\n')).toEqual([])
    const asked = new Set(answers.filter(([, { status }]) => status === 200).map(([action]) => action))
    expect(Object.keys(rdsOperations).filter((action) => !asked.has(action))).toEqual([])
  })

  it('AWS 1: the check finds an element that is not in the model, a wrong type and a foreign error', async () => {
    await using there = await stage()
    const { root, ...answer } = await there.call('DescribeDBInstances')
    const element = (name: string, children: readonly XmlElement[] = []): XmlElement => ({ name, children, text: '' })
    const wrong = element('DescribeDBInstancesResult', [element('Marker'), element('Colour')])
    const judged = { ...answer, root: { ...root, children: [wrong, element('ResponseMetadata')] } }
    expect(faultsOf(model, 'DescribeDBInstances', judged)).toEqual(['DescribeDBInstances: there is no member Colour'])
    expect(
      faultsOf(model, 'DeleteDBInstance', await there.call('DescribeDBInstances', { DBInstanceIdentifier: 'x' })),
    ).toEqual([])
    expect(
      faultsOf(model, 'DescribeDBClusters', await there.call('DescribeDBInstances', { DBInstanceIdentifier: 'x' })),
    ).toHaveLength(1)
  })
})
