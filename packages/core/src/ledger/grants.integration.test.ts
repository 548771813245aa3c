import { describe, expect, test } from 'vitest'
import type { ApplicationModelInput } from '../application/model-input.ts'
import type { NodeId } from '../graph/ids.ts'
import { ada, grace, planThatWaits, rollout, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'
import { gitPush } from '../deployments/trigger.ts'

const ORDERS: NodeId = 'grant/checkout--sql-database.orders'
const RECEIPTS: NodeId = 'grant/checkout--bucket.receipts'
const IDENTITY: NodeId = 'identity/checkout'

const using = (image: string, ...uses: readonly (readonly [NodeId, ...string[]])[]): ApplicationModelInput => ({
  ...shop,
  services: [{ name: 'checkout', image, uses: uses.map(([need, ...operations]) => ({ need, operations })) }],
})
const calls = ({ cloud }: World, from = 0): string[] =>
  cloud
    .calls({ effect: true })
    .slice(from)
    .filter(({ operation }) => ['create', 'update', 'remove'].includes(operation))
    .map(({ operation, kind, name }) => `${operation} ${kind} ${name}`)

/** The shop, deployed with its rights. */
async function opened(): Promise<World> {
  const set = await world({ grants: true })
  await set.deploy(shop)
  return set
}

describe('rights that follow from use', () => {
  test('OWN 7: each service gets an identity, and a grant of exactly what it does with each need, before it starts', async () => {
    const set = await opened()
    const graph = await set.prod.graph()
    const grants = graph.nodes({ kind: 'grant' }).map(({ id, properties }) => [id, properties.operations] as const)
    expect(new Map(grants)).toEqual(
      new Map([
        [ORDERS, ['read', 'write']],
        [RECEIPTS, ['write']],
      ]),
    )
    expect(graph.node(ORDERS)?.properties).toMatchObject({
      identity: IDENTITY,
      resource: 'sql-database/orders',
      service: 'service/checkout',
      need: 'sql-database/orders',
    })
    expect(
      graph
        .edges({ from: ORDERS })
        .map(({ to }) => to)
        .toSorted(),
    ).toEqual([IDENTITY, 'sql-database/orders', 'sql-instance/main'])
    expect(graph.edges({ from: 'service/checkout', to: IDENTITY })).toHaveLength(1)
    const made = calls(set)
    expect(made.at(-1)).toBe('create service prod-checkout')
    expect(made.indexOf('create identity prod-checkout')).toBeLessThan(
      made.indexOf('create grant prod-checkout-bucket-receipts'),
    )
    expect(made.indexOf('create sql-instance prod-main')).toBeLessThan(
      made.indexOf('create grant prod-checkout-sql-database-orders'),
    )
    const { inspect } = set.cloud
    const may = { identity: 'identity/prod-checkout', operation: 'read', resource: 'prod-orders' }
    expect([
      inspect.allows(may),
      inspect.allows({ ...may, operation: 'admin' }),
      inspect.allows({ ...may, resource: 'prod-receipts' }),
    ]).toEqual([true, false, false])
  })

  test('OWN 7: the same model again plans nothing, and grants are not written twice', async () => {
    const set = await opened()
    const before = set.cloud.calls({ effect: true }).length
    expect((await set.prod.plan({ model: shop })).steps).toEqual([])
    await set.deploy(rollout('checkout@sha256:2'))
    expect(calls(set, before)).toEqual(['update service prod-checkout'])
    expect(await set.prod.history(ORDERS)).toHaveLength(1)
  })

  test('OWN 7: more operations are granted before the new version runs, fewer are left only after it does', async () => {
    const set = await opened()
    const before = set.cloud.calls({ effect: true }).length
    await set.deploy(
      using('checkout@sha256:2', ['sql-database/orders', 'read', 'delete'], ['bucket/receipts', 'write']),
    )
    expect(calls(set, before)).toEqual([
      'update grant prod-checkout-sql-database-orders',
      'update service prod-checkout',
      'update grant prod-checkout-sql-database-orders',
    ])
    const history = await set.prod.history(ORDERS)
    expect(history.map(({ changes }) => changes.find(({ property }) => property === 'operations')?.to)).toEqual([
      ['read', 'write'],
      ['delete', 'read', 'write'],
      ['delete', 'read'],
    ])
    expect(
      (
        await set.prod.plan({
          model: using('checkout@sha256:2', ['sql-database/orders', 'delete', 'read'], ['bucket/receipts', 'write']),
        })
      ).steps,
    ).toEqual([])
  })

  test('OWN 7, PROTECT 7: a use that ends takes its grant along, after the version that does without it runs', async () => {
    const set = await opened()
    const before = set.cloud.calls({ effect: true }).length
    await set.deploy(using('checkout@sha256:2', ['sql-database/orders', 'read', 'write']))
    expect(calls(set, before)).toEqual(['update service prod-checkout', 'remove grant prod-checkout-bucket-receipts'])
    await set.deploy(using('checkout@sha256:3'))
    expect((await set.prod.graph()).nodes({ kind: 'grant' })).toEqual([])
    expect((await set.prod.graph()).node(IDENTITY)).toBeUndefined()
  })

  test('OWN 7: a need that is bound to another resource is granted there, and the old grant goes', async () => {
    const set = await opened()
    const ref = set.cloud.console('linus').create('bucket', 'theirs')
    const source = { type: 'terraform', name: 'theirs.tfstate', digest: 'd1', lineage: 'theirs', serial: 1 }
    const node = { address: 'bucket.theirs', kind: 'bucket', key: 'theirs', ref, properties: {} }
    await set.prod.import({ source, nodes: [node], edges: [] }, ada)
    await set.prod.bind({ need: 'bucket/receipts', resource: 'bucket/theirs', reason: 'theirs has them all' }, ada)
    await set.deploy(rollout('checkout@sha256:2'))
    const grants = await set.prod.grants({ resource: 'bucket/receipts' })
    expect(grants.map(({ grant, resource }) => [grant, resource])).toEqual([
      [`${RECEIPTS}--bucket.theirs`, 'bucket/theirs'],
    ])
    expect((await set.prod.plan({ model: rollout('checkout@sha256:2') })).steps).toEqual([])
  })

  test('OWN 7, DEPLOY 4: a change of rights alone waits for an approval', async () => {
    const set = await world({ grants: true, approvals: 1 })
    const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'grace' })
    const first = await set.prod.deploy({ trigger, model: shop })
    await first.approve({ digest: await planThatWaits(first) }, ada)
    await first.completed()
    const model = using(
      'checkout@sha256:1',
      ['sql-database/orders', 'read', 'write', 'delete'],
      ['bucket/receipts', 'write'],
    )
    const second = await set.prod.deploy({ trigger, model })
    await second.approve({ digest: await planThatWaits(second) }, ada)
    expect(await second.completed()).toMatchObject({ status: 'succeeded' })
  })

  test('OWN 7: who may do what, since when, and because of which commit, is one question', async () => {
    const set = await world({ grants: true })
    await set.deploy(shop, { commit: 'a1', pusher: 'grace' })
    const { version } = await set.prod.graph()
    await set.deploy(using('checkout@sha256:2', ['sql-database/orders', 'read']), { commit: 'b2' })
    const [now, ...others] = await set.prod.grants({ resource: 'sql-database/orders' })
    expect(others).toEqual([])
    expect(now).toMatchObject({
      grant: ORDERS,
      identity: IDENTITY,
      service: 'service/checkout',
      operations: ['read'],
      extra: false,
      why: { deployment: { commit: 'b2' }, previous: ['read', 'write'] },
    })
    const [then] = await set.prod.grants({ resource: 'sql-database/orders', identity: IDENTITY, at: version })
    expect(then).toMatchObject({ operations: ['read', 'write'], why: { deployment: { commit: 'a1' } } })
    expect(await set.prod.grants({ identity: 'identity/nobody' })).toEqual([])
    await expect(set.prod.grants({ identity: 'nobody' as NodeId })).rejects.toMatchObject({ code: 'input-invalid' })
  })

  test('OWN 7, CHANGE 1: nobody asks for a right in a change request', async () => {
    const set = await opened()
    const wish = { node: ORDERS, set: { operations: ['read', 'write', 'admin'] }, reason: 'quicker' }
    await expect(set.prod.requestChange(wish, grace)).rejects.toMatchObject({ code: 'property-not-changeable' })
  })
})

describe('rights that were changed outside', () => {
  test('OWN 7, DRIFT 7: operations that somebody added are reverted by the next plan, with an alert', async () => {
    const set = await opened()
    set.cloud.console('mallory').modify('prod-checkout-sql-database-orders', { operations: ['read', 'write', 'admin'] })
    expect((await set.prod.reconcile()).counts).toMatchObject({ enforced: 1, adopted: 0 })
    expect(await set.prod.alerts({ open: true })).toMatchObject([{ reason: 'enforced-property-drifted', node: ORDERS }])
    await set.deploy(shop)
    expect(set.cloud.inspect.resource('prod-checkout-sql-database-orders')?.properties['operations']).toEqual([
      'read',
      'write',
    ])
    expect((await set.prod.drift()).open).toEqual([])
  })

  test('OWN 7, DRIFT 7: while the code takes an operation away, what somebody added goes first', async () => {
    const set = await opened()
    set.cloud.console('mallory').modify('prod-checkout-sql-database-orders', { operations: ['read', 'write', 'admin'] })
    const before = set.cloud.calls({ effect: true }).length
    await set.deploy(using('checkout@sha256:2', ['sql-database/orders', 'read'], ['bucket/receipts', 'write']))
    const updates = set.cloud.calls({ effect: true }).slice(before)
    expect(updates.map(({ kind }) => kind)).toEqual(['grant', 'service', 'grant'])
    expect(set.cloud.inspect.resource('prod-checkout-sql-database-orders')?.properties['operations']).toEqual(['read'])
    expect(
      (
        await set.prod.plan({
          model: using('checkout@sha256:2', ['sql-database/orders', 'read'], ['bucket/receipts', 'write']),
        })
      ).steps,
    ).toEqual([])
  })

  test('OWN 7, DRIFT 9: a grant that somebody removed is made again', async () => {
    const set = await opened()
    set.cloud.console('mallory').remove('prod-checkout-bucket-receipts')
    expect((await set.prod.reconcile()).missing).toEqual([RECEIPTS])
    await set.deploy(shop)
    expect(set.cloud.inspect.resources('grant')).toHaveLength(2)
    expect((await set.prod.graph()).node(RECEIPTS)).toMatchObject({ incarnation: 2 })
    expect((await set.prod.plan({ model: shop })).steps).toEqual([])
  })

  test('OWN 7, DRIFT 9: an identity that somebody removed is made again with all its grants', async () => {
    const set = await opened()
    set.cloud.console('mallory').remove('identity/prod-checkout')
    await set.deploy(shop)
    expect(set.cloud.inspect.resources('identity')).toHaveLength(1)
    expect(set.cloud.inspect.resources('grant')).toHaveLength(2)
    expect((await set.prod.plan({ model: shop })).steps).toEqual([])
  })

  test('OWN 8: a grant that somebody gave an identity of ours is found, alerted, attributed and removed', async () => {
    const set = await opened()
    set.cloud
      .console('mallory')
      .create(
        'grant',
        'backdoor',
        { operations: ['admin'] },
        { on: ['identity/prod-checkout', 'sql-instance/prod-main'] },
      )
    const scan = await set.prod.reconcile()
    expect(scan.counts).toMatchObject({ enforced: 1, unmanaged: 0 })
    expect(scan.attributed).toMatchObject([{ principal: { type: 'user', id: 'mallory' } }])
    expect(await set.prod.alerts({ open: true })).toMatchObject([{ reason: 'extra-grant-found', severity: 'critical' }])
    expect((await set.prod.drift()).extraGrants).toMatchObject([
      { name: 'backdoor', operations: ['admin'], attribution: { principal: { type: 'user', id: 'mallory' } } },
    ])
    const [extra] = (await set.prod.grants({ identity: IDENTITY })).filter((grant) => grant.extra)
    expect(extra).toMatchObject({
      operations: ['admin'],
      ownership: 'managed',
      why: { cause: { type: 'drift' }, drift: { attribution: { id: 'mallory' } } },
    })
    expect((await set.prod.grants({ resource: 'sql-instance/main' })).map(({ grant }) => grant)).toContain(extra?.grant)
    expect((await set.prod.reconcile()).counts).toMatchObject({ enforced: 0, adopted: 0 })
    const plan = await set.prod.plan({ model: shop })
    expect(plan.steps).toMatchObject([
      {
        operation: 'remove',
        node: extra?.grant,
        phase: 'cleanup',
        infrastructure: true,
        origins: [{ type: 'drift-reversal' }],
      },
    ])
    await set.deploy(shop)
    expect(set.cloud.inspect.resource('backdoor')).toBeUndefined()
    expect((await set.prod.grants({ identity: IDENTITY })).filter((grant) => grant.extra)).toEqual([])
    expect((await set.prod.reconcile()).counts).toMatchObject({ enforced: 0, missing: 0, unmanaged: 0 })
  })

  test('OWN 5, OWN 8: a grant of an identity that is not ours is reported as unmanaged and left alone', async () => {
    const set = await opened()
    const people = set.cloud.console('grace')
    people.create('identity', 'theirs')
    people.create('grant', 'their-grant', { operations: ['admin'] }, { on: ['identity/theirs'] })
    expect((await set.prod.reconcile()).counts).toMatchObject({ enforced: 0, unmanaged: 2 })
    expect((await set.prod.plan({ model: shop })).steps).toEqual([])
    expect(await set.prod.alerts({ open: true })).toEqual([])
  })
})
