import { expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { gitPush } from '../deployments/trigger.ts'
import { ada, shop, world } from './ledger.fixture.ts'

const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })

test('DEPLOY 8: a cancellation lets the calls under way come to their end, begins no more, and keeps what was made', async () => {
  const { prod, cloud } = await world()
  const deployment = await prod.deploy({ trigger: push('c1'), model: shop })
  for await (const progress of deployment.progress())
    if (progress.type === 'step-started' && progress.node === 'sql-instance/main') break
  await expect(deployment.cancel({ reason: 'x' }, { actor: user('linus') })).rejects.toMatchObject({
    code: 'role-required',
  })
  await deployment.cancel({ reason: 'not now' }, ada)
  await deployment.cancel({ reason: 'again' }, ada)
  expect(await deployment.read()).toMatchObject({ status: 'running', cancellation: { reason: 'not now' } })
  await expect(deployment.completed()).rejects.toMatchObject({ code: 'deployment-failed' })
  expect(await deployment.read()).toMatchObject({ status: 'cancelled', reason: 'not now' })
  const graph = await prod.graph()
  expect(graph.node('sql-instance/main')?.cause).toMatchObject({ deployment: deployment.id })
  expect(graph.node('service/checkout')).toBeUndefined()
  expect(cloud.calls({ operation: 'create', kind: 'service' })).toEqual([])
})
