import type { EventStore } from '@infraledger/core'
import { isLedgerError } from '@infraledger/core/adapter'
import { checkSameLedger } from './engine/checkpoint.ts'
import type { Checkpoint } from './engine/checkpoint.ts'
import type { ProjectionProgress } from './engine/projector.ts'
import { projectInto } from './project-ledger.ts'
import type { ProjectionReport } from './project-ledger.ts'
import type { OpenReadModels, ReadModels, SwapReport } from './read-models.ts'

/** Looks at what was appended while the tables beside caught up; live ones that are always ahead after so many are being written by a defect. */
const SWAP_TRIES = 100

/** What to rebuild, from what. */
export type RebuildOptions = {
  readonly store: EventStore
  readonly target: ReadModels
  /** Breaks off; what was built so far stays, and the next rebuild goes on with it. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ProjectionProgress) => void
}

/** What a rebuild did; `swapped` is undefined where it was broken off. Rows that were removed or added had not been what they should be. */
export type RebuildReport = ProjectionReport & { readonly swapped: SwapReport | undefined }

/**
 * Makes the read models anew, beside the live ones, and swaps them in one transaction. Readers never see an empty or a half table;
 * workers may go on meanwhile. Throws as `projectLedger` does, except that outdated tables, and those of another ledger, are replaced.
 */
export async function rebuildReadModels(options: RebuildOptions): Promise<RebuildReport> {
  const { store, target, signal } = options
  const live = await target.open({ rebuilding: true })
  try {
    let report = await build(live, options)
    const foreign = await streamsOfOtherLedger(live, store)
    for (let tries = 1; tries <= SWAP_TRIES; tries++) {
      if (signal?.aborted === true) return { ...report, swapped: undefined }
      const swapped = await live.swap(foreign)
      if (swapped !== undefined) {
        await live.dropBeside()
        return { ...report, swapped }
      }
      const more = await build(live, options)
      report = { ...more, events: report.events + more.events }
    }
    throw new Error(`${live.name} is always ahead of what is built beside it`)
  } finally {
    await live.close()
  }
}

/** Catches up the tables beside; those that an earlier rebuild left of another ledger are begun anew. */
async function build(live: OpenReadModels, options: RebuildOptions, fresh = false): Promise<ProjectionReport> {
  const beside = await live.beside({ fresh })
  try {
    return await projectInto(beside, options)
  } catch (error) {
    if (fresh || !isLedgerError(error, 'read-models-of-another-ledger')) throw error
  } finally {
    await beside.close()
  }
  return build(live, options, true)
}

/** Streams of environments that the live tables have of another store: what they know of them is no reason to keep it. */
async function streamsOfOtherLedger(live: OpenReadModels, store: EventStore): Promise<ReadonlySet<string>> {
  const checkpoints = await live.checkpoints()
  const foreign = new Set<string>()
  for (const checkpoint of checkpoints) if (!(await isOf(store, live, checkpoint))) foreign.add(checkpoint.environment)
  return new Set(checkpoints.flatMap(({ environment, stream }) => (foreign.has(environment) ? [stream] : [])))
}

async function isOf(store: EventStore, live: OpenReadModels, checkpoint: Checkpoint): Promise<boolean> {
  try {
    await checkSameLedger(live, store, checkpoint)
  } catch (error) {
    if (isLedgerError(error, 'read-models-of-another-ledger')) return false
    throw error
  }
  return true
}
