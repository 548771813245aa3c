import { describe, expect, it } from 'vitest'
import { cloudWith, create, end, remove } from './cloud.fixture.ts'

describe('removing', () => {
  it('FAKE 5 a removal takes its time; what lives in the resource goes with it', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    ada.create('sql-database', 'orders', {}, { on: ['main'] })
    ada.create('bucket', 'assets')
    const removal = remove(cloud, ref)
    await removal[Symbol.asyncIterator]().next()
    expect(cloud.inspect.resources().map(({ ref: { name }, status }) => [name, status])).toEqual([
      ['main', 'deleting'],
      ['orders', 'deleting'],
      ['assets', 'available'],
    ])
    await clock.advance(4 * 60_000)
    expect(cloud.inspect.resources().map((resource) => resource.ref.name)).toEqual(['assets'])
  })

  it('FAKE 6 protected, filled and needed things are not removed', async () => {
    const { ada, clock, cloud } = cloudWith()
    const main = ada.create('sql-instance', 'main', { deletionProtection: true })
    const assets = ada.create('bucket', 'assets')
    ada.putObjects('assets', 3)
    const network = ada.create('network', 'private')
    ada.create('subnet', 'storage', {}, { on: ['private'] })
    await expect(end(clock, remove(cloud, main))).rejects.toThrow('deletion protection is on')
    await expect(end(clock, remove(cloud, assets))).rejects.toThrow('it holds 3 objects')
    await expect(end(clock, remove(cloud, network))).rejects.toThrow('the subnet "storage" depends on it')
    expect(() => ada.remove('main')).toThrow('deletion protection is on')
    expect(cloud.inspect.resource('assets')?.empty).toBe(false)
    ada.putObjects('assets', 0)
    expect(cloud.inspect.resource('assets')?.empty).toBe(true)
    await expect(end(clock, remove(cloud, assets))).resolves.toMatchObject({ observation: null })
  })

  it('FAKE 7 of two removals at once the second comes too early, and then finds nothing to do', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    await remove(cloud, ref, 'first')[Symbol.asyncIterator]().next()
    await expect(end(clock, remove(cloud, ref, 'second'))).rejects.toMatchObject({
      code: 'cloud-retryable',
      details: { reason: 'it is deleting', retryAfterMs: 240_000 },
    })
    await clock.advance(240_000)
    expect(await end(clock, remove(cloud, ref, 'second'))).toMatchObject({ observation: null })
    expect(cloud.calls({ operation: 'remove', effect: true })).toHaveLength(1)
  })

  it('FAKE 9 a late removal of an old thing leaves the new one under its name alone', async () => {
    const { ada, clock, cloud } = cloudWith()
    const old = ada.create('bucket', 'assets')
    ada.remove(old)
    ada.create('bucket', 'assets')
    await end(clock, remove(cloud, old))
    expect(cloud.inspect.resources('bucket')).toHaveLength(1)
    const { id: _, ...nameOnly } = old
    await expect(end(clock, remove(cloud, nameOnly, 'by name'))).rejects.toThrow('immutable id')
  })

  it('FAKE 20 a snapshot outlives its source; asked for again, it is the same copy', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    const take = (name: string): ReturnType<typeof cloud.provider.snapshot> =>
      cloud.provider.snapshot({ ref, kind: 'sql-instance', name }, { idempotencyKey: 'copy' })
    expect(await take('last')).toEqual({ name: 'last', status: 'creating' })
    expect(cloud.inspect.resource('main')).toMatchObject({ status: 'backing-up', settled: true })
    await clock.advance(180_000)
    expect(await take('last')).toEqual({ name: 'last', status: 'available' })
    await end(clock, remove(cloud, ref))
    expect(await take('last')).toEqual({ name: 'last', status: 'available' })
    expect(cloud.inspect.snapshots()).toMatchObject([{ name: 'last', source: ref.id, sourceName: 'main' }])
    await expect(take('later')).rejects.toThrow('it does not exist')
  })

  it('FAKE 20 automated backups stay, unless they are to go with the instance', async () => {
    const { ada, clock, cloud } = cloudWith()
    const kept = ada.create('sql-instance', 'kept')
    const lost = ada.create('sql-instance', 'lost')
    ada.create('sql-instance', 'without', { 'backup.retentionDays': 0 })
    await end(clock, remove(cloud, kept, 'kept', false))
    await end(clock, remove(cloud, lost, 'lost', true))
    ada.remove('without', { removeAutomatedBackups: false })
    expect(cloud.inspect.automatedBackups()).toMatchObject([{ source: kept.id, sourceName: 'kept' }])
  })

  it('FAKE 10 an operation whose resource somebody removed says that it does not know', async () => {
    const { ada, clock, cloud } = cloudWith()
    await end(clock, create(cloud, 'bucket', 'assets'))
    ada.remove('assets')
    await expect(end(clock, create(cloud, 'bucket', 'assets'))).rejects.toMatchObject({ code: 'cloud-outcome-unknown' })
  })
})
