import { describe, expect, it } from 'vitest'
import { all, cloudWith, end, OPENING, update, valueOf } from './cloud.fixture.ts'

describe('updating', () => {
  it('FAKE 5 a change takes its time, and the old values are in force until it is through', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    const operation = update(cloud, ref, { 'backup.retentionDays': 9 })
    await operation[Symbol.asyncIterator]().next()
    expect(cloud.inspect.resource('main')).toMatchObject({
      status: 'modifying',
      settled: false,
      properties: { 'backup.retentionDays': 1 },
      deferred: { 'backup.retentionDays': 9 },
    })
    await clock.advance(30_000)
    expect(cloud.inspect.resource('main')).toMatchObject({ status: 'available', deferred: {} })
    expect(valueOf(cloud, 'main', 'backup.retentionDays')).toBe(9)
  })

  it('FAKE 11 what interrupts service waits for the maintenance window, and then takes its time', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    const completed = await end(clock, update(cloud, ref, { tier: 'large', 'backup.retentionDays': 9 }))
    expect(completed).toMatchObject({
      deferred: { tier: 'large' },
      deferredUntil: OPENING,
      observation: { properties: { tier: 'small', 'backup.retentionDays': 9 }, deferred: { tier: 'large' } },
    })
    await clock.advanceTo(OPENING)
    expect(cloud.inspect.resource('main')).toMatchObject({ status: 'modifying', properties: { tier: 'small' } })
    await clock.advance(8 * 60_000)
    expect(cloud.inspect.resource('main')).toMatchObject({
      status: 'available',
      deferred: {},
      properties: { tier: 'large' },
    })
  })

  it('FAKE 11 nothing waits that is asked for now, or while the window is open', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    const now = await all(clock, update(cloud, ref, { engineVersion: '17.6' }, { key: 'now', when: 'now' }))
    expect(now[0]).toEqual({ type: 'progress', status: 'upgrading' })
    expect(now.at(-1)).toMatchObject({ deferred: {}, observation: { properties: { engineVersion: '17.6' } } })
    await clock.advanceTo('2026-03-08T03:10:00Z')
    const open = await end(clock, update(cloud, ref, { tier: 'large' }, { key: 'open' }))
    expect(open).toMatchObject({ deferred: {}, observation: { properties: { tier: 'large' } } })
  })

  it('FAKE 11 switching backups off or on waits for the window, and takes point-in-time recovery along', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    const completed = await end(clock, update(cloud, ref, { 'backup.retentionDays': 0 }))
    expect(completed.deferred).toEqual({ 'backup.retentionDays': 0, 'backup.pointInTimeRecovery': false })
    ada.modify(ref, { 'backup.retentionDays': 0 })
    expect(cloud.inspect.resource('main')).toMatchObject({
      deferred: {},
      properties: { 'backup.pointInTimeRecovery': false, 'provider.latestRestorableTime': null },
    })
    expect(() => ada.modify(ref, { 'backup.pointInTimeRecovery': true })).toThrow('needs backups')
  })

  it('FAKE 11 asking for the value in force withdraws what waits; asking for another replaces it', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    ada.modify(ref, { tier: 'large', 'parameters["work_mem"]': '8MB' }, { when: 'maintenance-window' })
    ada.modify(ref, { tier: 'medium' }, { when: 'maintenance-window' })
    expect(cloud.inspect.resource('main')?.deferred).toEqual({ tier: 'medium', 'parameters["work_mem"]': '8MB' })
    ada.modify(ref, { tier: 'small' }, { when: 'maintenance-window' })
    expect(cloud.inspect.resource('main')?.deferred).toEqual({ 'parameters["work_mem"]': '8MB' })
    await clock.advanceTo('2026-03-08T04:00:00Z')
    expect(valueOf(cloud, 'main', 'tier')).toBe('small')
    expect(valueOf(cloud, 'main', 'parameters["work_mem"]')).toBe('8MB')
  })

  it('FAKE 11 a moved window moves what waits', async () => {
    const { ada, clock, cloud } = cloudWith()
    ada.create('sql-instance', 'main')
    ada.modify('main', { tier: 'large' }, { when: 'maintenance-window' })
    ada.modify('main', { 'maintenance.window': 'tue:01:00-tue:02:00' })
    await clock.advanceTo('2026-03-03T01:08:00Z')
    expect(valueOf(cloud, 'main', 'tier')).toBe('large')
  })

  it('FAKE 12 what is asked for now and interrupts service brings along everything that waits', () => {
    const { ada, cloud } = cloudWith()
    ada.create('sql-instance', 'main')
    ada.modify('main', { tier: 'large' }, { when: 'maintenance-window' })
    ada.modify('main', { 'labels["team"]': 'core' })
    expect(valueOf(cloud, 'main', 'tier')).toBe('small')
    ada.modify('main', { availability: 'regional' })
    expect(cloud.inspect.resource('main')).toMatchObject({ deferred: {}, properties: { tier: 'large' } })
  })

  it('FAKE 13 a change decided on other values is refused and changes nothing', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main', { tier: 'large' })
    const before = cloud.inspect.resource('main')
    const blind = update(cloud, ref, { tier: 'medium' }, { expected: { tier: 'small' } })
    await expect(end(clock, blind)).rejects.toThrow('tier is "large", not "small" as expected; nothing was changed')
    expect(cloud.inspect.resource('main')).toEqual(before)
    const seeing = update(cloud, ref, { 'labels["a"]': '1' }, { expected: { tier: 'large', 'labels["a"]': null } })
    await expect(end(clock, seeing)).resolves.toMatchObject({ observation: { properties: { 'labels["a"]': '1' } } })
  })

  it('FAKE 6 storage only grows, versions never go back, and some values are for good', () => {
    const { ada } = cloudWith()
    ada.create('sql-instance', 'main', { 'storage.gib': 50, engineVersion: '16.2' })
    expect(() => ada.modify('main', { 'storage.gib': 40 })).toThrow('storage.gib can only grow: it is 50')
    expect(() => ada.modify('main', { engineVersion: '16.1' })).toThrow(
      'engineVersion cannot go back from 16.2 to 16.1',
    )
    expect(() => ada.modify('main', { engineVersion: '16' })).not.toThrow()
    expect(() => ada.modify('main', { 'encryption.atRest': true })).toThrow('cannot be changed after creation')
    expect(() => ada.modify('main', { tier: null })).toThrow('cannot be unset')
    expect(() => ada.modify('main', { 'backup.retentionDays': 36 })).toThrow('from 0 to 35')
    expect(() => ada.modify('main', { 'maintenance.window': 'someday' })).toThrow('sun:03:00-sun:04:00')
  })

  it('FAKE 6 a member of a map is unset with null', () => {
    const { ada, cloud } = cloudWith()
    ada.create('bucket', 'assets', { 'labels["team"]': 'core' })
    ada.modify('assets', { 'labels["team"]': null })
    expect(cloud.inspect.resource('assets')?.properties).not.toHaveProperty(['labels["team"]'])
  })

  it('FAKE 7 a resource takes one change at a time, and none while it is stopped', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    ada.modify(ref, { tier: 'large' }, { takesMs: 60_000 })
    await expect(end(clock, update(cloud, ref, { 'backup.retentionDays': 2 }))).rejects.toMatchObject({
      code: 'cloud-retryable',
      details: { retryAfterMs: 60_000 },
    })
    await clock.advance(60_000)
    ada.stop(ref)
    await expect(end(clock, update(cloud, ref, { 'backup.retentionDays': 2 }))).rejects.toThrow('it is stopped')
    await clock.advance(7 * 24 * 3_600_000)
    expect(cloud.inspect.resource('main')?.status).toBe('available')
  })

  it('FAKE 10 an update under the same key is done once, whatever happened since', async () => {
    const { ada, clock, cloud } = cloudWith()
    const ref = ada.create('sql-instance', 'main')
    await end(clock, update(cloud, ref, { 'backup.retentionDays': 9 }, { key: 'once' }))
    ada.modify(ref, { 'backup.retentionDays': 2 })
    const again = await end(clock, update(cloud, ref, { 'backup.retentionDays': 9 }, { key: 'once' }))
    expect(again.observation?.properties['backup.retentionDays']).toBe(2)
    expect(cloud.calls({ operation: 'update', effect: true })).toHaveLength(1)
  })
})
