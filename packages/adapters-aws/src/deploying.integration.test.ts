import { gitPush, inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { Environment } from '@infraledger/core'
import { describe, expect, it } from 'vitest'
import { account } from './aws-account.fixture.ts'
import type { Account } from './aws-account.fixture.ts'
import { calls } from './changing/changing.fixture.ts'

const ada = { actor: user('ada') }

async function environment(
  { aws, cloud, clock }: Account,
  name = 'prod',
  type: 'production' | 'preview' = 'production',
) {
  const ledger = openLedger({ store: inMemoryEventStore(), clouds: [cloud], clock })
  const created = await ledger.createEnvironment({ name, type, clouds: [aws.target] }, ada)
  ledger.runDeployments()
  return { ledger, created }
}

async function push(into: Environment, commit: string, needs: readonly `sql-instance/${string}`[]): Promise<string> {
  const trigger = gitPush({ commit, ref: 'main', pusher: 'ada' })
  return (await (await into.deploy({ trigger, model: { services: [], needs } })).completed()).status
}

describe('a ledger on AWS', () => {
  it('AWS 9: answers that are lost on the way leave one database, and a deployment that succeeded', async () => {
    await using there = await account()
    const { ledger, created: prod } = await environment(there)
    there.aws.cloud.faults.unknownOutcome({ operation: 'create' })
    there.aws.cloud.faults.unknownOutcome({ operation: 'update' })
    expect(await push(prod, 'c1', ['sql-instance/main'])).toBe('succeeded')
    const set = { 'backup.retentionDays': 14, 'labels["team"]': 'core' }
    await prod.requestChange({ node: 'sql-instance/main', set, reason: 'audit' }, ada)
    expect(await push(prod, 'c2', ['sql-instance/main'])).toBe('succeeded')
    expect(there.aws.cloud.inspect.resources('sql-instance')).toMatchObject([{ properties: set }])
    expect((await prod.requests()).map(({ status }) => status)).toEqual(['applied'])
    const { counts } = await prod.reconcile()
    expect([counts.adopted, counts.suppressed, counts.missing]).toEqual([0, 0, 0])
    await ledger.close()
  })

  it('AWS 11: what is unused and confirmed goes, with its last copy, under names that RDS takes', async () => {
    await using there = await account()
    const { ledger, created: preview } = await environment(there, 'pr:12', 'preview')
    expect(await push(preview, 'c1', ['sql-instance/main', 'sql-instance/Analytics_2'])).toBe('succeeded')
    const names = there.aws.cloud.inspect.resources('sql-instance').map(({ ref }) => ref.name)
    expect(await push(preview, 'c2', ['sql-instance/main'])).toBe('succeeded')
    expect(there.aws.cloud.inspect.resources('sql-instance')).toHaveLength(2)
    await preview.confirmDeletion({ node: 'sql-instance/Analytics_2', reason: 'moved' }, ada)
    const gone = names.find((name) => name.includes('analytics')) ?? ''
    there.aws.cloud.console('grace').modify(`sql-instance/${gone}`, { deletionProtection: false })
    expect(await push(preview, 'c3', ['sql-instance/main'])).toBe('succeeded')
    expect(there.aws.cloud.inspect.resources('sql-instance')).toHaveLength(1)
    expect(there.aws.cloud.inspect.snapshots()).toMatchObject([{ sourceName: gone, status: 'available' }])
    expect(there.aws.cloud.inspect.automatedBackups()).toHaveLength(1)
    expect(calls(there, 'DeleteDBInstance')).toHaveLength(1)
    await ledger.close()
  })
})
