import { describe, expect, it } from 'vitest'
import { apiClient, user } from '@infraledger/core'
import {
  ada,
  after,
  before,
  bucket,
  database,
  estate,
  grace,
  planBetween,
  trigger,
} from './external-deployment.fixture.ts'

describe('approval', () => {
  it('EXTERNAL 7: needs an Admin, a person, and the digest of this plan', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    await prod.grantRole({ subject: 'api-client:ci', role: 'admin' }, ada)
    await prod.grantRole({ subject: 'mallory', role: 'member' }, ada)
    const { digest, ...rest } = planBetween(before, after)
    const proposal = await prod.proposeExternal({ plan: { digest, ...rest }, commit: 'c1' }, { actor: apiClient('ci') })
    expect(await proposal.read()).toMatchObject({ trigger: { type: 'api', client: 'ci', commit: 'c1' } })
    await expect(proposal.approve({ digest }, { actor: user('mallory') })).rejects.toMatchObject({
      code: 'role-required',
    })
    await expect(proposal.approve({ digest }, { actor: apiClient('ci') })).rejects.toMatchObject({
      code: 'person-required',
    })
    await expect(proposal.approve({ digest: 'f'.repeat(64) }, grace)).rejects.toMatchObject({
      code: 'plan-digest-mismatch',
    })
    await expect(proposal.withdraw({ reason: 'x' }, { actor: user('mallory') })).rejects.toMatchObject({
      code: 'requester-or-admin-required',
    })
    await expect(prod.externalDeployment('nope').read()).rejects.toMatchObject({
      code: 'external-deployment-not-found',
    })
    expect(await proposal.read()).toMatchObject({ status: 'waiting-for-approval', approvals: [] })
  })

  it('EXTERNAL 7: as many as the policy asks for, each of another person', async () => {
    const { prod, importState } = await estate(2)
    await importState(before)
    const plan = planBetween(before, after)
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    await proposal.approve({ digest: plan.digest }, grace)
    expect(await proposal.read()).toMatchObject({
      status: 'waiting-for-approval',
      approvals: [{ by: { id: 'grace' } }],
    })
    await proposal.approve({ digest: plan.digest }, ada)
    expect(await proposal.read()).toMatchObject({ status: 'approved' })
  })

  it('EXTERNAL 8: is void when what the plan changes moves before it is applied, naming what and by whom', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    const plan = planBetween(before, after)
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    await importState({ ...before, 'aws_db_instance.main': database('db-1', { backup_retention_period: 3 }) })
    const read = await proposal.read()
    expect(read).toMatchObject({
      status: 'waiting-for-approval',
      moved: [
        {
          node: 'sql-instance/main',
          properties: ['backup.retentionDays'],
          by: 'user ada',
          cause: 'import',
        },
      ],
    })
    expect(read.voided).toBe('backup.retentionDays of sql-instance/main by user ada (import)')
    await expect(proposal.approve({ digest: plan.digest }, grace)).rejects.toMatchObject({
      code: 'external-plan-stale',
    })
    expect((await prod.alerts()).map(({ reason }) => reason)).toEqual(['approval-voided'])
    await importState(after)
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: true })
    expect((await prod.alerts()).map(({ reason }) => reason)).toEqual(['approval-voided', 'external-change-unapproved'])
  })

  it('EXTERNAL 8: stands when something else moves, or the ledger learns what the plan knew', async () => {
    const { prod, importState } = await estate()
    await importState({ ...before, 'aws_db_instance.main': database('db-1', { backup_retention_period: 5 }) })
    const plan = planBetween(before, after)
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    await importState({ ...before, 'aws_s3_bucket.kept': bucket('kept', { tags: { a: 'b' } }) })
    expect(await proposal.read()).toMatchObject({ status: 'approved', movements: 0 })
  })

  it('EXTERNAL 11: what is applied without it is recorded with its cause, alerted once, and never hidden', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    const proposal = await prod.proposeExternal({ plan: planBetween(before, after), trigger }, ada)
    await importState(after)
    await importState({ ...after, 'aws_s3_bucket.kept': bucket('kept', { tags: { a: 'b' } }) })
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: true })
    const alerts = await prod.alerts()
    expect(alerts).toMatchObject([{ reason: 'external-change-unapproved', severity: 'critical' }])
    expect((await prod.why('sql-instance/main', 'backup.retentionDays')).text()).toContain('without the approval')
  })

  it('EXTERNAL 11: a rejected plan that is carried out all the same is alerted', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    const plan = planBetween(before, after)
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    await proposal.reject({ digest: plan.digest, reason: 'not on a Friday' }, grace)
    await expect(proposal.approve({ digest: plan.digest }, grace)).rejects.toMatchObject({
      code: 'external-deployment-ended',
    })
    await importState(after)
    expect(await prod.why('sql-instance/main', 'backup.retentionDays')).toMatchObject({
      externalDeployment: { status: 'rejected', unapproved: true },
    })
    const [alert] = await prod.alerts()
    expect(alert?.message).toContain('not on a Friday')
  })

  it('EXTERNAL 11: somebody says that it ran; what was not approved then is alerted at once', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    const proposal = await prod.proposeExternal({ plan: planBetween(before, after), trigger }, ada)
    await expect(proposal.applied({ at: new Date('2999-01-01') }, ada)).rejects.toMatchObject({ code: 'input-invalid' })
    await expect(proposal.applied({}, { actor: user('mallory') })).rejects.toMatchObject({
      code: 'requester-or-admin-required',
    })
    await proposal.applied({ at: new Date(0) }, ada)
    expect(await proposal.read()).toMatchObject({
      status: 'partly-applied',
      reported: { by: { id: 'ada' } },
      unapproved: true,
    })
    expect(await proposal.outstanding()).toHaveLength(3)
    expect(await prod.alerts()).toMatchObject([{ reason: 'external-change-unapproved' }])
  })
})
