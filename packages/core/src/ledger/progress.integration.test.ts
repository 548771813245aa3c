import { describe, expect, test } from 'vitest'
import type { Progress } from '../deployments/progress.ts'
import { gitPush } from '../deployments/trigger.ts'
import { ada, planThatWaits, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'
import type { DeploymentHandle } from './deployment-handle.ts'
import { openLedger } from './open-ledger.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })

async function all(deployment: DeploymentHandle): Promise<readonly Progress[]> {
  const told: Progress[] = []
  for await (const progress of deployment.progress()) told.push(progress)
  return told
}

const types = (told: readonly Progress[]): readonly string[] => [...new Set(told.map(({ type }) => type))]

/** Each end that a deployment may have, and how it comes about. */
const ends: readonly (readonly [Progress['type'], (set: World) => Promise<DeploymentHandle>])[] = [
  [
    'succeeded',
    async ({ prod }) => prod.deploy({ trigger: push('c1'), model: { services: [{ name: 'a' }], needs: [] } }),
  ],
  [
    'failed',
    async ({ prod, cloud }) => {
      cloud.faults.refuse({ operation: 'create', kind: 'service' })
      return prod.deploy({ trigger: push('c1'), model: { services: [{ name: 'a' }], needs: [] } })
    },
  ],
  [
    'rejected',
    async ({ prod }) => {
      const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
      await deployment.reject({ digest: await planThatWaits(deployment), reason: 'not like this' }, ada)
      return deployment
    },
  ],
  [
    'cancelled',
    async ({ prod }) => {
      const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
      await planThatWaits(deployment)
      await deployment.cancel({ reason: 'not now' }, ada)
      return deployment
    },
  ],
  [
    'superseded',
    async ({ prod }) => {
      const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
      await planThatWaits(deployment)
      await prod.deploy({ trigger: push('c2'), model: shop })
      return deployment
    },
  ],
]

describe('progress', () => {
  test.each(ends)(
    'DEPLOY 3: tells everything up to its end, live, late, and in another process: %s',
    async (end, begin) => {
      const set = await world({ approvals: 1 })
      const deployment = await begin(set)
      const live = await all(deployment)
      expect(live.at(-1)?.type).toBe(end)
      expect(live[0]).toMatchObject({ type: 'triggered', commit: 'c1', deployment: deployment.id })
      const elsewhere = openLedger({ store: set.store, clock: set.clock }).environment('prod').deployment(deployment.id)
      expect(await all(elsewhere)).toEqual(live)
      expect(await all(set.prod.deployment(deployment.id))).toEqual(live)
      if (end === 'succeeded') expect(await elsewhere.completed()).toMatchObject({ status: end })
      else await expect(elsewhere.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
      expect((await elsewhere.read()).endedAt).toBeDefined()
    },
  )

  test('DEPLOY 3: tells phases and steps in their order', async () => {
    const { prod } = await world()
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
    const told = await all(deployment)
    expect(types(told)).toEqual([
      'triggered',
      'planned',
      'phase-started',
      'step-started',
      'step-succeeded',
      'phase-completed',
      'succeeded',
    ])
    expect(told.flatMap((one) => (one.type === 'phase-started' ? [one.phase] : []))).toEqual([
      'provision',
      'deploy',
      'cleanup',
    ])
  })

  test('tells nothing of other deployments and environments', async () => {
    const { ledger, prod, cloud } = await world()
    const other = await ledger.createEnvironment({ name: 'other', type: 'development', clouds: [cloud.target] }, ada)
    const [first, second] = await Promise.all([
      prod.deploy({ trigger: push('c1'), model: shop }),
      other.deploy({ trigger: push('c2'), model: { services: [{ name: 'a' }], needs: [] } }),
    ])
    const [one, two] = await Promise.all([all(first), all(second)])
    expect(new Set(one.map(({ deployment }) => deployment))).toEqual(new Set([first.id]))
    expect(new Set(two.map(({ deployment }) => deployment))).toEqual(new Set([second.id]))
  })

  test('a deployment that never was is refused with the closest ones', async () => {
    const { prod } = await world()
    await expect(all(prod.deployment('nope'))).rejects.toMatchObject({ code: 'deployment-not-found' })
    await expect(prod.deployment('nope').read()).rejects.toMatchObject({ code: 'deployment-not-found' })
  })
})

describe('waiting for the end', () => {
  test('ends with the signal’s reason when it aborts before, and leaves the deployment alone', async () => {
    const { prod } = await world({ approvals: 1 })
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
    await planThatWaits(deployment)
    const patience = new AbortController()
    const completed = deployment.completed({ signal: patience.signal })
    patience.abort(new Error('no more patience'))
    await expect(completed).rejects.toThrow('no more patience')
    expect((await deployment.read()).status).toBe('waiting-for-approval')
  })

  test('ends with the store when that is closed', async () => {
    const { ledger, prod } = await world({ approvals: 1 })
    const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
    await planThatWaits(deployment)
    const completed = deployment.completed()
    await Promise.all([expect(completed).rejects.toMatchObject({ code: 'store-closed' }), ledger.close()])
  })
})

describe('steps', () => {
  test('DEPLOY 8: those of the last deployment that failed stay at hand, with what became of each', async () => {
    const { prod, cloud, deploy } = await world()
    cloud.faults.refuse({ operation: 'create', kind: 'service' })
    for (const commit of ['c1', 'c2']) await deploy(shop, { commit }).catch(() => undefined)
    const [second, first] = await prod.deployments()
    expect(await prod.deployment(first?.id ?? '').steps()).toEqual([])
    expect(await prod.deployment(second?.id ?? '').steps()).toMatchObject([
      { id: 'create:service/checkout', status: 'failed' },
    ])
  })
})
