import { describe, expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import type { EventStore } from '../event-store/event-store.ts'
import type { ExternalChange, ExternalPlan } from '../external-deployments/external-plan.ts'
import type { ImportedNode } from '../graph/imported-graph.ts'
import type { Properties } from '../json.ts'
import { ada, grace, world } from './ledger.fixture.ts'
import type { World } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const SQL = { engine: 'postgres', engineVersion: '15.4', 'backup.retentionDays': 7, deletionProtection: true }

/** A database and a bucket that another tool made and the ledger imported. */
async function legacy(options: Parameters<typeof world>[0] = {}): Promise<World & { readonly nodes: ImportedNode[] }> {
  const set = await world({ approvals: 1, ...options })
  await set.prod.grantRole({ subject: 'grace', role: 'admin' }, ada)
  const made = [['sql-instance', 'main', SQL] as const, ['bucket', 'logs', { versioning: false }] as const]
  const nodes = made.map(([kind, key, properties]) => {
    const ref = set.cloud.console('linus').create(kind, key, { ...properties })
    return { address: `${kind}.${key}`, kind, key, ref, properties: { ...properties } }
  })
  await set.prod.import(state(nodes, 1), ada)
  await set.prod.reconcile()
  return { ...set, nodes }
}

const state = (nodes: readonly ImportedNode[], serial: number) => ({
  source: { type: 'terraform', name: 'legacy.tfstate', digest: `d${serial}`, lineage: 'legacy', serial },
  nodes,
  edges: [],
})

function update(node: string, changes: Properties, before: Properties = {}): ExternalChange {
  const [kind = '', key = ''] = node.split('/')
  const properties = Object.entries(changes).map(([property, after]) => {
    const was = before[property]
    return { property, ...(was === undefined ? {} : { before: was }), after }
  })
  return { address: `${kind}.${key}`, action: 'update', kind, key, properties, unknown: [] }
}

let plans = 0
function planOf(...changes: ExternalChange[]): ExternalPlan {
  const digest = (++plans).toString(16).padStart(64, '0')
  return {
    tool: { name: 'terraform', version: '1.9.0' },
    name: 'plan.json',
    digest,
    complete: true,
    drifted: 0,
    changes,
  }
}

describe('what a cloud shows', () => {
  test('EXTERNAL 10: what a plan announced is its doing when it is observed, and no drift; the rest is', async () => {
    const { prod, cloud } = await legacy()
    const plan = planOf(update('sql-instance/main', { 'backup.retentionDays': 14 }, SQL))
    const proposal = await prod.proposeExternal({ plan, commit: '4f2a' }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    cloud.console('terraform').modify('sql-instance/main', { 'backup.retentionDays': 14 })
    cloud.console('mallory').modify('sql-instance/main', { 'maintenance.window': 'mon:02:00-mon:03:00' })
    const found = await prod.reconcile()
    expect(found.counts.adopted).toBe(1)
    expect(found.decisions.get('sql-instance/main')).toMatchObject([
      { property: 'backup.retentionDays', decision: 'announced', decidedBy: `external deployment ${proposal.id}` },
      { property: 'maintenance.window', decision: 'adopted' },
    ])
    expect(await prod.why('sql-instance/main', 'backup.retentionDays')).toMatchObject({
      value: 14,
      cause: { type: 'external-deployment', deployment: proposal.id },
      externalDeployment: {
        commit: '4f2a',
        trigger: { type: 'manual', user: 'ada' },
        approvals: [{ by: { id: 'grace' } }],
      },
    })
    expect(await prod.why('sql-instance/main', 'maintenance.window')).toMatchObject({ cause: { type: 'drift' } })
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
    expect((await prod.reconcile()).counts.adopted).toBe(0)
  })

  test('EXTERNAL 10: what weakens the posture is alerted also where it was announced, with who announced it', async () => {
    const { prod, cloud } = await legacy()
    const plan = planOf(update('sql-instance/main', { deletionProtection: false, 'backup.retentionDays': 0 }, SQL))
    const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    cloud.console('terraform').modify('sql-instance/main', { deletionProtection: false, 'backup.retentionDays': 0 })
    await prod.reconcile()
    const announced = (await prod.alerts()).filter(({ message }) =>
      message.includes(`external deployment ${proposal.id} announced it`),
    )
    expect(announced.map(({ reason, property }) => [reason, property])).toEqual([
      ['posture-weakened', 'backup.retentionDays'],
      ['deletion-protection-off', 'deletionProtection'],
    ])
  })

  test('EXTERNAL 8, EXTERNAL 11: drift on what it plans voids the approval; carried out all the same, it is alerted', async () => {
    const { prod, cloud } = await legacy()
    const plan = planOf(update('sql-instance/main', { 'backup.retentionDays': 14 }, SQL))
    const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    cloud.console('mallory').modify('sql-instance/main', { 'backup.retentionDays': 3 })
    await prod.reconcile()
    expect(await proposal.read()).toMatchObject({
      voided: 'backup.retentionDays of sql-instance/main by system infraledger (drift)',
    })
    cloud.console('terraform').modify('sql-instance/main', { 'backup.retentionDays': 14 })
    await prod.reconcile()
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: true })
    let timeline = ''
    for await (const { text } of prod.timeline()) timeline += `${text}\n`
    expect(timeline).toContain('proposed by ada by hand')
    expect(timeline).toContain('is void, for this moved')
    expect(timeline).toContain('carried out without approval')
  })

  test('EXTERNAL 10: a removal that was announced and approved alarms nobody, and is credited when the state is imported', async () => {
    const { prod, cloud, nodes } = await legacy()
    const plan = planOf({ ...update('bucket/logs', {}), action: 'remove' })
    const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    cloud.console('terraform').remove('bucket/logs')
    const found = await prod.reconcile()
    expect(found.missing).toEqual(['bucket/logs'])
    expect(await prod.alerts()).toEqual([])
    await prod.import(state(nodes.slice(0, 1), 2), ada)
    expect(await prod.why('bucket/logs')).toMatchObject({
      retired: 'no-longer-imported',
      cause: { deployment: proposal.id },
    })
    expect(await proposal.read()).toMatchObject({ status: 'applied' })
  })

  test('EXTERNAL 11: a rejected plan is not behind what happens after its values moved', async () => {
    const { prod, cloud } = await legacy()
    const plan = planOf(update('sql-instance/main', { 'backup.retentionDays': 14 }, SQL))
    const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
    await proposal.reject({ digest: plan.digest, reason: 'too long' }, grace)
    cloud.console('grace').modify('sql-instance/main', { 'backup.retentionDays': 10 })
    await prod.reconcile()
    cloud.console('grace').modify('sql-instance/main', { 'backup.retentionDays': 14 })
    await prod.reconcile()
    expect(await prod.why('sql-instance/main', 'backup.retentionDays')).toMatchObject({ cause: { type: 'drift' } })
    expect(await prod.alerts()).toEqual([])
  })

  test('EXTERNAL 13: deployments of ours go on beside it', async () => {
    const { prod, deploy } = await legacy({ approvals: 0 })
    await prod.proposeExternal({ plan: planOf(update('bucket/logs', { versioning: true })), commit: 'c' }, ada)
    await deploy({ services: [], needs: ['bucket/receipts'] }, { create: 'all' })
    expect((await prod.deployments()).map(({ status }) => status)).toEqual(['succeeded'])
    expect((await prod.externalDeployments()).map(({ status }) => status)).toEqual(['approved'])
  })
})

/** Fails after so many appends, as a process that is killed. */
function dying(store: EventStore): EventStore & { left: number } {
  const dyingStore = {
    ...store,
    left: Infinity,
    append: (...given: Parameters<EventStore['append']>) => {
      if (dyingStore.left-- <= 0) return Promise.reject(new Error('killed'))
      return store.append(...given)
    },
  }
  return dyingStore
}

describe('interrupted', () => {
  test('EXTERNAL 5: a proposal that was cut off is none, and goes on when it is made again', async () => {
    const store = dying(inMemoryEventStore())
    const ledger = openLedger({ store })
    const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', approvals: { required: 1 } }, ada)
    const big = 'x'.repeat(200_000)
    const nodes = Array.from({ length: 12 }, (_, index): ImportedNode => ({
      address: `thing.n${index}`,
      kind: 'thing',
      key: `n${index}`,
      properties: { text: 'a' },
    }))
    await prod.import(state(nodes, 1), ada)
    const plan = planOf(...nodes.map(({ key }) => update(`thing/${key}`, { text: `${key}${big}` }, { text: 'a' })))
    store.left = 1
    await expect(prod.proposeExternal({ plan, commit: 'c' }, ada)).rejects.toThrow('killed')
    store.left = Infinity
    const [cut] = await prod.externalDeployments()
    expect(cut).toMatchObject({ status: 'recording' })
    await expect(prod.externalDeployment(cut?.id ?? '').approve({ digest: plan.digest }, ada)).rejects.toMatchObject({
      code: 'external-deployment-ended',
    })
    const again = openLedger({ store }).environment('prod')
    const proposal = await again.proposeExternal({ plan, commit: 'c' }, { actor: user('ada') })
    expect(proposal.id).toBe(cut?.id)
    expect((await proposal.plan()).changes).toHaveLength(12)
    await proposal.approve({ digest: plan.digest }, ada)

    // The import of what it did is cut off as well, and gone on with by another process.
    const done = state(
      nodes.map((node) => ({ ...node, properties: { text: `${node.key}${big}` } })),
      2,
    )
    store.left = 1
    await expect(again.import(done, ada)).rejects.toThrow('killed')
    store.left = Infinity
    const third = openLedger({ store }).environment('prod')
    await third.import(done, ada)
    expect(await third.externalDeployment(proposal.id).read()).toMatchObject({ status: 'applied', unapproved: false })
    for (const { key } of nodes)
      expect((await third.why(`thing/${key}`, 'text')).cause).toMatchObject({ type: 'external-deployment' })
    expect((await openLedger({ store }).verify()).intact).toBe(true)
  })
})
