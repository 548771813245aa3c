import { describe, expect, it } from 'vitest'
import { cloudWith, valueOf } from './cloud.fixture.ts'

describe('console', () => {
  it('FAKE 21 what a person does is done at once, unless it is to take time', async () => {
    const { ada, clock, cloud } = cloudWith()
    ada.create('sql-instance', 'main')
    ada.modify('main', { tier: 'large' }, { takesMs: 60_000 })
    expect(cloud.inspect.resource('main')).toMatchObject({ status: 'modifying', properties: { tier: 'small' } })
    await clock.advance(60_000)
    expect(valueOf(cloud, 'main', 'tier')).toBe('large')
    ada.remove('main', { takesMs: 1 })
    expect(cloud.inspect.resource('main')?.status).toBe('deleting')
    await clock.advance(1)
    expect(cloud.inspect.resource('main')).toBeUndefined()
  })

  it('FAKE 21 a resource is named by its ref, its name, or kind and name where several have it', () => {
    const { ada, cloud } = cloudWith()
    ada.create('sql-instance', 'orders')
    const database = ada.create('sql-database', 'orders', {}, { on: ['orders'] })
    expect(() => ada.modify('orders', { 'labels["a"]': '1' })).toThrow(
      'say which: sql-instance/orders, sql-database/orders',
    )
    ada.modify('sql-database/orders', { 'labels["a"]': '1' })
    ada.modify(database, { 'labels["b"]': '2' })
    expect(cloud.inspect.resource(database)?.properties).toMatchObject({ 'labels["a"]': '1', 'labels["b"]': '2' })
    expect(() => ada.remove('order')).toThrow('there is no such resource; there are: sql-instance/orders')
  })

  it('FAKE 22 the provider changes things by itself: versions, storage, statuses, and losses', async () => {
    const { ada, cloud } = cloudWith()
    ada.create('sql-instance', 'main', { engineVersion: '16.2', 'storage.gib': 50, deletionProtection: true })
    ada.create('sql-database', 'orders', {}, { on: ['main'] })
    cloud.itself.upgradeMinor('main')
    cloud.itself.growStorage('main')
    cloud.itself.set('main', { 'provider.certificate': 'rds-ca-2029' })
    cloud.itself.report('main', 'a-status-of-tomorrow')
    expect(cloud.inspect.resource('main')).toMatchObject({
      settled: false,
      properties: { engineVersion: '16.3', 'storage.gib': 55, 'provider.certificate': 'rds-ca-2029' },
    })
    expect(() => ada.modify('main', { tier: 'large' })).toThrow('it is a-status-of-tomorrow')
    cloud.itself.report('main', 'storage-optimization')
    ada.modify('main', { tier: 'large' })
    cloud.itself.lose('main')
    expect(cloud.inspect.resources()).toEqual([])
  })
})
