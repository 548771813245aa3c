import type { Actor } from '../access/actor.ts'
import type { EnvironmentInput } from '../environment/commands.ts'
import { decodeEvent } from '../event-store/codec.ts'
import type { Alert } from '../environment/slice.ts'
import type { IntegrityReport } from '../audit/verify.ts'

import { changeFeed } from './change-feed.ts'
import type { ChangeEvent, ChangeFeedOptions } from './change-feed.ts'
import { reconcileEnvironment } from './drift-methods.ts'
import { environmentAccess } from './environment-access.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import { environmentHandle } from './environment-handle.ts'
import type { Environment } from './environment.ts'
import { environmentOfStream } from './environment-stream.ts'
import { exportLedger } from './export-ledger.ts'
import type { ExportOptions } from './export-ledger.ts'
import type { By, LedgerOptions } from './options.ts'
import { runDeployments } from './run-deployments.ts'
import type { RunningExecutor } from './run-deployments.ts'
import { ledgerServices } from './services.ts'
import { verifyLedger } from './verify-ledger.ts'

/** A ledger: the environments in one store, their history, and who runs their deployments. */
export interface Ledger {
  /**
   * Finds out who a credential (a token) belongs to: an actor with a proven identity, to act with until it expires. Throws
   * `credential-invalid`, `authenticator-missing`, `authenticator-unavailable`.
   */
  authenticate(credential: string): Promise<Actor>
  /** Creates an environment; the actor is its first Admin. Throws `environment-exists`. */
  createEnvironment(input: EnvironmentInput, by: By): Promise<Environment>
  /** The handle of an environment; its methods throw `environment-not-found` where it was never created. */
  environment(name: string): Environment
  /** Names of the environments, in the order of their creation. */
  environments(): Promise<readonly string[]>
  /** Runs deployments of all environments in this process until stopped. Any number may run, in any processes. */
  runDeployments(options?: { readonly signal?: AbortSignal }): RunningExecutor
  /** Alerts of all environments from a position on, live until the signal aborts. */
  alerts(options?: {
    readonly after?: number
    readonly signal?: AbortSignal
  }): AsyncIterable<Alert & { readonly position: number }>
  /** Checks every event of the store: columns, order and hash chain. Names the first that does not fit. */
  verify(): Promise<IntegrityReport>
  /** All changes as CloudEvents, from a position on, live until the signal aborts: for chat, pagers and warehouses. */
  changes(options?: ChangeFeedOptions): AsyncIterable<ChangeEvent>
  /** The whole ledger as JSON Lines, read as it is asked for; `restoreLedger` makes a ledger of it again. */
  export(options?: ExportOptions): AsyncIterable<string>
  /** Stops executors and closes the store. */
  close(): Promise<void>
}

/**
 * Opens a ledger on a store. Nothing is read or written until it is asked for something.
 *
 * @example
 * const ledger = openLedger({ store: sqliteEventStore({ file: 'infra.db' }), clouds: [cloud] })
 * const prod = await ledger.createEnvironment({ name: 'prod', type: 'production' }, { actor: user('ada') })
 */
export function openLedger(options: LedgerOptions): Ledger {
  const services = ledgerServices(options)
  const accesses = new Map<string, EnvironmentAccess>()
  const executors = new Set<RunningExecutor>()

  function access(name: string): EnvironmentAccess {
    const known = accesses.get(name) ?? environmentAccess(name, services)
    accesses.set(name, known)
    return known
  }

  return {
    authenticate: (credential) => services.identities.authenticate(credential),
    async createEnvironment(input, { actor }) {
      await access(input.name).execute({ type: 'create-environment', input }, { actor })
      return environmentHandle(access(input.name))
    },
    environment: (name) => environmentHandle(access(name)),
    environments: () => services.environmentNames(),
    runDeployments({ signal } = {}) {
      const executor = runDeployments(services, access, reconcileEnvironment, signal)
      executors.add(executor)
      return executor
    },
    alerts: (range) => alertFeed(services.store, range),
    verify: () => verifyLedger(services.store),
    changes: (feedOptions) => changeFeed(services.store, feedOptions),
    export: (exportOptions) => exportLedger(services.store, services.clock.now(), exportOptions),
    async close() {
      await Promise.allSettled([...executors].map((executor) => executor.stop()))
      await services.store.close()
    },
  }
}

async function* alertFeed(
  store: LedgerOptions['store'],
  range: Parameters<Ledger['alerts']>[0] = {},
): ReturnType<Ledger['alerts']> {
  for await (const recorded of store.subscribe({ ...range, types: ['AlertRaised'] })) {
    const { event } = decodeEvent(recorded)
    if (event.type !== 'AlertRaised') continue
    const environment = environmentOfStream(recorded.stream)
    yield {
      ...event.data,
      environment,
      raisedAt: event.metadata.recordedAt,
      acknowledged: undefined,
      position: recorded.position,
    }
  }
}
