import { sleepers } from './sleepers.ts'
import type { Sleeper } from './sleepers.ts'

/** Milliseconds that pass only when they are let; the part of the virtual clock that knows no dates. */
export interface Timeline {
  elapsed(): number
  sleeping(): number
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
  /** Passes up to a moment, computed when those who asked before are through. */
  pass(target: () => number): Promise<void>
  jump(milliseconds: number): void
  /** Moves to the next sleeper whenever everything waits, for as long as `wanted` says so; called again when that may have changed. */
  moveWhile(wanted: () => boolean): void
}

const never = (): boolean => false

/** A timeline at zero. `settle` lets what runs come to wait, between one sleeper and the next. */
export function timeline(settle: () => Promise<void>): Timeline {
  const waiting = sleepers()
  let elapsed = 0
  let wanted: () => boolean = never
  let moving = false
  let passing = 0
  let line: Promise<unknown> = Promise.resolve()

  const wakeNext = (until: number): boolean => {
    const next = waiting.take(until)
    if (next === undefined) return false
    elapsed = Math.max(elapsed, next.due)
    next.wake()
    return true
  }
  const mayMove = (): boolean => wanted() && passing === 0
  const moveByItself = async (): Promise<void> => {
    moving = true
    await settle()
    while (mayMove() && wakeNext(Number.MAX_SAFE_INTEGER)) await settle()
    moving = false
  }
  const moveIfWanted = (): void => {
    if (mayMove() && !moving && waiting.size > 0) void moveByItself()
  }
  const passUntil = async (target: number): Promise<void> => {
    passing += 1
    try {
      await settle()
      while (wakeNext(target)) await settle()
      elapsed = Math.max(elapsed, target)
    } finally {
      passing -= 1
      moveIfWanted()
    }
  }

  return {
    elapsed: () => elapsed,
    sleeping: () => waiting.size,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const sleeper: Sleeper = { due: elapsed + milliseconds, wake: () => end() }
        const end = (): void => {
          signal?.removeEventListener('abort', end)
          waiting.remove(sleeper)
          resolve()
        }
        signal?.addEventListener('abort', end, { once: true })
        waiting.add(sleeper)
        moveIfWanted()
      }),
    pass(target) {
      const passed = line.then(() => passUntil(target()))
      line = passed.catch(() => undefined)
      return passed
    },
    jump(milliseconds) {
      elapsed += milliseconds
      while (wakeNext(elapsed));
    },
    moveWhile(condition) {
      wanted = condition
      moveIfWanted()
    },
  }
}
