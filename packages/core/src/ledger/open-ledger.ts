import type { Actor } from '../access/actor.ts'
import type { EnvironmentInput } from '../environment/commands.ts'
import type { RunningVersions } from '../audit/running-versions.ts'

import { alertFeed } from './alert-feed.ts'
import type { RaisedAlert } from './alert-feed.ts'
import { changeFeed } from './change-feed.ts'
import type { ChangeEvent, ChangeFeedOptions } from './change-feed.ts'
import { reconcileEnvironment } from './drift-methods.ts'
import { environmentAccess } from './environment-access.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import { environmentHandle } from './environment-handle.ts'
import type { Environment } from './environment.ts'
import { exportLedger } from './export-ledger.ts'
import type { ExportOptions } from './export-ledger.ts'
import { integrityMethods } from './integrity-methods.ts'
import type { IntegrityMethods } from './integrity-methods.ts'
import type { By, LedgerOptions } from './options.ts'
import { findOrphans } from './orphans.ts'
import type { Orphan } from './orphans.ts'
import { runDeployments } from './run-deployments.ts'
import type { ExecutorOptions, RunningExecutor } from './run-deployments.ts'
import { ledgerServices } from './services.ts'

/** A ledger: the environments in one store, their history, and who runs their deployments. */
export interface Ledger extends IntegrityMethods {
  /**
   * Finds out who a credential (a token) belongs to: an actor with a proven identity, to act with until it expires. Throws
   * `credential-invalid`, `identity-expired`, `authenticator-missing`, `authenticator-unavailable`, `authenticator-failed`.
   */
  authenticate(credential: string): Promise<Actor>
  /**
   * Creates an environment; the actor is its first Admin. Throws `environment-exists`, `environment-deleted` for a name that was used,
   * `input-invalid`, and what an authorizer of yours refuses.
   */
  createEnvironment(input: EnvironmentInput, by: By): Promise<Environment>
  /** The handle of an environment; its methods throw `environment-not-found` where it was never created. */
  environment(name: string): Environment
  /** Names of the environments, in the order of their creation; with `deleted` also those that were deleted from the ledger. */
  environments(options?: { readonly deleted?: boolean }): Promise<readonly string[]>
  /** What environments that were destroyed or deleted have left at providers, as far as the ledger knows (PROTECT 10). */
  orphans(): Promise<readonly Orphan[]>
  /**
   * Runs deployments of all environments in this process until stopped. Any number may run, in any processes; each deployment is driven by one.
   * Throws `input-invalid` for its options.
   */
  runDeployments(options?: ExecutorOptions): RunningExecutor
  /** What ran in each environment, now or at a time, in the order of their creation: to see where they differ. */
  versions(question?: { readonly at?: Date }): Promise<readonly RunningVersions[]>
  /** Alerts of all environments from after a position (default 0n, all) on, live until the signal aborts. Throws `input-invalid`, `store-unavailable`. */
  alerts(options?: { readonly after?: bigint; readonly signal?: AbortSignal }): AsyncIterable<RaisedAlert>
  /**
   * All changes as CloudEvents, from after a position on, live until the signal aborts: for chat, pagers and warehouses. Throws
   * `input-invalid`, `store-unavailable`.
   */
  changes(options?: ChangeFeedOptions): AsyncIterable<ChangeEvent>
  /** The whole ledger as JSON Lines, read as it is asked for; `restoreLedger` makes a ledger of it again. */
  export(options?: ExportOptions): AsyncIterable<string>
  /** Stops executors and closes the store. */
  close(): Promise<void>
}

/**
 * Opens a ledger on a store. Nothing is read or written until it is asked for something. Throws `kind-exists` for a kind of yours with the name
 * of another one, and `input-invalid` for a platform with the name of another provider or a policy of snapshots that is none.
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
    async createEnvironment(input, by) {
      await access(input.name).execute({ type: 'create-environment', input }, by)
      return environmentHandle(access(input.name))
    },
    environment: (name) => environmentHandle(access(name)),
    environments: (which) => services.environmentNames(which),
    orphans: () => findOrphans(services, access),
    runDeployments(executorOptions) {
      const executor = runDeployments(services, access, reconcileEnvironment, executorOptions)
      executors.add(executor)
      return executor
    },
    async versions(question) {
      const names = await services.environmentNames()
      return Promise.all(names.map((name) => environmentHandle(access(name)).versions(question)))
    },
    alerts: (range) => alertFeed(services.store, range),
    ...integrityMethods(services),
    changes: (feedOptions) => changeFeed(services.store, feedOptions),
    export: (exportOptions) => exportLedger(services.store, services.clock.now(), exportOptions),
    async close() {
      await Promise.allSettled([...executors].map((executor) => executor.stop()))
      await services.store.close()
    },
  }
}
