import type { DeploymentSummary, Environment, Ledger } from '@infraledger/core'
import type { Io } from './io.ts'
import type { ToldProgress } from './output/deployment-progress.ts'

/** How often it is looked for deployments that nobody follows yet, and whether all have ended. */
const LOOK_MS = 250
/** How often environments that came meanwhile are looked for. */
const NEW_ENVIRONMENTS_MS = 5_000

/** How it runs, and where it is kept how it went. */
type RunningOptions = {
  readonly once: boolean
  readonly concurrency: number | undefined
  /** Aborts when it is to stop. */
  readonly interrupted: AbortSignal | undefined
  readonly outcome: { failed: boolean; waiting: boolean }
}

/**
 * Runs deployments, and tells what happens in each as it happens. Ends when somebody interrupts it, or, `once`, when nothing is left to do;
 * throws what stopped the executor. Whoever stops reading stops it, too.
 */
export async function* runnings(
  ledger: Ledger,
  io: Pick<Io, 'clock'>,
  { once, concurrency, outcome, interrupted }: RunningOptions,
): AsyncGenerator<ToldProgress> {
  const stopping = new AbortController()
  const signal = interrupted === undefined ? stopping.signal : AbortSignal.any([stopping.signal, interrupted])
  const told = tellings()
  const executor = ledger.runDeployments({ signal, ...(concurrency === undefined ? {} : { concurrency }) })
  const end = (): void => stopping.abort()
  void executor.stopped.then(end, end)
  const watched = watchUntilStopped()
  async function watchUntilStopped(): Promise<void> {
    try {
      await watch(ledger, io, { once, outcome, signal, told })
      stopping.abort()
      await executor.stopped
      told.end()
    } catch (error) {
      stopping.abort()
      told.fail(error)
    }
  }
  try {
    yield* told.all()
  } finally {
    stopping.abort()
    await watched
    await executor.stopped.catch(() => undefined)
  }
}

type Watching = Pick<RunningOptions, 'once' | 'outcome'> & {
  readonly signal: AbortSignal
  readonly told: ReturnType<typeof tellings>
}

/** Follows each deployment that is open, or was triggered since; resolves when there is nothing left to wait for. */
async function watch(
  ledger: Ledger,
  { clock }: Pick<Io, 'clock'>,
  { once, outcome, signal, told }: Watching,
): Promise<void> {
  const since = clock.now().toISOString()
  const followed = new Map<string, Promise<void>>()
  let names: readonly string[] = []
  let looked = -Infinity
  while (!signal.aborted) {
    if (clock.now().getTime() - looked >= NEW_ENVIRONMENTS_MS) {
      names = await ledger.environments()
      looked = clock.now().getTime()
    }
    let isBusy = false
    outcome.waiting = false
    for (const name of names) {
      const environment = ledger.environment(name)
      for (const deployment of await environment.deployments()) {
        const isOpen = deployment.endedAt === undefined
        if ((isOpen || deployment.triggeredAt >= since) && !followed.has(deployment.id))
          followed.set(deployment.id, follow(environment, deployment.id, { outcome, signal, told }))
        if (!isOpen) continue
        if (await isWaiting(environment, deployment)) outcome.waiting = true
        else isBusy = true
      }
    }
    if (once && !isBusy) {
      await ended(ledger, names, followed)
      return
    }
    await clock.sleep(LOOK_MS, signal)
  }
  // Broken off before everything had ended or waited.
  if (once) outcome.failed = true
}

/** What has ended is told to its end. */
async function ended(
  ledger: Ledger,
  names: readonly string[],
  followed: ReadonlyMap<string, Promise<void>>,
): Promise<void> {
  for (const name of names)
    for (const { id, endedAt } of await ledger.environment(name).deployments())
      if (endedAt !== undefined) await followed.get(id)
}

async function follow(
  environment: Environment,
  id: string,
  { outcome, signal, told }: Pick<Watching, 'outcome' | 'signal' | 'told'>,
): Promise<void> {
  try {
    for await (const progress of environment.deployment(id).progress({ signal })) {
      if (progress.type === 'failed') outcome.failed = true
      told.tell({ environment: environment.name, ...progress })
    }
  } catch (error) {
    if (!signal.aborted) told.fail(error)
  }
}

/** Whether no executor can go on with it: a person has to approve, or an import has to be complete. */
async function isWaiting(environment: Environment, deployment: DeploymentSummary): Promise<boolean> {
  const { status, missingApprovals, isVoid } = deployment
  if (status === 'waiting-for-approval') return missingApprovals.length > 0 && !isVoid
  const { inTheWay } = await environment.deletion()
  return inTheWay.some(({ reason }) => reason === 'import-in-progress')
}

/** What several tell, for one who reads. */
function tellings() {
  const waiting: ToldProgress[] = []
  let state:
    | { readonly type: 'open' }
    | { readonly type: 'ended' }
    | { readonly type: 'failed'; readonly error: unknown } = {
    type: 'open',
  }
  let wake: (() => void) | undefined
  return {
    tell(progress: ToldProgress) {
      waiting.push(progress)
      wake?.()
    },
    end() {
      if (state.type === 'open') state = { type: 'ended' }
      wake?.()
    },
    fail(error: unknown) {
      if (state.type === 'open') state = { type: 'failed', error }
      wake?.()
    },
    async *all(): AsyncGenerator<ToldProgress> {
      for (;;) {
        const next = waiting.shift()
        if (next !== undefined) yield next
        else if (state.type === 'ended') return
        else if (state.type === 'failed') throw state.error
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
