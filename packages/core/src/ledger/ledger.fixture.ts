import { fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, FakeCloudOptions, VirtualClock } from '@infraledger/testkit'
import { user } from '../access/actor.ts'
import type { ApplicationModelInput } from '../application/model-input.ts'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import type { Environment } from './environment.ts'
import type { DeploymentHandle } from './deployment-handle.ts'
import type { DeploymentInput } from './deploying-methods.ts'
import type { DeploymentSummary } from '../deployments/summary.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { openLedger } from './open-ledger.ts'
import type { Ledger } from './open-ledger.ts'
import type { RunningExecutor } from './run-deployments.ts'

export const ada = { actor: user('ada') }
export const grace = { actor: user('grace') }

/** A ledger of ada, who is its Admin, and grace, a member, on a store in memory and a fake cloud, on a clock that moves by itself while something waits for it. */
export type World = {
  readonly ledger: Ledger
  readonly prod: Environment
  readonly cloud: FakeCloud
  readonly clock: VirtualClock
  readonly store: EventStore
  readonly executor: RunningExecutor
  /** Deploys and waits for its end. */
  readonly deploy: (
    model: ApplicationModelInput,
    options?: Partial<DeploymentInput> & { pusher?: string; commit?: string },
  ) => Promise<DeploymentSummary>
}

export async function world(
  options: {
    approvals?: number
    store?: EventStore
    cloud?: Partial<FakeCloudOptions>
    type?: 'production' | 'development' | 'preview'
    /** Kinds that the cloud leaves to the record. */
    unserved?: readonly string[]
    telemetry?: Telemetry
    /** Whether the cloud makes grants, so that each use has one; stories about other things are shorter without. */
    grants?: boolean
  } = {},
): Promise<World> {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const store = options.store ?? inMemoryEventStore()
  const cloud = fakeCloud({ clock, ...options.cloud })
  const unserved = [...(options.unserved ?? []), ...(options.grants === true ? [] : ['grant'])]
  const provider = {
    ...cloud.provider,
    capabilities: (kind: string) => (unserved.includes(kind) ? undefined : cloud.provider.capabilities(kind)),
  }
  const { telemetry } = options
  const ledger = openLedger({ store, clouds: [provider], clock, ...(telemetry === undefined ? {} : { telemetry }) })
  const prod = await ledger.createEnvironment(
    {
      name: 'prod',
      type: options.type ?? 'production',
      clouds: [cloud.target],
      approvals: { required: options.approvals ?? 0 },
    },
    ada,
  )
  await prod.grantRole({ subject: 'grace', role: 'member' }, ada)
  const executor = ledger.runDeployments()
  let commits = 0
  return {
    ledger,
    prod,
    cloud,
    clock,
    store,
    executor,
    async deploy(model, { pusher = 'ada', commit = `c${++commits}`, ...input } = {}) {
      const deployment = await prod.deploy({ trigger: gitPush({ commit, ref: 'main', pusher }), model, ...input })
      return deployment.completed()
    },
  }
}

/** A shop: a service, its database, and a bucket. */
export const shop: ApplicationModelInput = {
  services: [
    {
      name: 'checkout',
      image: 'checkout@sha256:1',
      uses: [
        { need: 'sql-database/orders', operations: ['read', 'write'] },
        { need: 'bucket/receipts', operations: ['write'] },
      ],
    },
  ],
  needs: ['sql-database/orders', { node: 'bucket/receipts', properties: { versioning: true } }],
}

/** The shop with another image of its service: a push that changes no infrastructure. */
export function rollout(image: string): ApplicationModelInput {
  return { ...shop, services: shop.services.map((service) => ({ ...service, image })) }
}

/** The digest of the plan with which a deployment waits for approval; of the next one, when a digest is given. */
export async function planThatWaits(deployment: DeploymentHandle, after?: string): Promise<string> {
  for await (const progress of deployment.progress())
    if (progress.type === 'waiting-for-approval' && progress.digest !== after) return progress.digest
  throw new Error('it did not wait')
}
