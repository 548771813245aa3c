import { environmentOfStream } from '@infraledger/core/adapter'
import type { EventStore, RecordedEvent } from '@infraledger/core/adapter'
import type { OpenReadModels } from '../read-models.ts'
import { catchUp } from './catch-up.ts'
import { beginnings, checkpointOf, checkSameLedger, streamsOf } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { discover } from './environments.ts'

/** What was projected with one batch of events of one environment. */
export type ProjectionProgress = {
  readonly environment: string
  readonly events: number
  /** Revision of the last of them in their stream. */
  readonly revision: number
}

export type ProjectorOptions = {
  readonly store: EventStore
  readonly models: OpenReadModels
  readonly signal: AbortSignal
  readonly onProgress?: ((progress: ProjectionProgress) => void) | undefined
}

/** Projects the streams of a store into tables: all of them, or those of environments that it holds. */
export interface Projector {
  /** Learns which environments there are, and refuses tables that were made from another store. */
  discover(): Promise<void>
  environments(): readonly string[]
  /** From now on it projects these environments and no others. Those that it did not hold before are caught up by the next {@link pump}. */
  hold(environments: ReadonlySet<string>): void
  /** Catches up every stream that is due. */
  pump(): Promise<void>
  /** All streams are due, whatever is known of them. */
  makeAllDue(): void
  /** Takes notice of an event of the store: its stream is due, unless the event is projected already. */
  notice(event: RecordedEvent): boolean
  /** The greatest position that was projected. */
  position(): bigint
}

export function projector({ store, models, signal, onProgress }: ProjectorOptions): Projector {
  const checkpoints = new Map<string, Checkpoint>()
  const due = new Set<string>()
  let held: ReadonlySet<string> | 'all' = 'all'
  let running = Promise.resolve()
  let waiting: Promise<void> | undefined

  const isHeld = (environment: string): boolean => held === 'all' || held.has(environment)

  function nextDue(): Checkpoint | undefined {
    for (const stream of due) {
      due.delete(stream)
      const known = checkpoints.get(stream)
      if (known !== undefined && isHeld(known.environment)) return known
    }
    return undefined
  }

  async function pumpAll(): Promise<void> {
    waiting = undefined
    for (let known = nextDue(); known !== undefined && !signal.aborted; known = nextDue()) {
      const { environment, stream } = known
      const isWanted = (): boolean => !signal.aborted && isHeld(environment)
      const advanced = (checkpoint: Checkpoint, events: number): void => {
        checkpoints.set(stream, checkpoint)
        onProgress?.({ environment, events, revision: checkpoint.revision })
      }
      try {
        // Where environments change hands, another worker may have had it meanwhile.
        const from = held === 'all' ? known : await checkpointOf(models, known)
        checkpoints.set(stream, await catchUp(from, { store, models, isWanted, advanced }))
      } catch (error) {
        due.add(stream)
        throw error
      }
    }
  }

  return {
    async discover() {
      for (const checkpoint of await discover(models, store)) {
        checkpoints.set(checkpoint.stream, checkpoint)
        await checkSameLedger(models, store, checkpoint)
      }
    },
    environments: () => [...new Set(checkpoints.values().map(({ environment }) => environment))].toSorted(),
    hold(environments) {
      const before = held
      held = environments
      for (const environment of environments)
        if (before === 'all' || !before.has(environment)) for (const stream of streamsOf(environment)) due.add(stream)
    },
    pump() {
      // One run at a time, and one that waits: it sees all that is due when it begins.
      waiting ??= running = running.catch(() => {}).then(pumpAll)
      return waiting
    },
    makeAllDue() {
      for (const stream of checkpoints.keys()) due.add(stream)
    },
    notice({ stream, revision }) {
      const environment = environmentOfStream(stream)
      if (!streamsOf(environment).includes(stream)) return false
      const known = checkpoints.get(stream)
      if (known !== undefined && revision <= known.revision) return false
      // A new environment; its checkpoints are written with its first events.
      if (known === undefined) for (const one of beginnings(environment)) checkpoints.set(one.stream, one)
      due.add(stream)
      return true
    },
    position() {
      let most = 0n
      for (const { position } of checkpoints.values()) if (BigInt(position) > most) most = BigInt(position)
      return most
    },
  }
}
