import { describe, expect, it } from 'vitest'
import { user } from '@infraledger/core'
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

describe('a plan of Terraform that is approved and applied', () => {
  it('EXTERNAL 9, EXTERNAL 14: import, propose, approve, import: why names commit, trigger and approver, and nothing drifted', async () => {
    const { prod, ledger, importState } = await estate()
    await importState(before)
    const plan = planBetween(before, after, { unknown: ['arn', 'id'] })
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    expect(await proposal.read()).toMatchObject({
      status: 'waiting-for-approval',
      commit: '4f2a',
      requiredApprovals: 1,
    })
    const reading = await proposal.plan()
    expect(reading.text()).toMatchInlineSnapshot(`
      "plan.json of terraform 1.9.0:
        ~ update sql-instance/main  (aws_db_instance.main)
            backup.retentionDays: 7 → 14
            known after it ran: provider.arn, provider.arn[*], provider.id, provider.id[*]
        - remove bucket/old [DATA LOSS: it is stateful]  (aws_s3_bucket.old)
        + create bucket/new  (aws_s3_bucket.new)
            provider.bucket: "new"
            location: "eu-west-1"
            labels["team"]: "core"
            known after it ran: provider.arn, provider.arn[*], provider.id, provider.id[*]
      Plan ${plan.digest.slice(0, 12)}: 1 to create, 1 to change, 0 to replace, 1 to remove."
    `)
    await proposal.approve({ digest: plan.digest, comment: 'looks right' }, grace)
    expect(await proposal.read()).toMatchObject({ status: 'approved' })
    await importState(after)

    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
    expect(await proposal.outstanding()).toEqual([])
    const why = await prod.why('sql-instance/main', 'backup.retentionDays')
    expect(why).toMatchObject({
      value: 14,
      previous: 7,
      cause: { type: 'external-deployment', deployment: proposal.id },
      import: { source: { name: '2.tfstate' } },
      externalDeployment: {
        commit: '4f2a',
        trigger,
        proposedBy: { id: 'ada' },
        approvals: [{ by: { id: 'grace' }, comment: 'looks right' }],
      },
    })
    expect(why.text()).toContain(
      `external deployment ${proposal.id} of commit 4f2a, triggered by a push of ada to main`,
    )
    expect(why.text()).toContain('approved by user grace: looks right')
    for (const [node, retired] of [
      ['bucket/new', undefined],
      ['bucket/old', 'no-longer-imported'],
    ] as const)
      expect(await prod.why(node)).toMatchObject({
        cause: { type: 'external-deployment' },
        ...(retired === undefined ? {} : { retired }),
      })
    expect((await prod.graph()).node('bucket/new')).toMatchObject({ ownership: 'observed' })

    const caused = await prod.causedBy({ commit: '4f2a' })
    expect(caused.deployments).toMatchObject([{ id: proposal.id, status: 'applied' }])
    expect(new Set(caused.versions.flatMap(({ node }) => node ?? []))).toEqual(
      new Set(['sql-instance/main', 'bucket/new', 'bucket/old']),
    )
    expect(await prod.alerts()).toEqual([])
    expect((await proposal.plan()).changes).toHaveLength(3)
    expect((await ledger.verify()).intact).toBe(true)
  })

  it('EXTERNAL 9: a replacement and a rename are its doing, too', async () => {
    const { prod, importState } = await estate(0)
    await importState({ 'aws_db_instance.main': database('db-1'), 'aws_s3_bucket.a': bucket('a') })
    const plan = planBetween(
      { 'aws_db_instance.main': database('db-1') },
      { 'aws_db_instance.main': database('db-2', { storage_encrypted: true }) },
      { replaced: ['aws_db_instance.main'], unknown: ['resource_id'] },
    )
    const renamed = {
      ...plan.changes[0],
      address: 'aws_s3_bucket.b',
      previousAddress: 'aws_s3_bucket.a',
      kind: 'bucket',
      key: 'b',
    }
    const { ref: _ref, ...moved } = { ...renamed, action: 'no-op' as const, properties: [], unknown: [] }
    const proposal = await prod.proposeExternal(
      { plan: { ...plan, changes: [...plan.changes, moved] }, commit: 'c' },
      ada,
    )
    expect((await proposal.plan()).text()).toContain('-/+ replace sql-instance/main [DATA LOSS: it is stateful]')
    await importState({
      'aws_db_instance.main': database('db-2', { storage_encrypted: true }),
      'aws_s3_bucket.b': bucket('a'),
    })
    expect(await prod.why('sql-instance/main')).toMatchObject({
      incarnation: 2,
      cause: { type: 'external-deployment' },
    })
    expect(await prod.why('bucket/a')).toMatchObject({ cause: { type: 'external-deployment' } })
    expect(await proposal.read()).toMatchObject({ status: 'applied' })
  })

  it('EXTERNAL 9: what the plan did not announce remains the doing of the import', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    const plan = planBetween(before, after)
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    const main = database('db-1', { backup_retention_period: 14, deletion_protection: false })
    const made = bucket('new', { tags: { team: 'other' } })
    await importState({
      ...after,
      'aws_db_instance.main': main,
      'aws_s3_bucket.new': made,
      'aws_s3_bucket.kept': bucket('kept', { tags: { x: 'y' } }),
    })
    const causeOf = async (node: `${string}/${string}`, property: string) => (await prod.why(node, property)).cause.type
    expect(await causeOf('sql-instance/main', 'backup.retentionDays')).toBe('external-deployment')
    expect(await causeOf('sql-instance/main', 'deletionProtection')).toBe('import')
    expect(await causeOf('bucket/new', 'location')).toBe('external-deployment')
    expect(await causeOf('bucket/new', 'labels["team"]')).toBe('import')
    expect(await causeOf('bucket/kept', 'labels["x"]')).toBe('import')
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false, voided: undefined })
  })

  it('EXTERNAL 12: what was applied in part says what is missing, and is applied when the rest is seen', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    const plan = planBetween(before, after)
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    await importState({ ...before, 'aws_s3_bucket.new': after['aws_s3_bucket.new'] })
    expect(await proposal.read()).toMatchObject({ status: 'partly-applied' })
    expect(await proposal.outstanding()).toEqual([
      {
        address: 'aws_db_instance.main',
        node: 'sql-instance/main',
        action: 'update',
        properties: [{ property: 'backup.retentionDays', planned: 14, found: 7 }],
      },
      { address: 'aws_s3_bucket.old', node: 'bucket/old', action: 'remove', properties: [] },
    ])
    await importState(after)
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
  })
})

describe('proposing', () => {
  it('EXTERNAL 5: the same plan again is the same proposal; one that changes nothing, or what is not known, is refused', async () => {
    const { prod, importState } = await estate()
    const plan = planBetween(before, after)
    await expect(prod.proposeExternal({ plan, trigger }, ada)).rejects.toMatchObject({
      code: 'external-resources-unknown',
      details: { addresses: ['aws_db_instance.main', 'aws_s3_bucket.old'] },
    })
    await importState(before)
    const [one, other] = [
      await prod.proposeExternal({ plan, trigger }, ada),
      await prod.proposeExternal({ plan, trigger }, grace),
    ]
    expect(other.id).toBe(one.id)
    expect(await prod.externalDeployments()).toHaveLength(1)
    await expect(prod.proposeExternal({ plan: planBetween(before, before), trigger }, ada)).rejects.toMatchObject({
      code: 'external-plan-empty',
    })
    await expect(prod.proposeExternal({ plan: { ...plan, digest: 'x' }, trigger }, ada)).rejects.toMatchObject({
      code: 'input-invalid',
    })
    await expect(
      prod.proposeExternal(
        { plan: { ...plan, changes: [...plan.changes, ...plan.changes], digest: '0'.repeat(64) }, trigger },
        ada,
      ),
    ).rejects.toMatchObject({ code: 'input-invalid' })
  })

  it('EXTERNAL 5: an address that several states have needs the lineage', async () => {
    const { prod, importState } = await estate()
    const thing = { 'aws_thing.x': { size: 1 } }
    await importState(thing, 'one')
    await importState(thing, 'two')
    const plan = planBetween(thing, { 'aws_thing.x': { size: 2 } })
    await expect(prod.proposeExternal({ plan, trigger }, ada)).rejects.toMatchObject({
      code: 'input-invalid',
      message: expect.stringContaining('lineage'),
    })
    const proposal = await prod.proposeExternal({ plan: { ...plan, lineage: 'two' }, trigger }, ada)
    await importState({ 'aws_thing.x': { size: 2 } }, 'two')
    expect((await prod.graph()).nodes().map(({ id, properties }) => [id, properties])).toEqual([
      ['aws_thing/x', { size: 1 }],
      ['aws_thing/x~2', { size: 2 }],
    ])
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: true })
  })

  it('EXTERNAL 6: several are open at once; one for the same resources is told, and superseded only where that is asked for', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    await prod.grantRole({ subject: 'bob', role: 'member' }, ada)
    const first = await prod.proposeExternal({ plan: planBetween(before, after), trigger }, ada)
    const beside = { ...before, 'aws_s3_bucket.kept': bucket('kept', { tags: { a: 'b' } }) }
    const second = await prod.proposeExternal({ plan: planBetween(before, beside), trigger }, ada)
    const again = planBetween(before, after, { more: { timestamp: '2026-03-02T10:00:00Z' } })
    await expect(prod.proposeExternal({ plan: again, trigger }, { actor: user('bob') })).rejects.toMatchObject({
      code: 'external-deployment-conflicting',
      details: { deployment: first.id, proposedBy: 'user ada' },
    })
    await expect(
      prod.proposeExternal({ plan: again, trigger, supersede: true }, { actor: user('bob') }),
    ).rejects.toMatchObject({ code: 'requester-or-admin-required' })
    const third = await prod.proposeExternal({ plan: again, trigger, supersede: true }, ada)
    expect((await prod.externalDeployments()).map(({ id, status }) => [id, status])).toEqual([
      [third.id, 'waiting-for-approval'],
      [second.id, 'waiting-for-approval'],
      [first.id, 'withdrawn'],
    ])
  })

  it('EXTERNAL 13: it is nobody’s active deployment, and what it changes stays observed', async () => {
    const { prod, importState } = await estate()
    await importState(before)
    await prod.proposeExternal({ plan: planBetween(before, after), trigger }, ada)
    expect(await prod.deployments()).toEqual([])
    await importState(after)
    expect((await prod.graph()).nodes().map(({ ownership }) => ownership)).toEqual(['observed', 'observed', 'observed'])
  })

  it('EXTERNAL 5: a thousand changes are proposed, approved and seen in reasonable time, and survive a new start', async () => {
    const { prod, importState, ledger } = await estate()
    const many = (size: number) =>
      Object.fromEntries(
        Array.from({ length: 1_000 }, (_, index) => [
          `aws_s3_bucket.b${index}`,
          bucket(`b${index}`, { tags: { size: String(size), note: 'x'.repeat(400) } }),
        ]),
      )
    await importState(many(1))
    const started = performance.now()
    const plan = planBetween(many(1), many(2))
    const proposal = await prod.proposeExternal({ plan, trigger }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    await importState(many(2))
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect((await proposal.plan()).changes).toHaveLength(1_000)
    expect((await ledger.verify()).intact).toBe(true)
  })
})
