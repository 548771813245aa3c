import { describe, expect, it } from 'vitest'
import { INSTANCE, makeInstance, stage, text, texts } from './wire-calls.fixture.ts'

const ORDERS = { DBInstanceIdentifier: 'orders' }

describe('RDS over the wire', () => {
  it('AWS 2: a creation takes its time and passes through states, which polling sees', async () => {
    await using there = await stage()
    const made = await there.call('CreateDBInstance', INSTANCE)
    expect([made.status, text(made, 'DBInstanceStatus'), text(made, 'Address')]).toEqual([200, 'creating', undefined])
    await there.clock.advance(6 * 60_000)
    expect(text(await there.call('DescribeDBInstances', ORDERS), 'DBInstanceStatus')).toBe('backing-up')
    await there.clock.advance(6 * 60_000)
    const after = await there.call('DescribeDBInstances', ORDERS)
    expect([text(after, 'DBInstanceStatus'), text(after, 'EngineVersion')]).toEqual(['available', '17.4'])
  })

  it('AWS 2: what waits for the window is pending, and ApplyImmediately brings along all that waits', async () => {
    await using there = await stage()
    await makeInstance(there)
    const waiting = await there.call('ModifyDBInstance', { ...ORDERS, DBInstanceClass: 'db.r6g.large', MultiAZ: true })
    expect(waiting.text).toMatch(
      /<PendingModifiedValues><DBInstanceClass>db.r6g.large<\/DBInstanceClass><MultiAZ>true<\/MultiAZ><\/PendingModifiedValues>/,
    )
    expect(text(waiting, 'DBInstanceStatus')).toBe('available')
    await there.call('ModifyDBInstance', { ...ORDERS, AllocatedStorage: 30, ApplyImmediately: true })
    await there.clock.advance(20 * 60_000)
    const after = await there.call('DescribeDBInstances', ORDERS)
    expect(['DBInstanceClass', 'MultiAZ', 'AllocatedStorage'].map((name) => text(after, name))).toEqual([
      'db.r6g.large',
      'true',
      '30',
    ])
  })

  it.each([
    ['a name that is taken', 'CreateDBInstance', INSTANCE, 400, 'DBInstanceAlreadyExists'],
    ['an instance that is not there', 'ModifyDBInstance', { DBInstanceIdentifier: 'gone' }, 404, 'DBInstanceNotFound'],
    [
      'a protected instance',
      'DeleteDBInstance',
      { ...ORDERS, SkipFinalSnapshot: true },
      400,
      'InvalidParameterCombination',
    ],
    [
      'an engine of a later major version',
      'ModifyDBInstance',
      { ...ORDERS, EngineVersion: '18.1' },
      400,
      'InvalidParameterCombination',
    ],
    ['a missing parameter', 'CreateDBInstance', { Engine: 'postgres' }, 400, 'MissingParameter'],
    ['an operation that nobody knows', 'LaunchDBInstance', {}, 400, 'InvalidAction'],
  ])('AWS 2: %s is refused with the code of RDS', async (_what, action, parameters, status, code) => {
    await using there = await stage()
    await makeInstance(there, { DeletionProtection: true })
    const answer = await there.call(action, parameters)
    expect([answer.status, text(answer, 'Code'), text(answer, 'Type')]).toEqual([status, code, 'Sender'])
    expect(answer.headers.get('x-amzn-requestid')).toBe(
      answer.root.children.find(({ name }) => name === 'RequestId')?.text,
    )
  })

  it('AWS 2: listings come in pages with a marker, each instance once', async () => {
    await using there = await stage({ pageSize: 2 })
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await there.call('CreateDBInstance', { ...INSTANCE, DBInstanceIdentifier: name })
    const found: string[] = []
    let marker: string | undefined
    let pages = 0
    do {
      const page = await there.call('DescribeDBInstances', marker === undefined ? {} : { Marker: marker })
      found.push(...texts(page.root, 'DBInstanceIdentifier'))
      marker = text(page, 'Marker')
      pages += 1
    } while (marker !== undefined)
    expect([found, pages]).toEqual([['a', 'b', 'c', 'd', 'e'], 3])
  })

  it('AWS 2: two deletions race: the second is told that the first is at work', async () => {
    await using there = await stage()
    await makeInstance(there)
    const first = await there.call('DeleteDBInstance', { ...ORDERS, FinalDBSnapshotIdentifier: 'last' })
    const second = await there.call('DeleteDBInstance', { ...ORDERS, SkipFinalSnapshot: true })
    expect([first.status, text(second, 'Code')]).toEqual([200, 'InvalidDBInstanceState'])
    expect(text(second, 'Message')).toContain('already being deleted')
    await there.clock.advance(10 * 60_000)
    expect(there.aws.cloud.inspect.snapshots()).toMatchObject([{ name: 'last', status: 'available' }])
    expect(there.aws.cloud.inspect.automatedBackups()).toEqual([])
  })

  it('AWS 2: who has no right, no session or no signature is refused, and throttled calls say so', async () => {
    await using there = await stage({ callsPerSecond: 1 })
    const lift = there.aws.deny({ action: 'rds:DescribeDBInstances' })
    const denied = await there.call('DescribeDBInstances')
    expect([denied.status, text(denied, 'Code')]).toEqual([403, 'AccessDenied'])
    expect(text(denied, 'Message')).toContain('is not authorized to perform: rds:DescribeDBInstances')
    lift()
    expect((await there.call('DescribeDBInstances')).status).toBe(200)
    expect(text(await there.call('DescribeDBInstances'), 'Code')).toBe('Throttling')
    there.aws.expire('ada')
    expect(text(await there.call('DescribeDBInstances'), 'Code')).toBe('ExpiredToken')
    const unsigned = await fetch(there.aws.endpoint, { method: 'POST', body: 'Action=DescribeDBInstances' })
    expect(unsigned.status).toBe(403)
  })

  it('AWS 2: a lost answer is a cut connection, and what was asked for has happened', async () => {
    await using there = await stage()
    there.aws.cloud.faults.unknownOutcome({ operation: 'create' })
    await expect(there.call('CreateDBInstance', INSTANCE)).rejects.toThrow('fetch failed')
    expect(there.aws.cloud.inspect.resource('orders')?.status).toBe('creating')
  })
})
