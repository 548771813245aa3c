import type { ObservationPage, ProviderRef } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { cloudWith, create, end } from './cloud.fixture.ts'
import type { FakeCloud } from './fake-cloud.ts'
import { FAKE_VOLATILE_PROPERTIES } from './kinds/behaviour.ts'

async function pages(reading: AsyncIterable<ObservationPage>): Promise<ObservationPage[]> {
  const read: ObservationPage[] = []
  for await (const page of reading) read.push(page)
  return read
}

async function names(reading: AsyncIterable<ObservationPage>): Promise<string[]> {
  return (await pages(reading)).flatMap(({ found }) => found.map(({ ref }) => ref.name)).toSorted()
}

async function valueSeen(cloud: FakeCloud, ref: ProviderRef, property: string): Promise<unknown> {
  const [page] = await pages(cloud.provider.observe([ref]))
  return page?.found[0]?.properties[property] ?? (page?.missing.length === 1 ? 'missing' : undefined)
}

describe('reading', () => {
  it('FAKE 8 volatile values churn with time, are marked, and nothing else moves', async () => {
    const { ada, clock, cloud } = cloudWith()
    ada.create('sql-instance', 'main')
    const before = cloud.inspect.resource('main')
    await clock.advance(3_600_000)
    ada.modify('main', { 'labels["team"]': 'core' })
    ada.modify('main', { 'labels["team"]': null })
    const after = cloud.inspect.resource('main')
    const moved = Object.keys(after?.properties ?? {}).filter(
      (key) => before?.properties[key] !== after?.properties[key],
    )
    expect(moved.toSorted()).toEqual(['provider.latestRestorableTime', 'provider.settingsVersion'])
    expect(after?.volatile.toSorted()).toEqual([...FAKE_VOLATILE_PROPERTIES])
  })

  it('FAKE 14 reads and listings come in pages', async () => {
    const { ada, cloud } = cloudWith({ pageSize: 3 })
    const refs = Array.from({ length: 7 }, (_, index) => ada.create('bucket', `b${index}`))
    ada.create('topic', 'orders')
    const read = await pages(cloud.provider.observe(refs))
    expect(read.map(({ found }) => found.length)).toEqual([3, 3, 1])
    const listed = await pages(cloud.provider.discover(cloud.target))
    expect(listed.map(({ found }) => found.length)).toEqual([3, 3, 2])
    expect(await names(cloud.provider.discover(cloud.target, { kinds: ['bucket'] }))).toEqual(
      refs.map(({ name }) => name),
    )
    expect(cloud.calls({ operation: 'discover' })).toHaveLength(6)
    expect(await pages(cloud.provider.discover({ ...cloud.target, region: 'elsewhere' }))).toEqual([
      { found: [], missing: [], failed: [] },
    ])
  })

  it('FAKE 14 more calls in a second than the budget are throttled until the next one', async () => {
    const { ada, clock, cloud } = cloudWith({ callsPerSecond: 2 })
    const ref = ada.create('bucket', 'assets')
    const observe = (): Promise<ObservationPage[]> => pages(cloud.provider.observe([ref]))
    await clock.advance(300)
    await observe()
    await observe()
    await expect(observe()).rejects.toMatchObject({ code: 'cloud-retryable', details: { retryAfterMs: 700 } })
    await clock.advance(700)
    await expect(observe()).resolves.toHaveLength(1)
  })

  it('FAKE 15 reads lag behind changes, creations and removals by the consistency delay', async () => {
    const { ada, clock, cloud } = cloudWith({ consistencyDelayMs: 5_000 })
    const ref = ada.create('sql-instance', 'main')
    expect(await valueSeen(cloud, ref, 'tier')).toBe('missing')
    expect(await names(cloud.provider.discover(cloud.target))).toEqual([])
    await clock.advance(5_000)
    expect(await valueSeen(cloud, ref, 'tier')).toBe('small')
    ada.modify(ref, { tier: 'large' })
    await clock.advance(4_999)
    expect(await valueSeen(cloud, ref, 'tier')).toBe('small')
    await clock.advance(1)
    expect(await valueSeen(cloud, ref, 'tier')).toBe('large')
    ada.remove(ref)
    expect(await valueSeen(cloud, ref, 'tier')).toBe('large')
    await clock.advance(5_000)
    expect(await valueSeen(cloud, ref, 'tier')).toBe('missing')
  })

  it('FAKE 15 what an operation reads back and what updates compare with is the truth all the same', async () => {
    const { clock, cloud } = cloudWith({ consistencyDelayMs: 3_600_000 })
    const { observation } = await end(clock, create(cloud, 'bucket', 'assets', { versioning: true }))
    expect(observation?.properties['versioning']).toBe(true)
  })

  it('FAKE 16 a partial read says what failed, and never that it is missing', async () => {
    const { ada, cloud } = cloudWith()
    const [a, b] = [ada.create('bucket', 'a'), ada.create('bucket', 'b')]
    const topic = ada.create('topic', 't')
    const broken = cloud.faults.unreadable({ kind: 'bucket', name: 'b' }, { reason: 'AccessDenied' })
    const [page] = await pages(cloud.provider.observe([a, b, topic]))
    expect(page?.found.map(({ ref }) => ref)).toEqual([a, topic])
    expect(page).toMatchObject({ missing: [], failed: [{ ref: b, reason: 'AccessDenied' }] })
    broken.lift()
    cloud.faults.unreadable({ operation: 'discover', kind: 'bucket' })
    const [listing] = await pages(cloud.provider.discover(cloud.target))
    expect(listing?.found.map(({ ref }) => ref)).toEqual([topic])
    expect(listing?.failed).toEqual([{ reason: 'bucket cannot be listed: an injected read failure' }])
    expect(await names(cloud.provider.observe([a, b]))).toEqual(['a', 'b'])
  })

  it('FAKE 16 of another cloud’s resource nothing is known', async () => {
    const { ada, cloud } = cloudWith({ name: 'aws' })
    const ref = ada.create('bucket', 'a')
    expect(ref.provider).toBe('aws')
    const [page] = await pages(cloud.provider.observe([{ ...ref, provider: 'gcp' }]))
    expect(page).toMatchObject({ found: [], missing: [], failed: [{ reason: 'aws knows nothing of gcp' }] })
  })

  it('FAKE 9 a ref finds its own incarnation; a bare name finds the one that is there', async () => {
    const { ada, cloud } = cloudWith()
    const old = ada.create('bucket', 'a')
    ada.remove(old)
    const made = ada.create('bucket', 'a')
    const { id: _, ...named } = old
    const anywhere = { provider: 'fake', type: 'bucket', name: 'a' }
    const [page] = await pages(cloud.provider.observe([old, named, anywhere]))
    expect(page?.missing).toEqual([old])
    expect(page?.found.map(({ ref }) => ref)).toEqual([made, made])
  })
})
