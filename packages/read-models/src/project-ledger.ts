import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { EventStore } from '@infraledger/core'
import { follow } from './engine/follow.ts'
import { patiently } from './engine/patience.ts'
import { projector } from './engine/projector.ts'
import type { ProjectionProgress, Projector } from './engine/projector.ts'
import type { OpenReadModels, ReadModels } from './read-models.ts'
import { keepClaims } from './workers/claim-keeper.ts'

/** How long a worker that shows no sign of life keeps its environments, by default. */
const LEASE_MS = 15_000

/** What to project, where to, and for how long. */
export type ProjectionOptions = {
  readonly store: EventStore
  readonly target: ReadModels
  /** Goes on with what is appended, until `signal` aborts. Default: ends when everything that is there is projected. */
  readonly follow?: boolean
  readonly signal?: AbortSignal
  /**
   * Shares the environments with other workers on the same target, while it follows. Workers find each other by their names, which must differ;
   * `true` makes one up. One that shows no sign of life for `leaseMs` (default 15,000) is replaced.
   */
  readonly worker?: true | { readonly name?: string; readonly leaseMs?: number }
  /** Told after each transaction. */
  readonly onProgress?: (progress: ProjectionProgress) => void
}

/** What a projection did. */
export type ProjectionReport = {
  /** Events that this call projected. */
  readonly events: number
  readonly environments: readonly string[]
}

/**
 * Keeps the read models of a ledger: takes what they do not have yet from the store, in order and exactly once, however often it was
 * interrupted. Throws the store's errors, and `read-models-unavailable`, `read-models-outdated` (rebuild them),
 * `read-models-newer-than-library`, `read-models-foreign`, `read-models-of-another-ledger`.
 *
 * @example
 * await projectLedger({ store, target: sqliteReadModels({ file: 'reports.db' }) })
 */
export async function projectLedger(options: ProjectionOptions): Promise<ProjectionReport> {
  const models = await options.target.open()
  try {
    return await projectInto(models, options)
  } finally {
    await models.close()
  }
}

/** The same into tables that are open. */
export async function projectInto(
  models: OpenReadModels,
  { store, follow: isFollowing = false, signal, worker, onProgress }: Omit<ProjectionOptions, 'target'>,
): Promise<ProjectionReport> {
  let events = 0
  const stop = new AbortController()
  const stopped = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
  const counted = (progress: ProjectionProgress): void => {
    events += progress.events
    onProgress?.(progress)
  }
  const projecting = projector({ store, models, signal: stopped, onProgress: counted })
  await projecting.discover()
  if (isFollowing && worker !== undefined) await followShared(projecting, models, store, stop, stopped, worker)
  else {
    projecting.makeAllDue()
    await projecting.pump()
    if (isFollowing) await follow(projecting, store, stopped)
  }
  return { events, environments: projecting.environments() }
}

/** Follows, holding the environments that this worker has claimed; whichever of the two ends with an error ends the other. */
async function followShared(
  projecting: Projector,
  models: OpenReadModels,
  store: EventStore,
  stop: AbortController,
  signal: AbortSignal,
  worker: NonNullable<ProjectionOptions['worker']>,
): Promise<void> {
  const { name = `${hostname()}-${randomUUID()}`, leaseMs = LEASE_MS } = worker === true ? {} : worker
  const failures: unknown[] = []
  projecting.hold(new Set())
  const environments = (): readonly string[] => projecting.environments()
  const holding = (held: ReadonlySet<string>): void => {
    projecting.hold(held)
    patiently(() => projecting.pump(), signal).catch((error: unknown) => {
      failures.push(error)
      stop.abort()
    })
  }
  const ended = (): void => stop.abort()
  const keeping = keepClaims({ models, worker: name, leaseMs, signal, environments, holding }).finally(ended)
  const following = follow(projecting, store, signal).finally(ended)
  const outcomes = await Promise.allSettled([following, keeping])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  if (failures.length > 0) throw failures[0]
}
