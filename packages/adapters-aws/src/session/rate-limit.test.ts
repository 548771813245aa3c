import { virtualClock } from '@infraledger/testkit'
import { describe, expect, it } from 'vitest'
import { rateLimit } from './rate-limit.ts'

describe('the rate limit', () => {
  it('AWS 4: lets a second of calls through at once, and then so many in a second, in the order of asking', async () => {
    const clock = virtualClock({ start: '2026-03-02T12:00:00Z', autoAdvance: true })
    const limit = rateLimit(5, clock)
    const begun = clock.now().getTime()
    const turns: [number, number][] = []
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await limit.turn()
        turns.push([index, clock.now().getTime() - begun])
      }),
    )
    expect(turns.map(([index]) => index)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(turns.filter(([, at]) => at === 0)).toHaveLength(5)
    expect(turns.at(-1)?.[1]).toBe(3_000)
  })
})
