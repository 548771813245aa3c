import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '@infraledger/core/adapter'

/** The machine's clock, running so many times as fast from the moment that it is made. */
export function scaledClock(speed: number): Clock {
  const begun = Date.now()
  return {
    now: () => new Date(begun + (Date.now() - begun) * speed),
    async sleep(milliseconds, signal) {
      await wait(milliseconds / speed, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
    },
  }
}
