import type { AppendRequest, AppendResult } from '@infraledger/core/adapter'
import type { Appending } from './appending.ts'
import type { Connections } from './connections.ts'
import type { Outcome } from './group-committer.ts'
import { retryThroughOutages } from './outage-retry.ts'
import { isUniqueViolation, mayHaveHappened, storeError } from './postgres-errors.ts'

type Committing = {
  readonly connections: Connections
  readonly append: Appending
  /** Fails when the store cannot be used. */
  readonly ready: () => Promise<void>
  readonly busyTimeoutMs: number
}

/** Commits a group of appends; when it throws, `details.appended` says whether they may have been written all the same. */
export type Commit = (group: readonly AppendRequest[]) => Promise<readonly Outcome<AppendResult>[]>

/**
 * The commit of a store. A connection that is lost in the middle leaves open whether the server committed; then the same
 * call is made again on another one, which finds its own events or writes them, and waits for the first call's
 * transaction, should that still run. So `unknown` is told only when the server stays away for `busyTimeoutMs`.
 */
export function committing({ connections, append, ready, busyTimeoutMs }: Committing): Commit {
  return async (group) => {
    await ready()
    let uncertain = false
    let careful = false
    const attempt = async (lockTimeoutMs: number): Promise<readonly Outcome<AppendResult>[]> => {
      const connection = await connections.acquire(lockTimeoutMs)
      try {
        return append.outcomes(group, await connection.query(append.statement(group, { careful, lockTimeoutMs })))
      } catch (error) {
        uncertain ||= mayHaveHappened(error)
        throw error
      } finally {
        connection.release()
      }
    }
    const attempts = (): Promise<readonly Outcome<AppendResult>[]> => retryThroughOutages(attempt, busyTimeoutMs)
    const again = (error: unknown): Promise<readonly Outcome<AppendResult>[]> => {
      if (!isUniqueViolation(error)) throw error
      careful = true
      return attempts()
    }
    try {
      return await attempts().catch(again)
    } catch (error) {
      throw storeError(error, connections.name, uncertain ? 'unknown' : 'no')
    }
  }
}
