import { fakeAuthenticator, fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeIdentities, VirtualClock } from '@infraledger/testkit'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { gitPush } from '../deployments/trigger.ts'
import { ada, planThatWaits, shop } from '../ledger/ledger.fixture.ts'
import type { DeploymentHandle } from '../ledger/deployment-handle.ts'
import type { Environment } from '../ledger/environment.ts'
import { openLedger } from '../ledger/open-ledger.ts'
import type { Ledger } from '../ledger/open-ledger.ts'
import type { LedgerOptions } from '../ledger/options.ts'
import type { Actor } from './actor.ts'

export type Guarded = {
  readonly ledger: Ledger
  readonly prod: Environment
  readonly clock: VirtualClock
  readonly store: EventStore
  /** Events of the environment's stream. */
  readonly written: () => Promise<number>
}

/** Ada's environment with one approval, and grace, a member; nothing runs. */
export async function guarded(
  options: Partial<LedgerOptions> & {
    readonly identities?: FakeIdentities
    readonly type?: 'production' | 'development' | 'preview'
    readonly creator?: (ledger: Ledger) => Promise<Actor>
  } = {},
): Promise<Guarded> {
  const { identities, type = 'production', creator, ...ledgerOptions } = options
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const store = options.store ?? inMemoryEventStore()
  const cloud = fakeCloud({ clock })
  const ledger = openLedger({
    store,
    clouds: [cloud.provider],
    clock,
    ...(identities === undefined ? {} : { authenticator: fakeAuthenticator(identities) }),
    ...ledgerOptions,
  })
  const by = creator === undefined ? ada : { actor: await creator(ledger) }
  const input = { name: 'prod', type, clouds: [cloud.target], approvals: { required: 1 } }
  const prod = await ledger.createEnvironment(input, by)
  await prod.grantRole({ subject: 'grace', role: 'member' }, by)
  return {
    ledger,
    prod,
    clock,
    store,
    async written() {
      let events = 0
      for await (const event of store.readStream('environment-prod')) if (event.revision >= 0) events++
      return events
    },
  }
}

/** A deployment of the shop that waits for approval, and the digest of its plan. */
export async function waiting({ ledger, prod }: Guarded, pusher = 'ada') {
  const executor = ledger.runDeployments()
  const deployment: DeploymentHandle = await prod.deploy({
    trigger: gitPush({ commit: 'c1', ref: 'main', pusher }),
    model: shop,
  })
  const digest = await planThatWaits(deployment)
  await executor.stop()
  return { deployment, digest }
}

/** Everything of an async iterable. */
export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
