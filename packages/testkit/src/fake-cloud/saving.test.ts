import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consoleScripts, playConsoleScript } from '../arbitraries/console-scripts.ts'
import { seeds } from '../arbitraries/node-ids.ts'
import { virtualClock } from '../clock/virtual-clock.ts'
import { cloudWith, create, end, START, update, valueOf } from './cloud.fixture.ts'
import { fakeCloud } from './fake-cloud.ts'

describe('saving', () => {
  it('FAKE 23 a saved cloud goes on where it was, in the middle of an operation, with keys and calls', async () => {
    let saved = ''
    const first = cloudWith({ onChange: () => (saved = first.cloud.save()), consistencyDelayMs: 1_000 })
    const ref = first.ada.create('sql-instance', 'main')
    await first.clock.advance(10_000)
    const change = { tier: 'large' }
    first.cloud.faults.crash({ operation: 'update' }, 'between-call-and-answer')
    await expect(end(first.clock, update(first.cloud, ref, change, { when: 'now' }))).rejects.toThrow('simulated crash')

    const clock = virtualClock({ start: first.clock.now() })
    const cloud = fakeCloud({ clock, saved, consistencyDelayMs: 1_000 })
    expect(cloud.inspect.resource('main')?.status).toBe('modifying')
    await end(clock, update(cloud, ref, change, { when: 'now' }))
    expect(valueOf(cloud, 'main', 'tier')).toBe('large')
    expect(cloud.calls({ operation: 'update', effect: true })).toHaveLength(1)
    expect(cloud.save()).toBe(fakeCloud({ clock, saved: cloud.save() }).save())
  })

  it('FAKE 23 what is not a saved cloud is refused', () => {
    const clock = virtualClock()
    for (const saved of ['', '{}', 'null', '{"format":"infraledger-fake-cloud","version":99,"world":{}}']) {
      expect(() => fakeCloud({ clock, saved })).toThrow(
        'the saved fake cloud is not what save() of this version returns',
      )
    }
  })

  it('FAKE 26 the same seed and the same calls give the same cloud, whatever happens; another seed gives other ids', async () => {
    await fc.assert(
      fc.asyncProperty(seeds(), consoleScripts(), async (seed, script) => {
        const play = async (): Promise<string> => {
          const clock = virtualClock({ start: START })
          const cloud = fakeCloud({ clock, seed })
          await playConsoleScript(cloud, clock, script)
          return cloud.save()
        }
        expect(await play()).toBe(await play())
      }),
      { numRuns: 30 },
    )
    const ids = [1, 2].map((seed) => cloudWith({ seed }).ada.create('bucket', 'a').id)
    expect(ids[0]).not.toBe(ids[1])
  })

  it('FAKE 26 latency is drawn from the seed and takes virtual time', async () => {
    const { clock, cloud } = cloudWith({ latencyMs: [100, 200], seed: 7, kinds: { bucket: { createMs: 0 } } })
    await end(clock, create(cloud, 'bucket', 'a'))
    const took = clock.now().getTime() - Date.parse(START)
    expect(took).toBeGreaterThanOrEqual(200)
    expect(took).toBeLessThan(400)
  })
})
