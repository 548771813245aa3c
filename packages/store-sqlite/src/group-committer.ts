import { setImmediate as nextTurn } from 'node:timers/promises'
import { isLedgerError } from '@infraledger/core/adapter'
import { pause } from './busy-retry.ts'
import { isBusy, isFull } from './sqlite-errors.ts'
import type { Transaction } from './transaction.ts'

/**
 * Runs writes in shared transactions: "whatever waited while the last one was committed" pays for one fsync together.
 */
export type GroupCommitter = {
  /**
   * Runs `work` in the next transaction and answers once it is committed. Work that refuses (throws a `LedgerError`,
   * having written nothing) fails only itself. Any other error spoils the transaction; then each work of the group is
   * run again, `alone` in a transaction of its own. `bytes` is what it writes, roughly.
   */
  submit<T>(work: (alone: boolean) => T, bytes: number): Promise<T>
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>
}

export type GroupCommitterOptions = {
  readonly transaction: Transaction
  /** Turns what was thrown into what callers are told; `appended` says whether it may have been written all the same. */
  readonly explain: (error: unknown, appended: 'no' | 'unknown') => unknown
  /** How long a write waits for another process before it fails. */
  readonly busyTimeoutMs: number
}

/** How much goes into one transaction, so that no turn of the event loop takes long. */
const GROUP_LIMITS = { works: 500, bytes: 8 * 1024 * 1024 } as const

type Job = {
  /** Does the work; answers with how to settle its caller after the commit. */
  readonly run: (alone: boolean) => () => void
  readonly fail: (error: unknown) => void
  readonly bytes: number
  readonly deadline: number
  /** Was in a group that failed as a whole, and is now run in a transaction of its own. */
  readonly alone: boolean
}

/** Makes the committer of one connection. */
export function groupCommitter({ transaction, explain, busyTimeoutMs }: GroupCommitterOptions): GroupCommitter {
  let waiting: Job[] = []
  let draining: Promise<void> | undefined

  function submit<T>(work: (alone: boolean) => T, bytes: number): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const run = (alone: boolean) => {
      const result = work(alone)
      return () => resolve(result)
    }
    waiting.push({ run, fail: reject, bytes, deadline: performance.now() + busyTimeoutMs, alone: false })
    draining ??= drain()
    return promise
  }

  /** One group in each turn of the event loop, until nothing waits. */
  async function drain(): Promise<void> {
    for (let busy = 0; waiting.length > 0;) {
      await (busy === 0 ? nextTurn() : pause(busy))
      busy = tryGroup() ? 0 : busy + 1
    }
    draining = undefined
  }

  /** Answers whether the lock could be had. */
  function tryGroup(): boolean {
    try {
      transaction.begin()
    } catch (error) {
      const now = performance.now()
      const givenUp = (job: Job): boolean => !isBusy(error) || job.deadline <= now
      for (const job of waiting.filter(givenUp)) job.fail(explain(error, 'no'))
      waiting = waiting.filter((job) => !givenUp(job))
      return false
    }
    runGroup(waiting.splice(0, groupSize(waiting)))
    return true
  }

  function runGroup(group: readonly Job[]): void {
    const settlements: (() => void)[] = []
    let committing = false
    try {
      for (const job of group) settlements.push(settlementOf(job))
      committing = true
      transaction.commit()
    } catch (error) {
      transaction.rollback()
      // A failed COMMIT may have reached the disk, unless there was no room for it.
      const appended = committing && !isFull(error) ? 'unknown' : 'no'
      const again = appended === 'no' && group.some(({ alone }) => !alone)
      if (again) waiting.unshift(...group.map((job) => ({ ...job, alone: true })))
      else for (const job of group) job.fail(explain(error, appended))
      return
    }
    for (const settle of settlements) settle()
  }

  return { submit, idle: async () => draining }
}

/** Runs one job of a group; its own refusal settles it, anything else spoils the transaction. */
function settlementOf(job: Job): () => void {
  try {
    return job.run(job.alone)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    return () => job.fail(error)
  }
}

function groupSize(waiting: readonly Job[]): number {
  let bytes = 0
  for (const [index, job] of waiting.entries()) {
    bytes += job.bytes
    const over = index >= GROUP_LIMITS.works || bytes > GROUP_LIMITS.bytes || job.alone
    if (over && index > 0) return index
    if (job.alone) return 1
  }
  return waiting.length
}
