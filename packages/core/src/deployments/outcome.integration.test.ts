import { expect, test } from 'vitest'
import type { ServiceInput } from '../application/model-input.ts'
import { ada, shop, world } from '../ledger/ledger.fixture.ts'

test('DEPLOY 8, DRIFT 18: what is made again comes back with the edges that the code asks for now, and with others’ edges to it', async () => {
  const { prod, cloud, deploy } = await world()
  const web: ServiceInput = { name: 'web', dependsOn: ['service/checkout'] }
  const before = { ...shop, services: [...shop.services, web] }
  const withoutBucket = ({ uses = [], ...service }: ServiceInput): ServiceInput => ({
    ...service,
    uses: uses.filter(({ need }) => need !== 'bucket/receipts'),
  })
  const after = { ...before, services: before.services.map(withoutBucket) }
  await deploy(before)
  cloud.itself.lose('prod-checkout')
  await prod.reconcile()
  await deploy(after)
  const graph = await prod.graph()
  expect(graph.node('service/checkout')).toMatchObject({ incarnation: 2 })
  expect(
    [...graph.edges({ from: 'service/checkout' }), ...graph.edges({ to: 'service/checkout' })].map(({ id }) => id),
  ).toEqual(['uses:service/checkout->sql-database/orders', 'depends-on:service/web->service/checkout'])
  expect((await prod.plan({ model: after })).steps).toEqual([])
})

test('CHANGE 4, DEPLOY 7: a version names the requests of which it has something, not those that the provider put off', async () => {
  const { prod, deploy } = await world({ type: 'development' })
  await deploy(shop)
  const node = 'sql-instance/main'
  const { request } = await prod.requestChange({ node, set: { tier: 'large' }, reason: 'slow' }, ada)
  const needs = [...shop.needs, { node, properties: { 'backup.retentionDays': 14 } } as const]
  await deploy({ ...shop, needs })
  const graph = await prod.graph()
  expect(graph.node(node)).toMatchObject({
    properties: { 'backup.retentionDays': 14, tier: 'small' },
    cause: { type: 'deployment', requests: [] },
  })
  expect((await prod.requests()).find((one) => one.request === request)).toMatchObject({ status: 'pending' })
})
