import { describe, expect, test } from 'vitest'
import { manual } from '../deployments/trigger.ts'
import { ada, grace, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

const nothing = { services: [], needs: [] }
const main = 'sql-instance/main' as const
const orders = 'sql-database/orders' as const
const bucket = 'bucket/receipts' as const

async function leftOver(options: Parameters<typeof world>[0] = {}): Promise<World> {
  const made = await world(options)
  await made.deploy(shop)
  await made.deploy(nothing)
  return made
}

const confirm = async ({ prod }: World, ...nodes: (typeof main | typeof orders | typeof bucket)[]) => {
  for (const node of nodes) await prod.confirmDeletion({ node, reason: 'not needed' }, grace)
}
const unprotect = ({ cloud }: World) =>
  cloud.console('grace').modify('sql-instance/prod-main', { deletionProtection: false })
const ids = async ({ prod }: World) => (await prod.graph()).nodes().map(({ id }) => id)
const removals = ({ cloud }: World) =>
  cloud.calls({ operation: 'remove', effect: true }).map(({ kind, name }) => `${kind} ${name}`)

/** The executor dies with the removal of the bucket decided and not called. */
async function diesRemoving(set: World) {
  await confirm(set, bucket)
  set.cloud.faults.crash({ operation: 'remove', kind: 'bucket' }, 'before-call')
  const deployment = await set.prod.deploy({ trigger: manual({ commit: 'c3', user: 'ada' }), model: nothing })
  await set.executor.stopped.catch(() => undefined)
  return deployment
}

describe('what is kept', () => {
  test('PROTECT 2, PROTECT 7: what holds data stays until a person confirmed, what holds none goes with its last user', async () => {
    const set = await leftOver()
    expect((await ids(set)).toSorted()).toEqual([bucket, orders, main])
    expect(removals(set)).toEqual(['service prod-checkout'])
    const { notices } = await set.prod.plan({ model: nothing })
    expect(
      notices.map(({ type, node }) => [type, node]).toSorted((a, b) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['kept', bucket],
      ['kept', orders],
      ['kept', main],
    ])
  })

  test('PROTECT 3: what is declared stays, also when no service uses it and somebody would confirm it', async () => {
    const set = await world()
    await set.deploy(shop)
    await set.deploy({ services: [], needs: shop.needs })
    await expect(confirm(set, bucket)).rejects.toMatchObject({ code: 'confirmation-refused' })
    expect(await ids(set)).toContain(bucket)
  })

  test('PROTECT 4: what is protected at the provider stays; nobody but a person there changes that', async () => {
    const set = await leftOver()
    await confirm(set, orders, main)
    expect(await set.deploy(nothing)).toMatchObject({ status: 'succeeded' })
    expect(await ids(set)).toContain(main)
    expect(set.cloud.inspect.resource('sql-instance/prod-main')?.properties['deletionProtection']).toBe(true)
    unprotect(set)
    await set.deploy(nothing)
    expect(await ids(set)).toEqual([bucket])
  })

  test('PROTECT 4: the code does not switch protection off either', async () => {
    const set = await world()
    await set.deploy(shop)
    await set.deploy({ ...shop, needs: [...shop.needs, { node: main, properties: { deletionProtection: false } }] })
    expect(set.cloud.inspect.resource('sql-instance/prod-main')?.properties['deletionProtection']).toBe(true)
  })

  test('PROTECT 2: a confirmation is void once the code uses the thing again, also by a rollback that came to nothing', async () => {
    const set = await leftOver()
    await confirm(set, orders, main)
    unprotect(set)
    const fault = set.cloud.faults.refuse({ operation: 'create', kind: 'service' })
    await expect(set.deploy(shop)).rejects.toMatchObject({ code: 'deployment-failed' })
    fault.lift()
    await set.deploy(nothing)
    expect((await ids(set)).toSorted()).toEqual([bucket, orders, main])
  })

  test('PROTECT 2: an instance stays while a database on it does', async () => {
    const set = await leftOver()
    await confirm(set, main)
    unprotect(set)
    await set.deploy(nothing)
    expect(await ids(set)).toContain(main)
    expect(removals(set)).toEqual(['service prod-checkout'])
  })

  test('PROTECT 2: a confirmation that comes while a plan waits for approval makes it another plan', async () => {
    const set = await leftOver({ approvals: 0 })
    await set.prod.changePolicies({ approvals: { required: 1 }, drift: [] }, ada)
    const deployment = await set.prod.deploy({
      trigger: manual({ commit: 'c3', user: 'ada' }),
      model: { services: [], needs: ['topic/sales'] },
    })
    const digests: string[] = []
    for await (const progress of deployment.progress()) {
      if (progress.type !== 'waiting-for-approval') continue
      digests.push(progress.digest)
      if (digests.length === 1) await confirm(set, bucket)
      else await deployment.approve({ digest: progress.digest }, ada)
      if (digests.length === 2) break
    }
    await deployment.completed()
    expect(new Set(digests).size).toBe(2)
    expect(await ids(set)).not.toContain(bucket)
  })
})

describe('the last copy', () => {
  test('PROTECT 6: is taken and proven before anything goes; automated backups stay', async () => {
    const set = await leftOver()
    await confirm(set, orders, main)
    unprotect(set)
    await set.deploy(nothing)
    const calls = set.cloud.calls({ effect: true }).map(({ operation, kind }) => `${operation} ${kind}`)
    expect(calls.slice(-4)).toEqual([
      'snapshot sql-instance',
      'snapshot sql-database',
      'remove sql-database',
      'remove sql-instance',
    ])
    expect(set.cloud.inspect.snapshots()).toMatchObject([
      { kind: 'sql-instance', status: 'available' },
      { kind: 'sql-database', status: 'available' },
    ])
    expect(set.cloud.inspect.automatedBackups()).toHaveLength(1)
    expect((await set.prod.history(main)).at(-1)).toMatchObject({ retired: 'removed' })
  })

  test('PROTECT 6: automated backups go where their loss was confirmed too', async () => {
    const set = await leftOver()
    await confirm(set, orders)
    await set.prod.confirmDeletion({ node: main, reason: 'x', automatedBackupsToo: true }, grace)
    unprotect(set)
    await set.deploy(nothing)
    expect(set.cloud.inspect.automatedBackups()).toEqual([])
  })

  test('PROTECT 6: where it fails, nothing goes, and the deployment has succeeded all the same', async () => {
    const set = await leftOver()
    await confirm(set, orders, main)
    unprotect(set)
    set.cloud.faults.failMidway({ operation: 'snapshot', kind: 'sql-instance' })
    expect(await set.deploy(nothing)).toMatchObject({ status: 'succeeded' })
    expect(await ids(set)).toContain(main)
    expect(removals(set)).toEqual(['service prod-checkout'])
  })

  test('PROTECT 6: a bucket goes only empty, also where somebody fills it at the last moment', async () => {
    const set = await leftOver()
    await confirm(set, bucket)
    set.cloud.console('linus').putObjects('bucket/prod-receipts', 3)
    await set.deploy(nothing)
    expect(await ids(set)).toContain(bucket)
    set.cloud.console('linus').putObjects('bucket/prod-receipts', 0)
    await set.deploy(nothing)
    expect(await ids(set)).not.toContain(bucket)
  })

  test('PROTECT 6: a removal that an executor left when it died is proven again before it is called', async () => {
    const set = await leftOver()
    const { cloud, ledger } = set
    const deployment = await diesRemoving(set)
    cloud.console('linus').putObjects('bucket/prod-receipts', 3)
    ledger.runDeployments()
    await deployment.completed()
    expect(await ids(set)).toContain(bucket)
    expect(cloud.calls({ operation: 'remove', kind: 'bucket' })).toMatchObject([{ outcome: 'crashed' }])
  })

  test('PROTECT 6: where no copy can be kept, the loss is acknowledged first', async () => {
    const set = await world()
    await set.deploy({ services: [], needs: ['topic/sales'] })
    await set.deploy(nothing)
    await expect(set.prod.confirmDeletion({ node: 'topic/sales', reason: 'not needed' }, grace)).rejects.toMatchObject({
      code: 'confirmation-refused',
      details: { reason: 'loss-not-acknowledged' },
    })
    await set.prod.confirmDeletion({ node: 'topic/sales', reason: 'not needed', acknowledgeLoss: true }, grace)
    await set.deploy(nothing)
    expect(await ids(set)).toEqual([])
  })

  test('PROTECT 6: a confirmation that is taken back while the executor is down stops the removal', async () => {
    const set = await leftOver()
    const { cloud, prod, ledger } = set
    const deployment = await diesRemoving(set)
    await prod.bind({ need: bucket, resource: bucket, reason: 'it is used by hand' }, ada)
    ledger.runDeployments()
    await deployment.completed()
    expect(await ids(set)).toContain(bucket)
    expect(cloud.calls({ operation: 'remove', kind: 'bucket', effect: true })).toEqual([])
  })
})

describe('what is on record alone', () => {
  test('PROTECT 7: what no provider knows is removed from the record', async () => {
    const set = await world({ unserved: ['network'] })
    await set.deploy({ services: [], needs: ['network/inner'] })
    await set.deploy(nothing)
    expect(await ids(set)).toEqual([])
  })

  test('OWN 6: data that is gone at the provider is recorded as gone once a person has confirmed it, without a call', async () => {
    const set = await leftOver()
    set.cloud.itself.lose('sql-instance/prod-main')
    await set.prod.reconcile()
    await confirm(set, orders, main)
    await set.deploy(nothing)
    expect(await ids(set)).toEqual([bucket])
    expect(removals(set)).toEqual(['service prod-checkout'])
    expect(set.cloud.inspect.snapshots()).toEqual([])
  })
})

test('DEPLOY 3: cleanup comes only after everything is deployed', async () => {
  const set = await world()
  await set.deploy({ ...shop, services: [...shop.services, { name: 'old', image: 'old:1' }] })
  const fault = set.cloud.faults.refuse({ operation: 'update', kind: 'service' })
  const next = { ...shop, services: shop.services.map((service) => ({ ...service, image: 'checkout:2' })) }
  await expect(set.deploy(next)).rejects.toMatchObject({ code: 'deployment-failed' })
  expect(await ids(set)).toContain('service/old')
  fault.lift()
  await set.deploy(next)
  expect(await ids(set)).not.toContain('service/old')
})
