import { z } from 'zod'
import { system } from '../access/actor.ts'
import { isApproved } from '../deployments/decide-phase.ts'
import { LEASE_MS } from '../deployments/events.ts'
import { runOpenDeployment } from '../deployments/execution/executor.ts'
import type { ExecutorPorts } from '../deployments/execution/executor-ports.ts'
import { leaseWatch } from '../deployments/execution/lease-watch.ts'
import type { LeaseWatch } from '../deployments/execution/lease-watch.ts'
import { currentDeployment } from '../deployments/state.ts'
import { decodeEvent } from '../event-store/codec.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { invalidInput } from '../invalid-input.ts'
import { isLedgerError, rejectionError } from '../ledger-error.ts'
import { environmentOfStream } from '../event-store/stream-names.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import { correlationOf } from './observed-execute.ts'
import type { LedgerServices } from './services.ts'
import { stoodStill } from './stood-still.ts'
import { turns } from './turns.ts'

/** Events after which there may be something to run. */
const WAKING = [
  'DeploymentTriggered',
  'DeploymentApproved',
  'ApprovalVoided',
  'ImportCompleted',
  'ExecutionReleased',
] as const

/** How long others wait for a sign of life of an executor before they take its deployment over, unless it says otherwise. */
export const EXECUTOR_LEASE_MS = 60_000
/** Steps of one deployment that run at once, unless an executor is told otherwise; and at most. */
export const STEPS_AT_ONCE = { usual: 8, most: 256 } as const

/** How long an executor that is at work already lets the others go first, before it begins one more deployment. */
const PATIENCE_MS = 250

/** Times that an environment is gone on with after the store failed in passing, and the first wait between two (doubled each time). */
const STORE_ATTEMPTS = 6
const BACKOFF_MS = 500

/** An executor at work. */
export interface RunningExecutor {
  /**
   * Begins nothing more, waits for no provider any longer (calls under way go on there), and leaves its deployments to the next executor,
   * which finds out what became of them.
   */
  stop(): Promise<void>
  /** Resolves when it was stopped; rejects with what ended it: a store that cannot be written, or a defect. Nothing runs any more then. */
  readonly stopped: Promise<void>
}

/** How an executor works. */
export type ExecutorOptions = {
  /** Stops it, as `stop` does. */
  readonly signal?: AbortSignal
  /** Steps of one deployment that run at once, 1 to 256; default 8. */
  readonly concurrency?: number
  /** How long the others wait for a sign of life before they take over, 100 to 3,600,000 milliseconds; default one minute. */
  readonly leaseMs?: number
}

/** Scans one environment, as each deployment begins. */
type Reconcile = (environment: EnvironmentAccess, signal: AbortSignal) => Promise<unknown>

/**
 * Runs deployments of all environments as they come, and first those that an earlier executor left unfinished. What another executor
 * holds is watched, and taken over when that gives no sign of life for the time of its lease (DEPLOY 9). Throws `input-invalid`.
 */
export function runDeployments(
  services: LedgerServices,
  access: (environment: string) => EnvironmentAccess,
  reconcile: Reconcile,
  options: ExecutorOptions = {},
): RunningExecutor {
  const settings = parseOptions(options)
  const stopping = new AbortController()
  const signal = options.signal === undefined ? stopping.signal : AbortSignal.any([options.signal, stopping.signal])
  const own = { ...settings, executor: services.newId() }
  const work: Work = { services, reconcile, settings: own, busy: new Set(), signal }
  const stopped = follow(work, access, stopping)
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

const optionsSchema = z.object({
  concurrency: z.number().int().min(1).max(STEPS_AT_ONCE.most).default(STEPS_AT_ONCE.usual),
  leaseMs: z.number().int().min(LEASE_MS.shortest).max(LEASE_MS.longest).default(EXECUTOR_LEASE_MS),
})

function parseOptions(options: ExecutorOptions): z.infer<typeof optionsSchema> {
  const parsed = optionsSchema.safeParse(options)
  if (parsed.success) return parsed.data
  throw rejectionError(invalidInput('the options of runDeployments', parsed.error))
}

/** What all turns of one executor share. */
type Work = {
  readonly services: LedgerServices
  readonly reconcile: Reconcile
  readonly settings: Pick<ExecutorPorts, 'executor' | 'leaseMs' | 'concurrency'>
  /** Environments whose deployments it drives now. */
  readonly busy: Set<string>
  readonly signal: AbortSignal
}

/** Has environments run as events wake them, each by one turn at a time, until it is stopped or one of them fails. */
async function follow(
  work: Work,
  access: (environment: string) => EnvironmentAccess,
  stopping: AbortController,
): Promise<void> {
  const { services, settings, signal } = work
  const failures: unknown[] = []
  const watches = new Map<string, LeaseWatch>()
  const run = turns(
    async (name, sleptMs) => {
      const watch = watches.get(name) ?? leaseWatch(settings.executor)
      watches.set(name, watch)
      try {
        return signal.aborted ? undefined : await runEnvironment(work, access(name), watch, sleptMs)
      } catch (error) {
        failures.push(error)
        stopping.abort()
        return undefined
      }
    },
    { clock: services.clock, signal },
  )
  try {
    for (const name of await services.environmentNames()) run.begin(name)
    for await (const recorded of services.store.subscribe({ types: WAKING, signal }))
      if (isWaking(recorded)) run.begin(environmentOfStream(recorded.stream))
  } catch (error) {
    failures.push(error)
    stopping.abort()
  }
  await run.ended()
  if (failures.length > 0) throw failures[0]
}

/** What an executor leaves because it waits, waits for all of them. */
function isWaking(recorded: RecordedEvent): boolean {
  if (recorded.type !== 'ExecutionReleased') return true
  const { event } = decodeEvent(recorded)
  return event.type === 'ExecutionReleased' && event.data.reason === 'stopped'
}

/**
 * One turn of an environment; answers when to look again. What the store does in passing (a busy file, a full disk) is waited for, and
 * the deployment gone on with.
 */
async function runEnvironment(
  work: Work,
  environment: EnvironmentAccess,
  watch: LeaseWatch,
  sleptMs: number,
): Promise<number | undefined> {
  const { services, signal } = work
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOpen(work, environment, watch, attempt === 1 ? sleptMs : 0)
    } catch (error) {
      if (!isLedgerError(error) || !error.retryable || attempt === STORE_ATTEMPTS)
        throw stoodStill(error, environment.name)
      await services.clock.sleep(BACKOFF_MS * 2 ** (attempt - 1), signal)
      if (signal.aborted) return undefined
    }
  }
}

async function runOpen(
  { services, reconcile, settings, busy, signal }: Work,
  environment: EnvironmentAccess,
  watch: LeaseWatch,
  sleptMs: number,
): Promise<number | undefined> {
  const { telemetry } = services
  const patient = await environment.read()
  const isNew = currentDeployment(patient.deployments) !== undefined && patient.execution.claim === undefined
  // So that idle executors get their share.
  if (isNew && busy.size > 0) await services.clock.sleep(PATIENCE_MS, signal)
  if (signal.aborted) return undefined
  const { deployments, execution } = await environment.read()
  const open = currentDeployment(deployments)
  const verdict = watch.look(execution.claim, sleptMs)
  if (verdict.type === 'held') return verdict.lookAgainMs
  // Whoever held it has left it waiting: only a person or an import goes on with it, and they wake us.
  if (sleptMs > 0 && verdict.type === 'free' && open?.status === 'waiting-for-approval' && !isApproved(open))
    return undefined
  busy.add(environment.name)
  await runOpenDeployment(
    {
      ...settings,
      clouds: services.clouds,
      clock: services.clock,
      kinds: services.kinds,
      state: () => environment.stream.state,
      execute: (command) =>
        environment.execute(command, {
          actor: system,
          ...correlationOf(environment.stream, 'deployment' in command ? command.deployment : undefined),
        }),
      reconcile: (until) => reconcile(environment, until),
      signal,
      ...(telemetry === undefined ? {} : { telling: { telemetry, environment: environment.name } }),
    },
    verdict.type === 'run-out' ? verdict.sign : undefined,
  ).finally(() => busy.delete(environment.name))
  if (signal.aborted) return undefined
  // Somebody else was faster, or took it over.
  const left = watch.look((await environment.read()).execution.claim, 0)
  return left.type === 'held' ? left.lookAgainMs : undefined
}
