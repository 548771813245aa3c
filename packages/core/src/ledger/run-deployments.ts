import { system } from '../access/actor.ts'
import { runOpenDeployment } from '../deployments/executor.ts'
import { environmentOfStream } from './environment-stream.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { LedgerServices } from './services.ts'

/** Events after which there may be something to run. */
const WAKING = ['DeploymentTriggered', 'DeploymentApproved'] as const

/** An executor at work. */
export interface RunningExecutor {
  /** Stops after the call under way; what is unfinished is resumed by the next executor. */
  stop(): Promise<void>
  /** Resolves when it was stopped; rejects with the defect that ended it. */
  readonly stopped: Promise<void>
}

/** Runs deployments of all environments as they come, and first those that an earlier executor left unfinished. */
export function runDeployments(
  services: LedgerServices,
  access: (environment: string) => EnvironmentAccess,
  reconcile: (environment: EnvironmentAccess, signal: AbortSignal) => Promise<unknown>,
  signal?: AbortSignal,
): RunningExecutor {
  const stopping = new AbortController()
  signal?.addEventListener('abort', () => stopping.abort(), { once: true })
  if (signal?.aborted === true) stopping.abort()
  const stopped = follow(services, access, reconcile, stopping.signal)
  // Whoever does not wait for the end still must not meet an unhandled rejection; `stopped` itself keeps the error.
  stopped.catch(() => undefined)
  return {
    stopped,
    async stop() {
      stopping.abort()
      await stopped
    },
  }
}

async function follow(
  services: LedgerServices,
  access: (environment: string) => EnvironmentAccess,
  reconcile: (environment: EnvironmentAccess, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const busy = new Map<string, Promise<void>>()
  const failed = Promise.withResolvers<never>()
  const run = (name: string): void => {
    const turn = (busy.get(name) ?? Promise.resolve())
      .then(() => (signal.aborted ? undefined : runOne(services, access(name), reconcile, signal)))
      .catch((error: unknown) => failed.reject(error))
    busy.set(name, turn)
  }
  failed.promise.catch(() => undefined)
  for (const name of await services.environmentNames()) run(name)
  const watch = watchEvents(services, signal, run)
  await Promise.race([watch, failed.promise])
  await Promise.race([Promise.all(busy.values()), failed.promise])
}

async function watchEvents(
  services: LedgerServices,
  signal: AbortSignal,
  run: (environment: string) => void,
): Promise<void> {
  for await (const recorded of services.store.subscribe({ types: WAKING, signal })) {
    run(environmentOfStream(recorded.stream))
  }
}

async function runOne(
  services: LedgerServices,
  environment: EnvironmentAccess,
  reconcile: (environment: EnvironmentAccess, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  await environment.read()
  await runOpenDeployment({
    clouds: services.clouds,
    clock: services.clock,
    kinds: services.kinds,
    state: () => environment.stream.state,
    execute: (command) => environment.execute(command, { actor: system }),
    reconcile: () => reconcile(environment, signal),
    signal,
  })
}
