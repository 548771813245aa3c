import { describe, expect, it } from 'vitest'
import { cloudWith, create, end, update, valueOf } from './cloud.fixture.ts'
import { isSimulatedCrash } from './simulated-crash.ts'

describe('faults', () => {
  it('FAKE 17 a refusal and a passing failure do nothing, for as long as they are set', async () => {
    const { clock, cloud } = cloudWith()
    const refusal = cloud.faults.refuse({ kind: 'bucket' }, { reason: 'QuotaExceeded' })
    await expect(end(clock, create(cloud, 'bucket', 'a'))).rejects.toMatchObject({
      code: 'cloud-refused',
      details: { provider: 'fake', operation: 'create', reason: 'QuotaExceeded' },
    })
    refusal.lift()
    cloud.faults.retryable({ operation: 'create' }, 2, { retryAfterMs: 5_000 })
    const passing = { code: 'cloud-retryable', retryable: true, details: { retryAfterMs: 5_000 } }
    await expect(end(clock, create(cloud, 'bucket', 'a'))).rejects.toMatchObject(passing)
    await expect(end(clock, create(cloud, 'bucket', 'a'))).rejects.toMatchObject(passing)
    expect(cloud.inspect.resources()).toEqual([])
    await end(clock, create(cloud, 'bucket', 'a'))
    expect(refusal.met()).toBe(1)
  })

  it('FAKE 17 an unknown outcome has happened or not, as the test says; the same key finds out', async () => {
    const { clock, cloud } = cloudWith()
    cloud.faults.unknownOutcome({ name: 'a' })
    cloud.faults.unknownOutcome({ name: 'b' }, { happened: false })
    await expect(end(clock, create(cloud, 'bucket', 'a'))).rejects.toMatchObject({ code: 'cloud-outcome-unknown' })
    await expect(end(clock, create(cloud, 'bucket', 'b'))).rejects.toMatchObject({ code: 'cloud-outcome-unknown' })
    expect(cloud.inspect.resources().map(({ ref }) => ref.name)).toEqual(['a'])
    await end(clock, create(cloud, 'bucket', 'a'))
    await end(clock, create(cloud, 'bucket', 'b'))
    expect(cloud.calls({ effect: true }).map(({ name, outcome }) => [name, outcome])).toEqual([
      ['a', 'unknown'],
      ['b', 'answered'],
    ])
  })

  it.each([
    ['before-call', false],
    ['between-call-and-answer', true],
    ['while-waiting', true],
  ] as const)(
    'FAKE 18 a crash %s leaves the cloud as it would be (done: %s), and the same key goes on',
    async (point, done) => {
      const { ada, clock, cloud } = cloudWith()
      const ref = ada.create('sql-instance', 'main')
      cloud.faults.crash({ operation: 'update', name: 'main' }, point)
      const request = (): ReturnType<typeof update> =>
        update(cloud, ref, { 'backup.retentionDays': 9 }, { key: 'step' })
      const error: unknown = await end(clock, request()).catch((thrown: unknown) => thrown)
      expect(isSimulatedCrash(error)).toBe(true)
      expect(isSimulatedCrash(new Error('wrapped', { cause: error }))).toBe(true)
      expect(isSimulatedCrash(new Error('other'))).toBe(false)
      expect(cloud.calls({ effect: true })).toHaveLength(done ? 1 : 0)
      await end(clock, request())
      expect(valueOf(cloud, 'main', 'backup.retentionDays')).toBe(9)
      expect(cloud.calls({ effect: true })).toHaveLength(1)
    },
  )

  it('FAKE 17 an operation that fails halfway leaves a failed creation, or nothing changed', async () => {
    const { ada, clock, cloud } = cloudWith()
    cloud.faults.failMidway({ operation: 'create' })
    await expect(end(clock, create(cloud, 'sql-instance', 'broken'))).rejects.toMatchObject({
      code: 'cloud-outcome-unknown',
    })
    expect(cloud.inspect.resource('broken')).toMatchObject({ status: 'failed', settled: true })
    const ref = ada.create('sql-instance', 'main')
    cloud.faults.failMidway({ operation: 'update' })
    const change = { 'backup.retentionDays': 9 }
    await expect(end(clock, update(cloud, ref, change))).rejects.toMatchObject({ code: 'cloud-retryable' })
    expect(valueOf(cloud, 'main', 'backup.retentionDays')).toBe(1)
    await end(clock, update(cloud, ref, change))
    expect(valueOf(cloud, 'main', 'backup.retentionDays')).toBe(9)
  })

  it('FAKE 17 a fault meets the nth of the calls that match, and clear takes all back', async () => {
    const { clock, cloud } = cloudWith()
    cloud.faults.refuse({ operation: 'create', kind: 'bucket', nth: 2 })
    await end(clock, create(cloud, 'bucket', 'a'))
    await end(clock, create(cloud, 'topic', 't'))
    await expect(end(clock, create(cloud, 'bucket', 'b'))).rejects.toMatchObject({ code: 'cloud-refused' })
    await end(clock, create(cloud, 'bucket', 'b'))
    cloud.faults.refuse({})
    cloud.faults.clear()
    await end(clock, create(cloud, 'bucket', 'c'))
  })
})
