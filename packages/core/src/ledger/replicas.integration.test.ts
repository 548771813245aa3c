import { expect, test } from 'vitest'
import { manual } from '../deployments/trigger.ts'
import { ada, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

const main = 'sql-instance/main' as const
const replica = 'sql-instance/replica' as const
const nothing = { services: [], needs: [] }
const ids = async ({ prod }: World) => (await prod.graph()).nodes().map(({ id }) => id)

/** An instance and its replica, which nothing uses any more, and whose deletion was confirmed. */
async function leftOver(): Promise<World> {
  const set = await world()
  const needs = [main, { node: replica, dependsOn: [main], properties: { replicaOf: 'prod-main' } }]
  await set.deploy({ services: [], needs })
  await set.deploy(nothing)
  for (const node of [main, replica]) {
    await set.prod.confirmDeletion({ node, reason: 'not needed' }, ada)
    const name = (await set.prod.graph()).node(node)?.ref?.name
    set.cloud.console('grace').modify(`sql-instance/${name}`, { deletionProtection: false })
  }
  return set
}

test('PROTECT 6: a replica goes without a copy and before its source, of which there is one', async () => {
  const set = await leftOver()
  await set.deploy(nothing)
  expect(await ids(set)).toEqual([])
  const calls = set.cloud.calls({ effect: true }).map(({ operation, name }) => `${operation} ${name}`)
  expect(calls.slice(-3)).toEqual(['snapshot prod-main', 'remove prod-replica', 'remove prod-main'])
  expect((await set.prod.lastCopies()).map(({ node }) => node)).toEqual([main])
})

test('PROTECT 6: one that was promoted before the call is not removed without a copy of what it holds now', async () => {
  const set = await leftOver()
  const { cloud, ledger, prod } = set
  cloud.faults.crash({ operation: 'remove', name: 'prod-replica' }, 'before-call')
  const deployment = await prod.deploy({ trigger: manual({ commit: 'c3', user: 'ada' }), model: nothing })
  await set.executor.stopped.catch(() => undefined)
  cloud.itself.set('sql-instance/prod-replica', { replicaOf: null })
  ledger.runDeployments()
  await deployment.completed()
  expect((await ids(set)).toSorted()).toEqual([main, replica])
  await set.deploy(nothing)
  expect(await ids(set)).toEqual([])
  expect((await prod.lastCopies()).map(({ node }) => node)).toContain(replica)
})
