import type { Clock } from '@infraledger/core/adapter'
import { whenQuiet } from './quiescence.ts'
import { timeline } from './timeline.ts'

/** How a virtual clock starts. */
export type VirtualClockOptions = {
  /** What `now()` says at first (ISO 8601 or a date). Default 2026-01-01T00:00:00Z. */
  readonly start?: string | Date
  /** Time moves by itself, to the next sleeper, whenever everything waits. Default false: only the test moves it. */
  readonly autoAdvance?: boolean
  /** Lets what runs come to wait before time moves. By default watches the event loop; give your own where answers come over sockets. */
  readonly settle?: () => Promise<void>
}

/** A {@link Clock} whose time a test moves. Nothing ever waits for real time. */
export interface VirtualClock extends Clock {
  /** Lets time pass: wakes sleepers one after the other, each at its own moment, and lets each one come to wait before the next. */
  advance(milliseconds: number): Promise<void>
  /** As `advance`, up to a moment; nothing where that has passed. */
  advanceTo(moment: string | Date): Promise<void>
  /** Time has passed at once, as on a machine that was suspended: everyone who is due by now wakes late, at the new time. */
  jump(milliseconds: number): void
  /** Somebody set the clock, forwards or back. Sleepers sleep as long as they meant to. */
  setTime(moment: string | Date): void
  /** Whether time moves by itself whenever everything waits. */
  autoAdvance(on: boolean): void
  /** Lets time move by itself until `work` has settled, and answers as it does. */
  runUntil<T>(work: Promise<T>): Promise<T>
  /** How many sleep. */
  sleeping(): number
}

/**
 * A clock for tests. The same calls in the same order give the same times: sleepers wake in the order of their moments, and of two at
 * one moment the one who lay down first.
 *
 * @example
 * const clock = virtualClock({ start: '2026-03-01T12:00:00Z' })
 * const slept = clock.sleep(60_000)
 * await clock.advance(60_000)
 * await slept
 * clock.now() // 2026-03-01T12:01:00.000Z
 */
export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  const time = timeline(options.settle ?? whenQuiet)
  let offset = momentOf(options.start ?? '2026-01-01T00:00:00Z')
  let byItself = options.autoAdvance ?? false
  let awaited = 0
  const move = (): void => time.moveWhile(() => byItself || awaited > 0)
  move()
  return {
    now: () => new Date(offset + time.elapsed()),
    sleep(milliseconds, signal) {
      if (signal?.aborted === true) return Promise.resolve()
      return milliseconds > 0 ? time.sleep(milliseconds, signal) : new Promise((resolve) => setImmediate(resolve))
    },
    advance: (milliseconds) => time.pass(() => time.elapsed() + milliseconds),
    advanceTo(moment) {
      const target = momentOf(moment)
      return time.pass(() => target - offset)
    },
    jump: (milliseconds) => time.jump(milliseconds),
    setTime(moment) {
      offset = momentOf(moment) - time.elapsed()
    },
    autoAdvance(on) {
      byItself = on
      move()
    },
    async runUntil(work) {
      awaited += 1
      move()
      try {
        return await work
      } finally {
        awaited -= 1
      }
    },
    sleeping: () => time.sleeping(),
  }
}

function momentOf(moment: string | Date): number {
  const milliseconds = new Date(moment).getTime()
  if (Number.isNaN(milliseconds)) {
    throw new RangeError(`${String(moment)} is not a moment; write it as in 2026-01-31T12:00:00Z`)
  }
  return milliseconds
}
