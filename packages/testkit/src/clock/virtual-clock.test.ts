import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { virtualClock } from './virtual-clock.ts'

const start = '2026-03-01T12:00:00Z'
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('virtual clock', () => {
  it('FAKE 1 sleepers wake in the order of their moments, each at its own, and of two at one moment the first', async () => {
    const clock = virtualClock({ start })
    const woken: string[] = []
    const sleeper = async (name: string, milliseconds: number): Promise<void> => {
      await clock.sleep(milliseconds)
      woken.push(`${name} ${clock.now().toISOString().slice(17, 23)}`)
    }
    void Promise.all([sleeper('late', 300), sleeper('early', 100), sleeper('twin 1', 200), sleeper('twin 2', 200)])
    await clock.advance(250)
    expect(woken).toEqual(['early 00.100', 'twin 1 00.200', 'twin 2 00.200'])
    expect(clock.now().toISOString()).toBe('2026-03-01T12:00:00.250Z')
    expect(clock.sleeping()).toBe(1)
  })

  it('FAKE 1 what wakes comes to wait before time moves on, over promises and turns of the event loop', async () => {
    const clock = virtualClock({ start })
    const moments: number[] = []
    const work = async (): Promise<void> => {
      for (let step = 0; step < 3; step += 1) {
        await clock.sleep(100)
        await turn()
        await turn()
        await Promise.resolve()
        moments.push(clock.now().getTime() - Date.parse(start))
      }
    }
    void work()
    await clock.advance(1_000)
    expect(moments).toEqual([100, 200, 300])
  })

  it('FAKE 1 advanceTo passes up to a moment, one advance after the other, and never back', async () => {
    const clock = virtualClock({ start })
    await Promise.all([clock.advance(1_000), clock.advance(1_000)])
    expect(clock.now().toISOString()).toBe('2026-03-01T12:00:02.000Z')
    await clock.advanceTo('2026-03-01T13:00:00Z')
    await clock.advanceTo('2026-03-01T12:30:00Z')
    expect(clock.now().toISOString()).toBe('2026-03-01T13:00:00.000Z')
    expect(() => clock.advanceTo('noon')).toThrow('noon is not a moment')
  })

  it('FAKE 2 a sleep ends at once when its signal aborts, and at once when it has aborted', async () => {
    const clock = virtualClock({ start })
    const abort = new AbortController()
    const slept = clock.sleep(1_000, abort.signal)
    abort.abort()
    await slept
    await clock.sleep(1_000, abort.signal)
    expect(clock.sleeping()).toBe(0)
    expect(clock.now()).toEqual(new Date(start))
  })

  it('FAKE 2 a sleep of nothing ends without time passing', async () => {
    const clock = virtualClock({ start })
    await clock.sleep(0)
    await clock.sleep(-5)
    expect(clock.now()).toEqual(new Date(start))
  })

  it('FAKE 3 with autoAdvance time jumps to the next sleeper whenever everything waits', async () => {
    const clock = virtualClock({ start, autoAdvance: true })
    const day = 24 * 3_600_000
    await Promise.all([clock.sleep(day), clock.sleep(2 * day)])
    expect(clock.now().toISOString()).toBe('2026-03-03T12:00:00.000Z')
  })

  it('FAKE 3 autoAdvance does not move while somebody still works', async () => {
    const clock = virtualClock({ start, autoAdvance: true })
    const slept = clock.sleep(1_000)
    for (let step = 0; step < 50; step += 1) await turn()
    expect(clock.now()).toEqual(new Date(start))
    await slept
    expect(clock.now().toISOString()).toBe('2026-03-01T12:00:01.000Z')
  })

  it('FAKE 3 autoAdvance does not move while a file is being read', async () => {
    const clock = virtualClock({ start, autoAdvance: true })
    void clock.sleep(1_000)
    for (let read = 0; read < 5; read += 1) await readFile(import.meta.filename)
    expect(clock.now()).toEqual(new Date(start))
  })

  it('FAKE 3 runUntil moves time for as long as the work is not done, and no longer', async () => {
    const clock = virtualClock({ start })
    const poll = clock.sleep(3_600_000)
    const work = async (): Promise<string> => {
      await clock.sleep(60_000)
      return 'done'
    }
    expect(await clock.runUntil(work())).toBe('done')
    for (let step = 0; step < 10; step += 1) await turn()
    expect(clock.now().toISOString()).toBe('2026-03-01T12:01:00.000Z')
    expect(clock.sleeping()).toBe(1)
    clock.autoAdvance(true)
    await poll
    expect(clock.now().toISOString()).toBe('2026-03-01T13:00:00.000Z')
  })

  it('FAKE 4 after a jump everyone who is due wakes late; a set clock changes nobody’s sleep', async () => {
    const clock = virtualClock({ start })
    const woken: string[] = []
    void clock.sleep(1_000).then(() => woken.push(clock.now().toISOString()))
    clock.setTime('2020-01-01T00:00:00Z')
    await clock.advance(999)
    expect(woken).toEqual([])
    clock.jump(60_000)
    await turn()
    expect(woken).toEqual(['2020-01-01T00:01:00.999Z'])
  })
})
