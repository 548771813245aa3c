import { isLedgerError, platformProvider } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../clock/virtual-clock.ts'
import { collect } from '../conformance/event-store/assertions.ts'
import { describeCloudProvider } from '../conformance/cloud-provider/describe-cloud-provider.ts'
import { fakePlatform } from './fake-platform.ts'
import type { FakePlatformOptions } from './fake-platform.ts'

for (const kind of ['service', 'cron-job']) {
  const properties = kind === 'service' ? { image: 'shop:1', replicas: 2 } : { image: 'shop:1', schedule: '@daily' }
  const sample = { kind, properties, change: { 'labels["team"]': 'core' }, copies: false }
  describeCloudProvider(
    `fake platform, ${kind}`,
    async () => {
      const clock = virtualClock({ start: '2026-03-02T12:00:00Z', autoAdvance: true })
      const { platform, target } = fakePlatform({ clock, pageSize: 2, latencyMs: [5, 50] })
      return {
        provider: platformProvider(platform),
        target,
        sample,
        moreThanAPage: 5,
        name: (hint) => `conformance-${hint}`,
        pause: (milliseconds) => clock.sleep(milliseconds),
        cleanup: async () => clock.autoAdvance(false),
      }
    },
    { describe, it },
  )
}

function platform(options: Partial<FakePlatformOptions> = {}) {
  const clock = virtualClock({ start: '2026-03-02T12:00:00Z', autoAdvance: true })
  return { clock, ...fakePlatform({ clock, ...options }) }
}

describe('the fake platform', () => {
  it('COMPUTE 9: replaces replicas one by one on its clock, and says at each moment what runs', async () => {
    const fake = platform()
    const { clock, inspect } = fake
    fake.console('grace').run('service', 'shop', 'shop:1', { replicas: 3 })
    await clock.sleep(30_000)
    fake.console('grace').rollOut('shop', { image: 'shop:2' })
    const seen: string[] = []
    for (let step = 0; step <= 3; step++) {
      const { running = [], state } = inspect.workload('shop') ?? {}
      seen.push(`${state}: ${running.map(({ image, replicas }) => `${replicas} ${image}`).join(', ')}`)
      await clock.sleep(10_000)
    }
    expect(seen).toEqual([
      'rolling-out: 3 shop:1',
      'rolling-out: 1 shop:2, 2 shop:1',
      'rolling-out: 2 shop:2, 1 shop:1',
      'steady: 3 shop:2',
    ])
  })

  it('COMPUTE 9: a workload grows and shrinks, and a cron job has no replicas until its time comes', async () => {
    const fake = platform()
    const { clock, inspect } = fake
    fake.console('grace').run('service', 'shop', 'shop:1')
    fake.console('grace').run('cron-job', 'nightly', 'shop:1', { schedule: '@daily' })
    await clock.sleep(60_000)
    fake.console('grace').rollOut('shop', { settings: { replicas: 3 } })
    await clock.sleep(60_000)
    expect(inspect.workload('shop')?.running).toMatchObject([{ replicas: 3 }])
    fake.console('grace').rollOut('shop', { settings: { replicas: 0 } })
    await clock.sleep(60_000)
    expect(inspect.workload('shop')).toMatchObject({ state: 'steady', running: [{ image: 'shop:1', replicas: 0 }] })
    expect(inspect.workload('nightly')).toMatchObject({ state: 'steady', desired: 0, running: [{ image: 'shop:1' }] })
  })

  it('COMPUTE 10: a rollout under way survives saving, and is the same one under its key', async () => {
    const fake = platform()
    const { clock, platform: port, target } = fake
    const request = {
      workload: { type: 'new', target, name: 'shop' },
      kind: 'service',
      image: 'shop:1',
      settings: { replicas: 2 },
      dependencies: [],
    } as const
    for await (const update of port.rollOut(request, { idempotencyKey: 'k' })) if (update.type === 'progress') break
    const again = fakePlatform({ clock, saved: fake.save() })
    const updates = await collect(again.platform.rollOut(request, { idempotencyKey: 'k' }))
    expect(updates.at(-1)).toMatchObject({
      type: 'completed',
      workload: { running: [{ image: 'shop:1', replicas: 2 }] },
    })
    expect(again.calls({ effect: true })).toHaveLength(1)
    expect(again.inspect.workloads()).toHaveLength(1)
  })

  it('COMPUTE 10: what save() did not write is refused, and so is a workload that is not there', () => {
    const fake = platform()
    const { clock } = fake
    for (const attempt of [() => fakePlatform({ clock, saved: '{}' }), () => fake.console('grace').restart('shop')]) {
      let thrown: unknown
      try {
        attempt()
      } catch (error) {
        thrown = error
      }
      expect(isLedgerError(thrown, 'input-invalid')).toBe(true)
    }
  })

  it('COMPUTE 9: a rollout displaced by another ends as failed, with what runs', async () => {
    const fake = platform()
    const { clock, platform: port, target } = fake
    const request = {
      workload: { type: 'new', target, name: 'shop' },
      kind: 'service',
      image: 'shop:1',
      settings: {},
      dependencies: [],
    } as const
    const updates = port.rollOut(request, { idempotencyKey: 'k' })
    let last: unknown
    for await (const update of updates) {
      last = update
      if (update.type === 'progress') fake.console('grace').rollOut('shop', { image: 'shop:hotfix' })
    }
    expect(last).toMatchObject({ type: 'failed', reason: expect.stringContaining('meanwhile') })
    await clock.sleep(1)
  })
})
