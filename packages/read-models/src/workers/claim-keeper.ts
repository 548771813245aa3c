import { setTimeout as sleep } from 'node:timers/promises'
import { patiently } from '../engine/patience.ts'
import type { OpenReadModels } from '../read-models.ts'
import { decideClaims } from './decide-claims.ts'
import { livingWorkers } from './living-workers.ts'
import type { LivingWorkers } from './living-workers.ts'

/** Looks per lease: a worker that is merely slow is not taken for dead. */
const BEATS_PER_LEASE = 3

/** What keeping claims needs. */
export type ClaimKeeperOptions = {
  readonly models: OpenReadModels
  readonly worker: string
  readonly leaseMs: number
  readonly signal: AbortSignal
  readonly environments: () => readonly string[]
  /** Told after each look which environments this worker holds. */
  readonly holding: (environments: ReadonlySet<string>) => void
}

/** Shows that this worker lives, and takes or lets go of environments, until the signal aborts; then lets go of all. */
export async function keepClaims(options: ClaimKeeperOptions): Promise<void> {
  const { models, worker, leaseMs, signal } = options
  const watch = livingWorkers(leaseMs)
  try {
    while (!signal.aborted) {
      await patiently(() => look(options, watch), signal)
      await sleep(leaseMs / BEATS_PER_LEASE, undefined, { signal }).catch(() => {})
    }
  } finally {
    // Where that cannot be written, it is taken for dead a lease later.
    await models.workers.forget(worker).catch(() => {})
  }
}

async function look(
  { models, worker, environments, holding }: ClaimKeeperOptions,
  watch: LivingWorkers,
): Promise<void> {
  const { workers } = models
  const { living, dead } = watch.see(await workers.beat(worker), performance.now())
  const known = { worker, living: new Set([...living, worker]), environments: environments() }
  const { take, release } = decideClaims({ ...known, claims: await workers.claims() })
  for (const environment of release) await workers.take(environment, '', worker)
  for (const { environment, from } of take) await workers.take(environment, worker, from)
  const held = (await workers.claims()).filter((claim) => claim.worker === worker)
  holding(new Set(held.map(({ environment }) => environment)))
  for (const gone of dead) if (gone !== worker) await workers.forget(gone)
}
