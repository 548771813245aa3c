import { describe, expect, test } from 'vitest'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { bucket, destroy, effects, ids, main, orders, readyToGo, reason, unprotect } from './destruction.fixture.ts'
import { ada, grace, planThatWaits, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

describe('the list of what stands in the way', () => {
  test('PROTECT 5: holds every protected node with all that is to be done about it', async () => {
    const set = await world()
    await set.deploy(shop)
    const review = await set.prod.destruction()
    expect(review).toMatchObject({
      environment: 'prod',
      challenge: `destroy prod at graph version ${review.graphVersion}`,
    })
    expect(Object.fromEntries(review.protected.map(({ node, reasons }) => [node, reasons]))).toEqual({
      [main]: ['deletion-protection-on', 'in-use', 'not-confirmed'],
      [orders]: ['in-use', 'not-confirmed'],
      [bucket]: ['in-use', 'not-confirmed'],
    })
    expect(review.removes.map(({ node }) => node)).toEqual(['service/checkout'])
    const before = (await set.ledger.verify()).heads.get('environment-prod')
    await expect(set.prod.destroy({ challenge: review.challenge, reason }, ada)).rejects.toMatchObject({
      code: 'environment-protected',
      details: { environment: 'prod', total: 3, protected: review.protected },
    })
    expect((await set.ledger.verify()).heads.get('environment-prod')).toEqual(before)
  })

  test('PROTECT 5: grows shorter as persons work through it, and nothing is removed by that', async () => {
    const set = await readyToGo()
    expect(await set.prod.destruction()).toMatchObject({ protected: [], inTheWay: [], orphaned: [] })
    await set.deploy({ ...shop, services: [] })
    expect(await ids(set)).toEqual(expect.arrayContaining([main, orders, bucket]))
  })

  test('PROTECT 2: a word for the destruction lets no deployment remove anything, also when it is unused by then', async () => {
    const set = await readyToGo()
    await set.deploy({ services: [], needs: [] })
    expect((await ids(set)).toSorted()).toEqual([bucket, orders, main])
    expect((await set.prod.destruction()).protected).toEqual([])
  })

  test('PROTECT 2: a word for the destruction is void once the application is deployed with the node again', async () => {
    const set = await readyToGo()
    await set.deploy({ ...shop, services: shop.services.map((service) => ({ ...service, image: 'checkout:2' })) })
    const { protected: kept } = await set.prod.destruction()
    expect(kept.map(({ node }) => node).toSorted()).toEqual([bucket, orders, main])
    await expect(destroy(set)).rejects.toMatchObject({ code: 'environment-protected' })
  })

  test('PROTECT 2: only an Admin confirms for the destruction what is in use', async () => {
    const set = await world()
    await set.deploy(shop)
    const word = { node: bucket, reason, forDestruction: true }
    await expect(set.prod.confirmDeletion(word, grace)).rejects.toMatchObject({ code: 'role-required' })
    await expect(set.prod.confirmDeletion({ node: bucket, reason }, ada)).rejects.toMatchObject({
      code: 'confirmation-refused',
      details: { reason: 'in-use' },
    })
  })

  test('PROTECT 5: what lies at a provider that is not configured stands in the way', async () => {
    const store = inMemoryEventStore()
    const set = await readyToGo({ store })
    const elsewhere = openLedger({ store, clock: set.clock }).environment('prod')
    const { protected: kept } = await elsewhere.destruction()
    expect(kept.every(({ reasons }) => reasons.includes('cloud-not-configured'))).toBe(true)
    expect(kept.map(({ node }) => node)).toContain('service/checkout')
  })
})

test('PROTECT 5: what a deployment may have made without ever learning of it stands in the way, once it is seen', async () => {
  const set = await world({ type: 'preview' })
  const fault = set.cloud.faults.unknownOutcome({ operation: 'create', kind: 'bucket' }, { happened: true })
  const blind = set.cloud.faults.unreadable({ kind: 'bucket' })
  await expect(set.deploy({ services: [], needs: [bucket] })).rejects.toMatchObject({ code: 'deployment-failed' })
  for (const one of [fault, blind]) one.lift()
  const refused = { details: { reason: expect.stringContaining('never learned the outcome') } }
  const destruction = await set.prod.destroy({ reason }, ada)
  await expect(destruction.completed()).rejects.toMatchObject(refused)
  await set.deploy({ services: [], needs: [bucket] })
  await (await set.prod.destroy({ reason }, ada)).completed()
  expect(set.cloud.inspect.resource('bucket/prod-receipts')).toBeUndefined()
})

describe('destroying', () => {
  test('PROTECT 9: removes everything of ours, each after its last copy, and what needs others first', async () => {
    const set = await readyToGo()
    const before = effects(set).length
    const deployment = await destroy(set)
    expect(await deployment.completed()).toMatchObject({ status: 'succeeded', destroys: true })
    const went = effects(set).slice(before)
    expect(went.filter((call) => call.startsWith('remove')).toSorted()).toEqual([
      'remove bucket prod-receipts',
      'remove service prod-checkout',
      'remove sql-database prod-orders',
      'remove sql-instance prod-main',
    ])
    expect(went.indexOf('remove service prod-checkout')).toBeLessThan(went.indexOf('remove bucket prod-receipts'))
    expect(went.indexOf('remove sql-database prod-orders')).toBeLessThan(went.indexOf('remove sql-instance prod-main'))
    expect(await ids(set)).toEqual([])
    expect(set.cloud.inspect.automatedBackups()).toHaveLength(1)
    expect((await set.prod.lastCopies()).map(({ node, name }) => [node, name])).toEqual(
      set.cloud.inspect.snapshots().map(({ kind, name }) => [kind === 'sql-instance' ? main : orders, name]),
    )
    expect(await set.prod.describe()).toMatchObject({
      status: 'destroyed',
      destroyed: { deployment: deployment.id, destroyed: 4, retained: 0 },
    })
  })

  test('PROTECT 9: a destroyed environment takes no commands, and reads go on', async () => {
    const set = await readyToGo()
    await (await destroy(set)).completed()
    const { prod, ledger } = set
    const refused = { code: 'environment-destroyed', details: { environment: 'prod' } }
    await expect(set.deploy(shop)).rejects.toMatchObject(refused)
    await expect(prod.reconcile()).rejects.toMatchObject(refused)
    await expect(prod.grantRole({ subject: 'eve', role: 'admin' }, ada)).rejects.toMatchObject(refused)
    await expect(prod.destroy({ challenge: (await prod.destruction()).challenge, reason }, ada)).rejects.toMatchObject(
      refused,
    )
    expect((await prod.destruction()).inTheWay).toMatchObject([{ reason: 'environment-destroyed' }])
    expect((await prod.history(main)).at(-1)).toMatchObject({ retired: 'removed' })
    expect((await ledger.verify()).intact).toBe(true)
    expect(await ledger.environments()).toEqual(['prod'])
    await expect(ledger.createEnvironment({ name: 'prod', type: 'production' }, ada)).rejects.toMatchObject({
      code: 'environment-exists',
    })
  })

  test('OWN 1: what is only observed is not touched, is listed, and is told as retained', async () => {
    const set = await readyToGo()
    const console_ = set.cloud.console('linus')
    console_.create('sql-instance', 'theirs')
    const ref = set.cloud.inspect.resource('sql-instance/theirs')?.ref
    if (ref === undefined) throw new Error('it was not made')
    await set.prod.import(
      {
        source: { type: 'test', name: 'theirs', digest: 'd1' },
        nodes: [{ address: 'a', kind: 'sql-instance', key: 'theirs', ref, properties: {} }],
        edges: [],
      },
      ada,
    )
    expect((await set.prod.destruction()).orphaned).toMatchObject([
      { node: 'sql-instance/theirs', ownership: 'observed' },
    ])
    await (await destroy(set)).completed()
    expect(await ids(set)).toEqual(['sql-instance/theirs'])
    expect(set.cloud.inspect.resource('sql-instance/theirs')).toBeDefined()
    expect(await set.prod.describe()).toMatchObject({ destroyed: { retained: 1 } })
    expect(await set.ledger.orphans()).toMatchObject([{ environment: 'prod', node: 'sql-instance/theirs' }])
  })

  test('PROTECT 9: while it runs or waits, nothing else is deployed or changed', async () => {
    const set = await world({ approvals: 1 })
    const first = await set.prod.deploy({ trigger: { type: 'manual', commit: 'c1', user: 'ada' }, model: shop })
    await first.approve({ digest: await planThatWaits(first) }, ada)
    await first.completed()
    for (const node of [main, orders, bucket])
      await set.prod.confirmDeletion({ node, reason, forDestruction: true }, ada)
    unprotect(set)
    await set.prod.reconcile()
    const destruction = await destroy(set)
    const digest = await planThatWaits(destruction)
    const refused = { code: 'environment-being-destroyed', details: { deployment: destruction.id } }
    await expect(set.deploy(shop)).rejects.toMatchObject(refused)
    await expect(set.prod.changePolicies({ approvals: { required: 0 }, drift: [] }, ada)).rejects.toMatchObject(refused)
    await expect(set.prod.bind({ need: bucket, resource: bucket, reason }, ada)).rejects.toMatchObject(refused)
    await expect(destroy(set)).rejects.toMatchObject(refused)
    expect((await set.prod.describe()).status).toBe('being-destroyed')
    await destruction.approve({ digest }, ada)
    expect(await destruction.completed()).toMatchObject({ status: 'succeeded' })
  })

  test('PROTECT 9: one that is rejected leaves everything as it was, and life goes on', async () => {
    const set = await readyToGo()
    await set.prod.changePolicies({ approvals: { required: 1 }, drift: [] }, ada)
    const destruction = await destroy(set)
    await destruction.reject({ digest: await planThatWaits(destruction), reason: 'not today' }, ada)
    expect((await set.prod.describe()).status).toBe('active')
    expect(await ids(set)).toContain(main)
    const next = await set.prod.deploy({ trigger: { type: 'manual', commit: 'c2', user: 'ada' }, model: shop })
    expect(await next.completed()).toMatchObject({ status: 'succeeded' })
  })

  test('PROTECT 9: one that fails says what is left, and is gone on with by a new challenge', async () => {
    const set = await readyToGo()
    set.cloud.console('linus').putObjects('bucket/prod-receipts', 3)
    const first = await destroy(set)
    await expect(first.completed()).rejects.toMatchObject({
      code: 'deployment-failed',
      details: { reason: expect.stringContaining('bucket/receipts (') },
    })
    expect(await ids(set)).toEqual([bucket])
    expect(await set.prod.describe()).toMatchObject({ status: 'active', destroyed: undefined })
    set.cloud.console('linus').putObjects('bucket/prod-receipts', 0)
    await (await destroy(set)).completed()
    expect(await set.prod.describe()).toMatchObject({ status: 'destroyed' })
  })

  test('PROTECT 9: after a failed one the application can be deployed again, and what went is made again', async () => {
    const set = await readyToGo()
    set.cloud.console('linus').putObjects('bucket/prod-receipts', 3)
    await expect((await destroy(set)).completed()).rejects.toMatchObject({ code: 'deployment-failed' })
    await set.deploy(shop)
    expect((await ids(set)).toSorted()).toEqual([bucket, 'service/checkout', orders, main])
    expect((await set.prod.graph()).node(main)).toMatchObject({ incarnation: 2 })
  })

  test('PROTECT 9: goes on where it was after its executor died in the middle of a call', async () => {
    for (const moment of ['before-call', 'between-call-and-answer', 'while-waiting'] as const) {
      const set = await readyToGo()
      set.cloud.faults.crash({ operation: 'remove', kind: 'sql-database' }, moment)
      const deployment = await destroy(set)
      await set.executor.stopped.catch(() => undefined)
      set.ledger.runDeployments()
      expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
      expect(await ids(set)).toEqual([])
      expect(set.cloud.inspect.snapshots()).toHaveLength(2)
    }
  })

  test('PROTECT 4: what is protected again before the plan is made stops all of it', async () => {
    const set = await readyToGo()
    await set.executor.stop()
    const deployment = await destroy(set)
    set.cloud.console('grace').modify('sql-instance/prod-main', { deletionProtection: true })
    set.ledger.runDeployments()
    await expect(deployment.completed()).rejects.toMatchObject({
      details: { reason: expect.stringContaining('protected from deletion at the provider') },
    })
    expect(await ids(set)).toHaveLength(4)
  })
})
