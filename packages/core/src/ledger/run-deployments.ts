import { system } from '../access/actor.ts'
import { runOpenDeployment } from '../deployments/executor.ts'
import { isLedgerError } from '../ledger-error.ts'
import { environmentOfStream } from './environment-stream.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { LedgerServices } from './services.ts'

/** Events after which there may be something to run. */
const WAKING = ['DeploymentTriggered', 'DeploymentApproved', 'ApprovalVoided', 'ImportCompleted'] as const

/** Times that an environment is gone on with after the store failed in passing, and the first wait between two (doubled each time). */
const STORE_ATTEMPTS = 6
const BACKOFF_MS = 500

/** An executor at work. */
export interface RunningExecutor {
  /** Stops after the call under way; what is unfinished is resumed by the next executor. */
  stop(): Promise<void>
  /** Resolves when it was stopped; rejects with what ended it: a store that cannot be written, or a defect. Nothing runs any more then. */
  readonly stopped: Promise<void>
}

/** Scans one environment, as each deployment begins. */
type Reconcile = (environment: EnvironmentAccess, signal: AbortSignal) => Promise<unknown>

/** Runs deployments of all environments as they come, and first those that an earlier executor left unfinished. */
export function runDeployments(
  services: LedgerServices,
  access: (environment: string) => EnvironmentAccess,
  reconcile: Reconcile,
  signal?: AbortSignal,
): RunningExecutor {
  const stopping = new AbortController()
  const stop = signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal])
  const stopped = follow(services, (name) => runEnvironment(services, access(name), reconcile, stop), stopping, stop)
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

/** Has environments run as events wake them, each by one turn at a time, until it is stopped or one of them fails. */
async function follow(
  services: LedgerServices,
  runOne: (environment: string) => Promise<void>,
  stopping: AbortController,
  signal: AbortSignal,
): Promise<void> {
  const failures: unknown[] = []
  const run = turns(async (name) => {
    try {
      if (!signal.aborted) await runOne(name)
    } catch (error) {
      failures.push(error)
      stopping.abort()
    }
  })
  try {
    for (const name of await services.environmentNames()) run.begin(name)
    for await (const recorded of services.store.subscribe({ types: WAKING, signal }))
      run.begin(environmentOfStream(recorded.stream))
  } catch (error) {
    failures.push(error)
    stopping.abort()
  }
  await run.ended()
  if (failures.length > 0) throw failures[0]
}

/** Turns by name: however often one is begun while it runs, it runs once more. */
function turns(runTurn: (name: string) => Promise<void>): { begin(name: string): void; ended(): Promise<void> } {
  const running = new Map<string, { again: boolean; readonly over: Promise<void> }>()
  async function repeat(name: string): Promise<void> {
    for (let turn = running.get(name); turn !== undefined; turn = turn.again ? turn : undefined) {
      turn.again = false
      await runTurn(name)
    }
    running.delete(name)
  }
  return {
    begin(name) {
      const turn = running.get(name)
      if (turn === undefined) running.set(name, { again: false, over: Promise.resolve().then(() => repeat(name)) })
      else turn.again = true
    },
    async ended() {
      while (running.size > 0) await Promise.all([...running.values()].map(({ over }) => over))
    },
  }
}

/** One turn of an environment. What the store does in passing (a busy file, a full disk) is waited for, and the deployment gone on with. */
async function runEnvironment(
  services: LedgerServices,
  environment: EnvironmentAccess,
  reconcile: Reconcile,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOpen(services, environment, reconcile, signal)
    } catch (error) {
      if (!isLedgerError(error) || !error.retryable || attempt === STORE_ATTEMPTS) throw error
      await services.clock.sleep(BACKOFF_MS * 2 ** (attempt - 1), signal)
      if (signal.aborted) return
    }
  }
}

async function runOpen(
  services: LedgerServices,
  environment: EnvironmentAccess,
  reconcile: Reconcile,
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
