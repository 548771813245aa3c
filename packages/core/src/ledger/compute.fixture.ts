import { fakeCloud, fakePlatform, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, FakePlatform, FakePlatformOptions, VirtualClock } from '@infraledger/testkit'
import type { ApplicationModelInput } from '../application/model-input.ts'
import type { ComputePlatform } from '../compute/compute-platform.ts'
import { gitPush } from '../deployments/trigger.ts'
import type { DeploymentSummary } from '../deployments/summary.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import type { DeploymentInput } from './deploying-methods.ts'
import type { Environment } from './environment.ts'
import { ada } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { Ledger } from './open-ledger.ts'
import type { RunningExecutor } from './run-deployments.ts'

/** A ledger with a fake cloud for what is provisioned and a fake platform for what runs. */
export type RunningWorld = {
  readonly ledger: Ledger
  readonly prod: Environment
  readonly cloud: FakeCloud
  readonly runner: FakePlatform
  readonly clock: VirtualClock
  readonly store: EventStore
  readonly executor: RunningExecutor
  readonly deploy: (
    model: ApplicationModelInput,
    options?: Partial<DeploymentInput> & { commit?: string; in?: Environment },
  ) => Promise<DeploymentSummary>
  /** Deploys what is to fail, and answers how it ended. */
  readonly failing: (model: ApplicationModelInput) => Promise<DeploymentSummary>
}

export async function runningWorld(
  options: { platform?: Partial<FakePlatformOptions>; as?: (platform: ComputePlatform) => ComputePlatform } = {},
): Promise<RunningWorld> {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const store = inMemoryEventStore()
  const cloud = fakeCloud({ clock })
  const runner = fakePlatform({ clock, ...options.platform })
  const platform = options.as?.(runner.platform) ?? runner.platform
  const ledger = openLedger({ store, clouds: [cloud.provider], platforms: [platform], clock })
  const clouds = [cloud.target, runner.target]
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds }, ada)
  const executor = ledger.runDeployments()
  let commits = 0
  const deploy: RunningWorld['deploy'] = async (
    model,
    { commit = `c${++commits}`, in: environment = prod, ...input } = {},
  ) => {
    const trigger = gitPush({ commit, ref: 'main', pusher: 'ada' })
    const deployment = await environment.deploy({ trigger, model, ...input })
    return deployment.completed()
  }
  return {
    ledger,
    prod,
    cloud,
    runner,
    clock,
    store,
    executor,
    deploy,
    async failing(model) {
      await deploy(model).catch(() => undefined)
      const [newest] = await prod.deployments()
      if (newest?.status !== 'failed') throw new Error(`it is ${newest?.status}`)
      return newest
    },
  }
}

/** A shop of one service with three replicas, and its database. */
export function checkout(image: string, replicas = 3): ApplicationModelInput {
  return {
    services: [
      { name: 'checkout', image, replicas, uses: [{ need: 'sql-database/orders', operations: ['read', 'write'] }] },
    ],
    needs: ['sql-database/orders'],
  }
}
