import type { ActivityEntry } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { cloudWith, create, end, START, update } from './cloud.fixture.ts'
import type { FakeCloud } from './fake-cloud.ts'

const LATER = '2026-12-31T00:00:00Z'

async function entries(cloud: FakeCloud, since = START, until = LATER): Promise<ActivityEntry[]> {
  const found: ActivityEntry[] = []
  for await (const entry of cloud.activityLog.entries(cloud.target, { since, until })) found.push(entry)
  return found
}

describe('activity', () => {
  it('FAKE 19 the log knows who did what to what: the ledger, a person, the provider', async () => {
    const { clock, cloud } = cloudWith({ pageSize: 2 })
    const { observation } = await end(clock, create(cloud, 'sql-instance', 'main', { tier: 'large' }, 'step 1'))
    cloud.console('grace').modify('main', { 'backup.retentionDays': 3 })
    cloud.itself.upgradeMinor('main')
    cloud.itself.growStorage('main')
    cloud.console('grace').remove('main')
    const log = await entries(cloud)
    expect(
      log.map(({ operation, principal, properties }) => [operation, principal.type, principal.id, properties]),
    ).toEqual([
      ['sql-instance.create', 'service', 'infraledger', ['tier']],
      ['sql-instance.update', 'user', 'grace', ['backup.retentionDays']],
      ['sql-instance.upgradeMinor', 'provider', 'fake', ['engineVersion']],
      ['sql-instance.growStorage', 'provider', 'fake', ['storage.gib']],
      ['sql-instance.remove', 'user', 'grace', undefined],
    ])
    expect(log.every(({ ref }) => ref.id === observation?.ref.id)).toBe(true)
    expect(log.map(({ idempotencyKey }) => idempotencyKey)).toEqual([
      'step 1',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('FAKE 19 what was refused is not in it, and since and until are inclusive', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('bucket', 'a')
    await clock.advance(1_000)
    ada.modify('a', { versioning: true })
    await expect(end(clock, update(cloud, ref, { location: 'moon' }))).rejects.toThrow('cannot be changed')
    await clock.advance(1_000)
    ada.modify('a', { versioning: false })
    expect(await entries(cloud)).toHaveLength(3)
    const second = '2026-03-02T12:00:01.000Z'
    expect((await entries(cloud, second, second)).map(({ at }) => at)).toEqual([second])
  })

  it('FAKE 19 entries show up late by the delay, with the time of the deed', async () => {
    const { ada, clock, cloud } = cloudWith({ activityDelayMs: 300_000 })
    ada.create('bucket', 'a')
    await clock.advance(299_999)
    expect(await entries(cloud)).toEqual([])
    expect(cloud.inspect.activity()).toHaveLength(1)
    await clock.advance(1)
    expect(await entries(cloud)).toMatchObject([{ at: '2026-03-02T12:00:00.000Z', operation: 'bucket.create' }])
    expect(cloud.provider.activityLog?.provider).toBe('fake')
  })
})
