import { expect, test } from 'vitest'
import { apiClient, user } from '../access/actor.ts'
import { all, guarded, waiting } from '../access/access.fixture.ts'
import type { Actor } from '../access/actor.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { LedgerError } from '../ledger-error.ts'
import { ada, grace } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import { restoreLedger, verifyExport } from './restore-ledger.ts'

const linus = { actor: user('linus') }

test('ACCESS 5: refused approvals, rejections, confirmations, policies and roles are in the activity, by whomever they were refused', async () => {
  const set = await guarded()
  const { deployment, digest } = await waiting(set)
  const { prod } = set
  const tries = [
    () => deployment.approve({ digest }, grace),
    () => deployment.approve({ digest: 'other' }, ada),
    () => deployment.reject({ digest: 'other', reason: 'x' }, ada),
    () => prod.confirmDeletion({ node: 'sql-instance/none', reason: 'x' }, ada),
    () => prod.revokeRole({ subject: 'ada', role: 'admin' }, ada),
    () => prod.changePolicies({ approvals: { required: 0 }, drift: [] }, linus),
    () => prod.grantRole({ subject: 'linus', role: 'admin' }, { actor: apiClient('ada') }),
  ]
  for (const attempt of tries) await expect(attempt()).rejects.toThrow(LedgerError)
  const activity = await all(prod.activity())
  expect(activity.map(({ actor, data }) => [actor.id, data.action, data.code, data.target?.id])).toEqual([
    ['grace', 'approve-deployment', 'role-required', deployment.id],
    ['ada', 'approve-deployment', 'plan-digest-mismatch', deployment.id],
    ['ada', 'reject-deployment', 'plan-digest-mismatch', deployment.id],
    ['ada', 'confirm-deletion', 'node-not-found', 'sql-instance/none'],
    ['ada', 'revoke-role', 'last-admin', 'ada'],
    ['linus', 'change-policies', 'role-required', undefined],
    ['ada', 'grant-role', 'role-required', 'linus'],
  ])
  expect(activity[0]?.text).toBe(`approve-deployment on deployment ${deployment.id} refused: role-required`)
  expect((await all(prod.activity({ after: 4 }))).map(({ revision }) => revision)).toEqual([5, 6])
})

test('ACCESS 5: what access refuses is there, what is ordinary is not', async () => {
  const { prod } = await guarded()
  const wish = { node: 'sql-instance/main' as const, set: { 'backup.retentionDays': 14 }, reason: 'audit' }
  await expect(prod.requestChange(wish, linus)).rejects.toMatchObject({ code: 'role-required' })
  await expect(prod.requestChange(wish, grace)).rejects.toMatchObject({ code: 'node-not-found' })
  await expect(prod.requestChange({ ...wish, reason: '' }, grace)).rejects.toMatchObject({ code: 'input-invalid' })
  const forged: Actor = { type: 'user', id: 'ada', assurance: 'authenticated', issuer: 'https://evil.test' }
  await expect(prod.requestChange(wish, { actor: forged })).rejects.toMatchObject({ code: 'actor-not-authenticated' })
  expect(await all(prod.activity())).toMatchObject([
    { actor: linus.actor, data: { action: 'request-change', code: 'role-required', target: { type: 'node' } } },
    { actor: { type: 'user', id: 'ada', assurance: 'asserted' }, data: { code: 'actor-not-authenticated' } },
  ])
  expect((await all(prod.activity()))[1]?.actor.issuer).toBeUndefined()
})

test('ACCESS 5: the activity is chained, exported, restored and told, and no environment of its own', async () => {
  const { ledger, prod } = await guarded()
  for (let index = 0; index < 3; index++)
    await expect(prod.grantRole({ subject: 'linus', role: 'admin' }, linus)).rejects.toThrow(LedgerError)
  const report = await ledger.verify()
  expect(report).toMatchObject({ intact: true })
  expect(report.heads.get('activity-prod')).toMatchObject({ revision: 2 })
  expect(await ledger.environments()).toEqual(['prod'])
  const copy = inMemoryEventStore()
  const lines = await all(ledger.export())
  expect(await verifyExport(lines)).toMatchObject({ events: report.events })
  await restoreLedger(lines, copy)
  expect(await all(openLedger({ store: copy }).environment('prod').activity())).toEqual(await all(prod.activity()))
  for await (const change of ledger.changes({ types: ['CommandRefused'] })) {
    expect(change).toMatchObject({ source: 'infraledger:prod', actor: 'user:linus', data: { code: 'role-required' } })
    break
  }
})

test('ACCESS 5: refusals at the same time, in several processes, are all there', async () => {
  const store = inMemoryEventStore()
  await guarded({ store })
  const processes = Array.from({ length: 4 }, () => openLedger({ store }).environment('prod'))
  await Promise.all(
    processes.flatMap((prod) =>
      Array.from({ length: 3 }, () =>
        prod.grantRole({ subject: 'linus', role: 'admin' }, linus).catch(() => undefined),
      ),
    ),
  )
  expect(await all(openLedger({ store }).environment('prod').activity())).toHaveLength(12)
  expect(await openLedger({ store }).verify()).toMatchObject({ intact: true })
})

test('ACCESS 5: that it cannot be written hides no refusal, and huge input stays out of it', async () => {
  const store = inMemoryEventStore()
  const full = {
    ...store,
    append: (...given: Parameters<typeof store.append>) =>
      given[0].startsWith('activity-')
        ? Promise.reject(new LedgerError('store-full', 'the disk is full', { store: 'm', appended: 'no' }))
        : store.append(...given),
  }
  const { prod } = await guarded({ store: full })
  const huge = { subject: 'x'.repeat(1_000_000), role: 'admin' } as const
  await expect(prod.grantRole(huge, linus)).rejects.toMatchObject({ code: 'role-required' })
  expect(await all(prod.activity())).toEqual([])
  const open = openLedger({ store }).environment('prod')
  await expect(open.grantRole(huge, linus)).rejects.toMatchObject({ code: 'role-required' })
  for await (const { data } of store.readStream('activity-prod')) expect(data.length).toBeLessThan(2_000)
  expect(await all(open.activity())).toHaveLength(1)
})
