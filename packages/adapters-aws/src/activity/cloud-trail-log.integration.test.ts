import { inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { ActivityEntry } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { account } from '../aws-account.fixture.ts'
import type { Account } from '../aws-account.fixture.ts'
import { awsCloud } from '../aws-cloud.ts'
import { made, update } from '../changing/changing.fixture.ts'

const DAY = 24 * 60 * 60_000

async function entries(
  { aws, cloud, clock }: Account,
  since = '2026-03-02T00:00:00Z',
): Promise<readonly ActivityEntry[]> {
  const found: ActivityEntry[] = []
  const until = clock.now().toISOString()
  for await (const entry of cloud.activityLog?.entries(aws.target, { since, until }) ?? []) found.push(entry)
  return found
}

describe('the event history of CloudTrail', () => {
  it('AWS 13: tells who changed what with what and from where, in order of time, over days and pages', async () => {
    await using there = await account({ pageSize: 100 })
    const { aws, clock } = there
    aws.cloud.console('ada').create('sql-instance', 'orders')
    for (let day = 0; day < 4; day += 1) {
      await clock.sleep(DAY)
      for (let change = 0; change < 20; change += 1)
        aws.cloud.console('grace').modify('orders', { 'backup.retentionDays': 2 + day * 2 + (change % 2) })
    }
    const found = await entries(there)
    expect(found).toHaveLength(81)
    expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).toSorted())
    expect(found.at(-1)).toMatchObject({
      operation: 'ModifyDBInstance',
      ref: { type: 'rds-instance', name: 'orders', account: aws.target.account },
      principal: { type: 'user', id: 'grace' },
      properties: ['backup.retentionDays', 'backup.pointInTimeRecovery'],
      tool: 'AWS Console',
      sourceAddress: '203.0.113.7',
    })
  })

  it('AWS 14: knows the ledger’s own calls, and believes nobody else who says to be one', async () => {
    await using there = await account({
      principals: { infraledger: { type: 'assumed-role', role: 'ledger', session: 'run-1' } },
    })
    const { aws, clock } = there
    const { ref } = await made(there)
    const mallory = awsCloud({
      endpoint: aws.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'mallory', secretAccessKey: 'any' },
      clock,
    })
    await update({ ...there, cloud: mallory }, ref, { changes: { 'backup.retentionDays': 3 }, key: 'fake' })
    const found = await entries(there)
    const own = found.filter(({ idempotencyKey }) => idempotencyKey !== undefined)
    expect(own.map(({ operation, principal }) => [operation, principal.id])).toEqual([
      ['CreateDBInstance', 'ledger/run-1'],
    ])
    expect(found.filter(({ principal }) => principal.id === 'mallory').map(({ operation }) => operation)).toEqual([
      'ModifyDBInstance',
      'AddTagsToResource',
    ])
  })

  it('AWS 15: an event that arrives late attributes drift that was found before it', async () => {
    await using there = await account({ activityDelayMs: 5 * 60_000 })
    const { aws, cloud, clock } = there
    aws.cloud.console('ada').create('sql-instance', 'orders', { 'backup.retentionDays': 7 })
    const ledger = openLedger({ store: inMemoryEventStore(), clouds: [cloud], clock })
    const by = { actor: user('ada') }
    const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [aws.target] }, by)
    const observations = []
    for await (const page of cloud.discover(aws.target, { kinds: ['sql-instance'] })) observations.push(...page.found)
    const source = { name: 'first look', digest: '0'.repeat(64) }
    await prod.importObservations([{ source, complete: false, observations }], by)
    const [node] = (await prod.graph()).nodes({ kind: 'sql-instance' })
    if (node === undefined) throw new Error('nothing was imported')
    await clock.sleep(60_000)
    aws.cloud.console('grace').modify('orders', { 'backup.retentionDays': 3 })
    await prod.reconcile()
    const why = async () => (await prod.why(node.id, 'backup.retentionDays')).drift
    expect(await why()).toMatchObject({ attribution: 'pending' })
    await clock.sleep(10 * 60_000)
    await prod.reconcile()
    expect(await why()).toMatchObject({
      attribution: { type: 'user', id: 'grace' },
      activity: { operation: 'ModifyDBInstance', tool: 'AWS Console', sourceAddress: '203.0.113.7' },
    })
    await ledger.close()
  })

  it('AWS 12: without the right to look events up, what cannot be attributed is told', async () => {
    await using there = await account()
    there.aws.deny({ action: 'cloudtrail:LookupEvents' })
    await expect(entries(there)).rejects.toMatchObject({
      details: { refusal: 'permission-missing', permission: 'cloudtrail:LookupEvents' },
    })
  })
})
