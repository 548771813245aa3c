import { isSimulatedCrash } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import { gitPush } from '../deployments/trigger.ts'
import { shop, world } from './ledger.fixture.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })

test('an executor that is stopped in the middle of a scan stops without an error', async () => {
  const { prod, cloud, clock, executor } = await world({ cloud: { latencyMs: 60_000 } })
  clock.autoAdvance(false)
  await prod.deploy({ trigger: push('c1'), model: shop })
  await clock.advance(1_000)
  const stopped = executor.stop()
  clock.autoAdvance(true)
  await expect(stopped).resolves.toBeUndefined()
  expect(cloud.calls({ operation: 'create' })).toEqual([])
})

test('an executor that a defect has ended runs nothing any more', async () => {
  const { prod, cloud, clock, executor } = await world()
  cloud.faults.crash({ operation: 'discover' }, 'before-call')
  await prod.deploy({ trigger: push('c1'), model: shop })
  expect(isSimulatedCrash(await executor.stopped.catch((error: unknown) => error))).toBe(true)
  const second = await prod.deploy({ trigger: push('c2'), model: shop })
  await clock.advance(3_600_000)
  expect((await second.read()).status).toBe('triggered')
})

test('DEPLOY 7: executors that meet the same refusal end the deployment once, and live on', async () => {
  const { prod, cloud, ledger, executor } = await world()
  const others = [ledger.runDeployments(), ledger.runDeployments()]
  cloud.console('linus').create('bucket', 'archive')
  const source = { type: 'test', name: 'state', digest: 'd1', lineage: 'state' }
  const ref = { ...cloud.target, type: 'bucket', name: 'archive' }
  const archive = { address: 'b', kind: 'bucket', key: 'archive', ref, properties: {} }
  await prod.import(
    { source, nodes: [archive], edges: [] },
    { actor: { type: 'user', id: 'ada', assurance: 'asserted' } },
  )
  const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  for (const each of [executor, ...others]) await expect(each.stop()).resolves.toBeUndefined()
})
