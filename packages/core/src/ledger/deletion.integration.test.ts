import { describe, expect, test } from 'vitest'
import { apiClient, pullRequest, system } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import { ada, grace, shop, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'

const main = 'sql-instance/main' as const
const reason = 'another team took it over'

async function remove({ prod }: Pick<World, 'prod'>, by = ada): Promise<void> {
  const { challenge } = await prod.deletion()
  await prod.delete({ challenge, reason }, by)
}

describe('deleting from the ledger', () => {
  test('PROTECT 10: calls no provider, and what is there is listed as orphaned, with its refs', async () => {
    const set = await world()
    await set.deploy(shop)
    const calls = set.cloud.calls({}).length
    const review = await set.prod.deletion()
    expect(review.challenge).toBe(`delete prod at graph version ${review.graphVersion}`)
    await remove(set)
    expect(set.cloud.calls({})).toHaveLength(calls)
    const orphans = await set.ledger.orphans()
    expect(orphans.map(({ environment, node, ownership }) => `${environment} ${node} ${ownership}`).toSorted()).toEqual(
      [
        'prod bucket/receipts managed',
        'prod service/checkout managed',
        'prod sql-database/orders managed',
        `prod ${main} managed`,
      ],
    )
    expect(orphans.find(({ node }) => node === main)?.ref).toMatchObject({ provider: 'fake', name: 'prod-main' })
    expect(review.orphaned).toHaveLength(4)
  })

  test('PROTECT 10: it is listed no more, takes no commands, and its history stays', async () => {
    const set = await world()
    const { ledger, prod } = set
    await set.deploy(shop)
    await remove(set)
    expect(await ledger.environments()).toEqual([])
    expect(await ledger.environments({ deleted: true })).toEqual(['prod'])
    const refused = { code: 'environment-deleted', details: { environment: 'prod' } }
    await expect(set.deploy(shop)).rejects.toMatchObject(refused)
    await expect(prod.reconcile()).rejects.toMatchObject(refused)
    await expect(remove(set)).rejects.toMatchObject(refused)
    await expect(prod.destroy({ challenge: (await prod.destruction()).challenge, reason }, ada)).rejects.toMatchObject(
      refused,
    )
    expect(await prod.describe()).toMatchObject({
      status: 'deleted',
      deleted: { by: { id: 'ada' }, reason, orphaned: 4 },
    })
    expect(await prod.why(main, 'backup.retentionDays')).toMatchObject({ value: 7 })
    expect((await prod.graph()).nodes()).toHaveLength(4)
    expect(await ledger.verify()).toMatchObject({ intact: true })
    const lines: string[] = []
    for await (const line of ledger.export()) lines.push(line)
    expect(lines.join('')).toContain('EnvironmentDeleted')
  })

  test('PROTECT 10: its name is not given again', async () => {
    const set = await world()
    await remove(set)
    await expect(set.ledger.createEnvironment({ name: 'prod', type: 'production' }, grace)).rejects.toMatchObject({
      code: 'environment-deleted',
      message: expect.stringContaining('another name'),
      details: { environment: 'prod', action: 'create-environment' },
    })
    await set.ledger.createEnvironment({ name: 'prod-2', type: 'production' }, grace)
    expect(await set.ledger.environments()).toEqual(['prod-2'])
  })

  test('PROTECT 10: what an environment that lives knows is no orphan', async () => {
    const set = await world()
    await set.deploy(shop)
    const ref = (await set.prod.graph()).node(main)?.ref
    if (ref === undefined) throw new Error('it was not made')
    await remove(set)
    const next = await set.ledger.createEnvironment({ name: 'next', type: 'production' }, ada)
    const node = { address: 'a', kind: 'sql-instance', key: 'main', ref, properties: {} }
    await next.import({ source: { type: 'test', name: 'x', digest: 'd' }, nodes: [node], edges: [] }, ada)
    expect((await set.ledger.orphans()).map(({ node: orphan }) => orphan)).not.toContain(main)
    expect(await set.ledger.orphans()).toHaveLength(3)
  })

  test('PROTECT 10: a destroyed environment can be deleted as well', async () => {
    const set = await world()
    await (await set.prod.destroy({ challenge: (await set.prod.destruction()).challenge, reason }, ada)).completed()
    expect(await set.ledger.environments()).toEqual(['prod'])
    await remove(set)
    expect(await set.prod.describe()).toMatchObject({ status: 'deleted', destroyed: { destroyed: 0 } })
    expect(await set.ledger.orphans()).toEqual([])
  })

  test('PROTECT 10: a deployment or an import under way keeps it', async () => {
    const set = await world({ approvals: 1 })
    const deployment = await set.prod.deploy({ trigger: { type: 'manual', commit: 'c1', user: 'ada' }, model: shop })
    await expect(remove(set)).rejects.toMatchObject({
      code: 'deployment-in-progress',
      details: { deployment: deployment.id },
    })
    await deployment.cancel({ reason: 'the end' }, ada)
    await remove(set)
    expect(await set.prod.describe()).toMatchObject({ status: 'deleted' })
  })

  test.each([
    ['delete prod at graph version 99', 'challenge-stale'],
    ['destroy prod at graph version VERSION', 'challenge-mismatch'],
    ['delete staging at graph version VERSION', 'challenge-mismatch'],
    ['delete prod at graph version VERSION\n', 'challenge-mismatch'],
  ])('PROTECT 1: %j does not delete it', async (typed, code) => {
    const set = await world()
    const challenge = typed.replace('VERSION', String((await set.prod.deletion()).graphVersion))
    await expect(set.prod.delete({ challenge, reason }, ada)).rejects.toMatchObject({ code })
    expect(await set.ledger.environments()).toEqual(['prod'])
  })

  test.each([
    [grace.actor, 'role-required'],
    [system, 'role-required'],
    [apiClient('ci'), 'role-required'],
  ])('PROTECT 1: %o does not delete it', async (actor, code) => {
    await expect(remove(await world({ type: 'preview' }), { actor })).rejects.toMatchObject({ code })
  })
})

describe('preview environments', () => {
  const destroyed = async (set: World, actor: Actor) =>
    (await set.prod.destroy({ reason: 'merged' }, { actor })).completed()

  test('PROTECT 11: go by automation, without a challenge, with the data that they made and no copies of it', async () => {
    const set = await world({ type: 'preview' })
    await set.deploy(shop)
    expect(set.cloud.inspect.resource('prod-main')?.properties['deletionProtection']).toBe(false)
    expect(await destroyed(set, system)).toMatchObject({ status: 'succeeded' })
    expect((await set.prod.graph()).nodes()).toEqual([])
    expect(set.cloud.inspect.snapshots()).toEqual([])
    expect(set.cloud.inspect.automatedBackups()).toEqual([])
    expect((await set.prod.describe()).status).toBe('destroyed')
  })

  test('PROTECT 11: go by their own pull request, or by an automation that is their Admin, and by no other', async () => {
    const { ledger, prod } = await world({ type: 'preview' })
    const own = await ledger.createEnvironment({ name: 'pr:12', type: 'preview' }, { actor: apiClient('ci') })
    const gone = { reason: 'merged' }
    for (const actor of [pullRequest(13), apiClient('cd')])
      await expect(own.destroy(gone, { actor })).rejects.toMatchObject({ code: 'role-required' })
    await expect(own.destroy(gone, grace)).rejects.toMatchObject({ code: 'role-required' })
    await (await own.destroy(gone, { actor: pullRequest(12) })).completed()
    const again = await ledger.createEnvironment({ name: 'pr:12-2', type: 'preview' }, { actor: apiClient('ci') })
    await expect(again.destroy(gone, { actor: pullRequest(1) })).rejects.toMatchObject({ code: 'role-required' })
    await (await again.destroy(gone, { actor: pullRequest(12) })).completed()
    const other = await ledger.createEnvironment({ name: 'pr:14', type: 'preview' }, { actor: apiClient('ci') })
    expect(await (await other.destroy(gone, { actor: apiClient('ci') })).completed()).toMatchObject({
      trigger: { type: 'api', client: 'ci' },
    })
    expect(await (await prod.destroy(gone, ada)).completed()).toMatchObject({
      trigger: { type: 'manual', user: 'ada' },
    })
  })

  test('PROTECT 11: a challenge that is typed all the same must be right', async () => {
    const { prod } = await world({ type: 'preview' })
    await expect(prod.destroy({ challenge: 'destroy prod', reason }, ada)).rejects.toMatchObject({
      code: 'challenge-mismatch',
    })
  })

  test('PROTECT 11: what was handed over to them keeps its protection', async () => {
    const set = await world({ type: 'preview' })
    set.cloud.console('linus').create('sql-instance', 'staging')
    await set.clock.advance(30 * 60_000)
    const ref = set.cloud.inspect.resource('sql-instance/staging')?.ref
    if (ref === undefined) throw new Error('it was not made')
    const node = { address: 'a', kind: 'sql-instance', key: 'staging', ref, properties: {} }
    await set.prod.import({ source: { type: 'test', name: 'x', digest: 'd' }, nodes: [node], edges: [] }, ada)
    await set.prod.manage({ node: 'sql-instance/staging', reason: 'tests run on it' }, ada)
    await expect(set.prod.destroy({ reason }, { actor: system })).rejects.toMatchObject({
      code: 'environment-protected',
      details: { protected: [{ node: 'sql-instance/staging', reasons: ['not-confirmed'] }] },
    })
  })

  test('PROTECT 11: protection that the code asks for is set, and holds', async () => {
    const set = await world({ type: 'preview' })
    await set.deploy({ services: [], needs: [{ node: main, properties: { deletionProtection: true } }] })
    await expect(set.prod.destroy({ reason }, { actor: system })).rejects.toMatchObject({
      details: { protected: [{ node: main, reasons: ['deletion-protection-on'] }] },
    })
  })

  test('PROTECT 11, PROTECT 2: an ordinary deployment of theirs keeps data as any other does', async () => {
    const set = await world({ type: 'preview' })
    await set.deploy(shop)
    await set.deploy({ services: [], needs: [] })
    expect((await set.prod.graph()).node(main)).toBeDefined()
  })
})
