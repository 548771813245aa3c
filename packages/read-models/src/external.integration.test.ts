import { gitPush, inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { ExternalPlan } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import { contentsOf } from './contents.fixture.ts'
import { temporaryFile } from './places.fixture.ts'
import { projectLedger } from './project-ledger.ts'
import { sqliteReadModels } from './sqlite/sqlite-read-models.ts'

const [ada, grace] = [{ actor: user('ada') }, { actor: user('grace') }]

function planOf(digest: string, days: number, tier?: string): ExternalPlan {
  const more = tier === undefined ? [] : [{ property: 'tier', before: 'small', after: tier }]
  const property = { property: 'backup.retentionDays', after: days }
  const change = { address: 'sql-instance.main', action: 'update', kind: 'sql-instance', key: 'main' } as const
  return {
    tool: { name: 'terraform' },
    name: 'plan.json',
    digest: digest.repeat(64),
    complete: true,
    drifted: 0,
    changes: [{ ...change, properties: [property, ...more], unknown: [] }],
  }
}

test('READ 1: plans that other tools carry out stand beside our deployments, with who approved what they changed', async () => {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const store = inMemoryEventStore()
  const cloud = fakeCloud({ clock })
  const ledger = openLedger({ store, clouds: [cloud.provider], clock })
  const target = [cloud.target]
  const approvals = { required: 1 }
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: target, approvals }, ada)
  await prod.grantRole({ subject: 'grace', role: 'admin' }, ada)
  const properties = { engine: 'postgres', 'backup.retentionDays': 7 }
  const ref = cloud.console('linus').create('sql-instance', 'main', properties)
  const source = { type: 'terraform', name: 'legacy.tfstate', digest: 'd1', lineage: 'legacy', serial: 1 }
  const node = { address: 'sql-instance.main', kind: 'sql-instance', key: 'main', ref, properties }
  await prod.import({ source, nodes: [node], edges: [] }, ada)
  await prod.reconcile()

  const models = sqliteReadModels({ file: temporaryFile('reports.db') })
  const rows = async () => {
    await projectLedger({ store, target: models })
    const { deployments, approvals: given, audit_trail: trail } = await contentsOf(models)
    return { deployments, given, trail }
  }
  const told = async () => {
    const external = await prod.externalDeployments()
    return new Map(external.map(({ id, status, unapproved, approvals: by }) => [id, [status, unapproved, by.length]]))
  }
  const shown = async () =>
    new Map((await rows()).deployments.map((row) => [row.deployment_id, [row.status, row.unapproved, row.approvals]]))

  const trigger = gitPush({ commit: '4f2a', ref: 'main', pusher: 'ada' })
  const proposal = await prod.proposeExternal({ plan: planOf('a', 14), commit: '4f2a', trigger }, ada)
  expect(await shown()).toEqual(await told())
  await proposal.approve({ digest: 'a'.repeat(64) }, grace)
  expect(await shown()).toEqual(await told())
  cloud.console('terraform').modify('main', { 'backup.retentionDays': 14 })
  await prod.reconcile()
  expect(await shown()).toEqual(await told())

  const unapproved = await prod.proposeExternal({ plan: planOf('b', 21), commit: '5e1b' }, ada)
  cloud.console('terraform').modify('main', { 'backup.retentionDays': 21 })
  await prod.reconcile()
  expect(await shown()).toEqual(await told())
  // Half of what it announced is done.
  const half = await prod.proposeExternal({ plan: planOf('c', 28, 'large'), commit: '6c2d' }, ada)
  await half.approve({ digest: 'c'.repeat(64) }, grace)
  cloud.console('terraform').modify('main', { 'backup.retentionDays': 28 })
  await prod.reconcile()
  expect((await shown()).get(half.id)?.[0]).toBe('partly-applied')
  expect(await shown()).toEqual(await told())

  const { deployments, trail, given } = await rows()
  expect(deployments.toSorted((a, b) => a.revision - b.revision)).toMatchObject([
    { deployment_id: proposal.id, tool: 'terraform', status: 'applied', unapproved: false, trigger_ref: 'main' },
    { deployment_id: unapproved.id, tool: 'terraform', status: 'applied', unapproved: true },
    { deployment_id: half.id, status: 'partly-applied' },
  ])
  expect(given).toMatchObject([
    { deployment_id: proposal.id, approver: 'user grace', counts: true },
    { deployment_id: half.id, approver: 'user grace', counts: true },
  ])
  expect(trail.filter(({ property }) => property === 'backup.retentionDays').slice(1, 3)).toMatchObject([
    { new_value: 14, cause: 'external-deployment', commit_id: '4f2a', approved_by: 'user grace', approvals: 1 },
    { new_value: 21, cause: 'external-deployment', commit_id: '5e1b', approved_by: null, approvals_required: 1 },
  ])
})
