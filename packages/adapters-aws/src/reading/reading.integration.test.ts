import { describe, expect, it } from 'vitest'
import type { CloudProvider, CloudTarget, ObservationPage } from '@infraledger/core/adapter'
import { account } from '../aws-account.fixture.ts'

const OPEN = { protocol: 'tcp', from: 5432, to: 5432, cidr: '0.0.0.0/0' }
const OFFICE = { protocol: 'tcp', from: 5432, to: 5432, cidr: '203.0.113.0/24' }

async function list(cloud: CloudProvider, target: CloudTarget, kinds?: readonly string[]): Promise<ObservationPage> {
  const all = {
    found: [] as ObservationPage['found'][number][],
    missing: [],
    failed: [] as ObservationPage['failed'][number][],
  }
  for await (const { found, failed } of cloud.discover(target, kinds === undefined ? {} : { kinds })) {
    all.found.push(...found)
    all.failed.push(...failed)
  }
  return all
}

describe('reading an account', () => {
  it(
    'AWS 4: 10,000 instances are listed in 100 calls, and read again by their ids in 100',
    { timeout: 60_000 },
    async () => {
      await using there = await account()
      const { aws, cloud } = there
      const maker = aws.cloud.console('ada')
      for (let index = 0; index < 10_000; index += 1)
        maker.create('sql-instance', `db-${index}`, { tier: 'db.t4g.micro' })
      const { found, failed } = await list(cloud, aws.target, ['sql-instance'])
      expect([new Set(found.map(({ ref }) => ref.id)).size, failed]).toEqual([10_000, []])
      const describing = (): number => aws.trail.filter(({ name }) => name === 'DescribeDBInstances').length
      expect(describing()).toBeLessThanOrEqual(100)
      let read = 0
      const refs = found.map(({ ref }) => ref).slice(0, 300)
      for await (const page of cloud.observe(refs)) read += page.found.length
      expect([read, describing()]).toEqual([300, 103])
    },
  )

  it('AWS 5: a flag alone makes nothing public, nor does a group alone; both do', async () => {
    await using there = await account()
    const { aws, cloud } = there
    const grace = aws.cloud.console('grace')
    grace.create('aws_security_group', 'sg-open', { ingress: [OPEN] })
    grace.create('aws_security_group', 'sg-office', {
      ingress: [OFFICE, { protocol: 'tcp', from: 22, to: 22, cidr: '0.0.0.0/0' }],
    })
    grace.create('aws_security_group', 'sg-halves', { ingress: [{ protocol: '-1', cidr: '128.0.0.0/1' }] })
    const make = (name: string, flag: boolean, group: string): unknown =>
      grace.create('sql-instance', name, { 'network.publicAccess': flag, 'provider.vpc_security_group_ids': [group] })
    make('flag-only', true, 'sg-office')
    make('group-only', false, 'sg-open')
    make('both', true, 'sg-open')
    make('halves', true, 'sg-halves')
    const { found } = await list(cloud, aws.target, ['sql-instance'])
    expect(
      Object.fromEntries(
        found.map(({ ref, properties: read }) => [
          ref.name,
          [read['provider.publicly_accessible'], read['network.publicAccess']],
        ]),
      ),
    ).toEqual({ both: [true, true], 'flag-only': [true, false], 'group-only': [false, false], halves: [true, true] })
  })

  it('AWS 5: where security groups cannot be read, exposure is not told, and why is', async () => {
    await using there = await account()
    const { aws, cloud } = there
    aws.deny({ action: 'ec2:DescribeSecurityGroups' })
    aws.cloud
      .console('grace')
      .create('sql-instance', 'orders', { 'network.publicAccess': true, 'provider.vpc_security_group_ids': ['sg-1'] })
    const { found, failed } = await list(cloud, aws.target, ['sql-instance'])
    expect(found[0]?.properties).not.toHaveProperty(['network.publicAccess'])
    expect(failed).toMatchObject([{ reason: expect.stringContaining('ec2:DescribeSecurityGroups') }])
  })

  it('AWS 6: clusters are sql-instances that their members depend on, replicas depend on their source', async () => {
    await using there = await account()
    const { aws, cloud } = there
    const grace = aws.cloud.console('grace')
    grace.create('aws_rds_cluster', 'aurora', {
      engine: 'aurora-postgresql',
      'encryption.atRest': true,
      'labels["team"]': 'core',
    })
    grace.create('sql-instance', 'writer', { engine: 'aurora-postgresql', 'provider.cluster_identifier': 'aurora' })
    grace.create('sql-instance', 'orders')
    grace.create('sql-instance', 'orders-copy', { 'provider.replicate_source_db': 'orders' })
    const { found } = await list(cloud, aws.target, ['sql-instance'])
    const named = new Map(found.map((observation) => [observation.ref.name, observation]))
    expect(named.get('aurora')).toMatchObject({
      kind: 'sql-instance',
      ref: {
        type: 'rds-cluster',
        account: aws.target.account,
        region: aws.target.region,
        id: expect.stringMatching(/^cluster-/),
      },
      properties: {
        engine: 'aurora-postgresql',
        'encryption.atRest': true,
        'labels["team"]': 'core',
        'provider.members': ['writer'],
      },
      settled: true,
    })
    expect(named.get('writer')?.dependencies).toMatchObject([
      { kind: 'sql-instance', ref: { type: 'rds-cluster', name: 'aurora' } },
    ])
    expect(named.get('orders-copy')?.dependencies).toMatchObject([
      { kind: 'sql-instance', ref: { type: 'rds-instance', name: 'orders' } },
    ])
    expect(named.get('orders')?.properties['provider.replicas']).toEqual(['orders-copy'])
  })

  it('AWS 6: subnet groups, parameter groups, snapshots and automated backups are read under the names of Terraform', async () => {
    await using there = await account()
    const { aws, cloud, clock } = there
    const grace = aws.cloud.console('grace')
    grace.create('aws_db_subnet_group', 'private', { subnet_ids: ['subnet-b', 'subnet-a'] })
    grace.create('aws_db_parameter_group', 'tuned', { family: 'postgres17' })
    const ref = grace.create('sql-instance', 'orders')
    await cloud.snapshot(
      {
        ref: { ...ref, type: 'rds-instance', id: String(ref.id).replace('sql-instance', 'db') },
        kind: 'sql-instance',
        name: 'copy',
      },
      { idempotencyKey: 'copy' },
    )
    await clock.sleep(10 * 60_000)
    const { found, failed } = await list(cloud, aws.target)
    expect(failed).toEqual([])
    const told = Object.fromEntries(found.map(({ kind, ref: { name }, properties }) => [`${kind}/${name}`, properties]))
    expect(told['aws_db_subnet_group/private']).toMatchObject({ subnet_ids: ['subnet-a', 'subnet-b'] })
    expect(told['aws_db_parameter_group/tuned']).toMatchObject({ family: 'postgres17' })
    expect(told['aws_db_snapshot/copy']).toMatchObject({ db_instance_identifier: 'orders', engine: 'postgres' })
    expect(Object.keys(told).filter((id) => id.startsWith('aws_db_instance_automated_backup/db-'))).toHaveLength(1)
    const refs = found.map((observation) => observation.ref)
    const again: string[] = []
    for await (const page of cloud.observe(refs)) again.push(...page.found.map(({ ref: { name } }) => name))
    expect(again.toSorted()).toEqual(refs.map(({ name }) => name).toSorted())
  })

  it('AWS 7: a status that nobody knows is told and not settled; pending values are deferred', async () => {
    await using there = await account()
    const { aws, cloud } = there
    const grace = aws.cloud.console('grace')
    const { name } = grace.create('sql-instance', 'orders', { 'labels["team"]': 'core' })
    grace.modify(name, { tier: 'db.r6g.large', availability: 'regional' }, { when: 'maintenance-window' })
    aws.cloud.itself.report(name, 'reticulating-splines')
    const { found } = await list(cloud, aws.target, ['sql-instance'])
    expect(found).toMatchObject([
      {
        status: 'reticulating-splines',
        settled: false,
        deferred: { tier: 'db.r6g.large', availability: 'regional' },
        properties: { 'labels["team"]': 'core' },
      },
    ])
  })

  it('AWS 8: what may not be listed is told as not seen, and the rest is read', async () => {
    await using there = await account()
    const { aws, cloud } = there
    aws.deny({ action: 'rds:DescribeDBClusters' })
    aws.cloud.console('grace').create('sql-instance', 'orders')
    const { found, failed } = await list(cloud, aws.target, ['sql-instance', 'aws_db_subnet_group'])
    expect(found.map(({ ref }) => ref.name)).toEqual(['orders', 'default'])
    expect(failed).toMatchObject([{ reason: expect.stringContaining('allow rds:DescribeDBClusters') }])
  })

  it('AWS 8: another account is never read with these credentials, and never said to be empty', async () => {
    await using there = await account()
    const { aws, cloud } = there
    const { found, failed } = await list(cloud, { ...aws.target, account: '999999999999' })
    expect([found.length, failed.length]).toEqual([0, 1])
    const ref = { provider: 'aws', account: '999999999999', region: 'eu-west-1', type: 'rds-instance', name: 'x' }
    for await (const page of cloud.observe([ref]))
      expect(page).toMatchObject({
        found: [],
        missing: [],
        failed: [{ ref, reason: expect.stringContaining('999999999999') }],
      })
  })

  it('AWS 8: an instance that vanishes between two calls is missing, not failed', async () => {
    await using there = await account()
    const { aws, cloud } = there
    aws.cloud.console('grace').create('sql-instance', 'orders')
    const [known] = (await list(cloud, aws.target, ['sql-instance'])).found
    aws.cloud.itself.lose('orders')
    for await (const page of cloud.observe(known === undefined ? [] : [known.ref]))
      expect(page).toEqual({ found: [], missing: [known?.ref], failed: [] })
  })
})
