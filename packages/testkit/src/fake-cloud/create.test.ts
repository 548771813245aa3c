import { describe, expect, it } from 'vitest'
import { all, cloudWith, create, end, valueOf } from './cloud.fixture.ts'

describe('creating', () => {
  it('FAKE 5 a creation takes its time, passes through states and says so', async () => {
    const { cloud, clock } = cloudWith({ pollMs: 60_000 })
    const updates = await all(clock, create(cloud, 'sql-instance', 'main'))
    expect(updates.map((update) => (update.type === 'progress' ? update.status : update.type))).toEqual([
      ...Array.from({ length: 5 }, () => 'creating'),
      'backing-up',
      'backing-up',
      'completed',
    ])
    expect(clock.now().toISOString()).toBe('2026-03-02T12:07:00.000Z')
    expect(cloud.inspect.resource('main')).toMatchObject({ status: 'available', settled: true })
  })

  it('FAKE 5 a creation goes on when nobody waits for it', async () => {
    const { cloud, clock } = cloudWith()
    await create(cloud, 'sql-instance', 'main')[Symbol.asyncIterator]().next()
    expect(cloud.inspect.resource('main')).toMatchObject({ status: 'creating', settled: false })
    await clock.advance(7 * 60_000)
    expect(cloud.inspect.resource('main')).toMatchObject({ status: 'available', settled: true })
  })

  it('FAKE 6 the provider’s own defaults are weak, and versions are completed', async () => {
    const { cloud, clock } = cloudWith()
    const { observation } = await end(clock, create(cloud, 'sql-instance', 'main', { engineVersion: '15' }))
    expect(observation?.properties).toMatchObject({
      engineVersion: '15.4',
      'backup.retentionDays': 1,
      'backup.pointInTimeRecovery': true,
      deletionProtection: false,
      'encryption.atRest': false,
    })
  })

  it('FAKE 7 a thing is made on what it lives on, once that is there and idle', async () => {
    const { cloud, clock } = cloudWith()
    const orphan = create(cloud, 'sql-database', 'orders')
    await expect(end(clock, orphan)).rejects.toMatchObject({ code: 'cloud-refused' })
    await create(cloud, 'sql-instance', 'main')[Symbol.asyncIterator]().next()
    const ref = cloud.inspect.resource('main')?.ref
    if (ref === undefined) throw new Error('not made')
    const tooEarly = create(cloud, 'sql-database', 'orders', {}, 'key', [{ kind: 'sql-instance', ref }])
    await expect(end(clock, tooEarly)).rejects.toMatchObject({
      code: 'cloud-retryable',
      retryable: true,
      details: { retryAfterMs: 420_000 },
    })
    await clock.advance(420_000)
    const inTime = create(cloud, 'sql-database', 'orders', {}, 'key', [{ kind: 'sql-instance', ref }])
    expect((await end(clock, inTime)).observation?.status).toBe('available')
  })

  it('FAKE 10 a key makes one thing, and is refused for another', async () => {
    const { cloud, clock } = cloudWith()
    const first = await end(clock, create(cloud, 'bucket', 'assets', {}, 'key'))
    const second = await end(clock, create(cloud, 'bucket', 'assets', {}, 'key'))
    expect(second).toEqual(first)
    expect(first.observation?.idempotencyKey).toBe('key')
    expect(cloud.inspect.resources('bucket')).toHaveLength(1)
    const other = create(cloud, 'bucket', 'assets', { versioning: true }, 'key')
    await expect(end(clock, other)).rejects.toMatchObject({ code: 'cloud-refused' })
    expect(cloud.calls({ operation: 'create' }).map(({ effect, outcome }) => [outcome, effect])).toEqual([
      ['answered', true],
      ['answered', false],
      ['refused', false],
    ])
  })

  it('FAKE 9 a name is free again after a removal, and has another immutable id behind it then', async () => {
    const { ada, cloud } = cloudWith()
    const old = ada.create('bucket', 'assets')
    expect(() => ada.create('bucket', 'assets')).toThrow('the name is taken')
    ada.remove(old)
    const made = ada.create('bucket', 'assets')
    expect(made.name).toBe(old.name)
    expect(made.id).not.toBe(old.id)
    expect(cloud.inspect.resource(old)).toBeUndefined()
  })

  it('FAKE 8 what only the provider writes cannot be asked for', async () => {
    const { ada } = cloudWith()
    expect(() => ada.create('bucket', 'assets', { 'provider.settingsVersion': 7 })).toThrow('output-only')
  })

  it('FAKE 24 any kind works, in the way that the test says', async () => {
    const { cloud, clock } = cloudWith({
      kinds: { 'feature-flag': { createMs: 90_000, impact: { project: 'replace' }, defaults: { enabled: false } } },
    })
    const { observation } = await end(clock, create(cloud, 'feature-flag', 'checkout', { project: 'shop' }))
    expect(clock.now().toISOString()).toBe('2026-03-02T12:01:30.000Z')
    expect(observation?.properties).toMatchObject({ enabled: false, project: 'shop' })
    expect(() => cloud.console('ada').modify('checkout', { project: 'other' })).toThrow('cannot be changed')
    expect(cloud.provider.capabilities('feature-flag')).toMatchObject({
      refType: 'feature-flag',
      impact: { project: 'replace' },
    })
  })

  it('FAKE 25 a secret is kept as a reference, never as its value', () => {
    const { ada, cloud } = cloudWith()
    ada.create('sql-instance', 'main', { masterPassword: 'hunter2' })
    expect(valueOf(cloud, 'main', 'masterPassword')).toEqual({ $secret: {} })
    expect(cloud.save()).not.toContain('hunter2')
  })
})
