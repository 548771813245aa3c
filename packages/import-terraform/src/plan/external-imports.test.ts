import { expect, it } from 'vitest'
import { ada, bucket, estate, grace } from './external-deployment.fixture.ts'
import { readPlan, resourceChange } from './plan.fixture.ts'

it('EXTERNAL 9, EXTERNAL 12: import blocks, things let go, deposed objects and nested unknown values are seen to be done', async () => {
  const { prod, importState } = await estate()
  const rules = (...ids: string[]) => ({ id: 'acl', rules: ids.map((id) => ({ id, port: 1 })) })
  const kept = { 'aws_acl.a': rules('r1') }
  await importState({ ...kept, 'aws_s3_bucket.let_go': bucket('let-go') })
  const plan = readPlan([
    resourceChange('aws_acl.a', {
      actions: ['update'],
      before: rules('r1'),
      after: { id: 'acl', rules: [{ id: 'r1', port: 1 }, { port: 1 }] },
      after_unknown: { rules: [{}, { id: true }] },
    }),
    resourceChange('aws_s3_bucket.let_go', { actions: ['forget'], before: bucket('let-go') }),
    resourceChange('aws_s3_bucket.taken', {
      actions: ['no-op'],
      before: bucket('taken'),
      after: bucket('taken'),
      importing: { id: 'taken' },
    }),
  ])
  const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
  await proposal.approve({ digest: plan.digest }, grace)
  await importState({ ...kept, 'aws_s3_bucket.taken': bucket('taken') })
  expect(await proposal.outstanding()).toMatchObject([{ address: 'aws_acl.a', action: 'update', properties: [] }])
  await importState({ 'aws_acl.a': rules('r1', 'r2'), 'aws_s3_bucket.taken': bucket('taken') })
  expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
  expect((await prod.why('aws_acl/a', 'rules')).cause.type).toBe('external-deployment')
  expect((await prod.why('bucket/let_go')).cause.type).toBe('external-deployment')
  // It was there before, and only came to be known.
  expect((await prod.why('bucket/taken')).cause.type).toBe('import')
})

it('EXTERNAL 9, EXTERNAL 11: what an import block changes of the thing that it takes over is the plan’s doing, approved or not', async () => {
  const { prod, importState } = await estate()
  const taken = bucket('taken', { tags: { team: 'core' } })
  const plan = readPlan([
    resourceChange('aws_s3_bucket.taken', {
      actions: ['update'],
      before: bucket('taken'),
      after: taken,
      importing: { id: 'taken' },
    }),
  ])
  const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
  await importState({ 'aws_s3_bucket.taken': taken })
  expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: true })
  expect((await prod.why('bucket/taken', 'location')).cause.type).toBe('import')
  expect(await prod.why('bucket/taken', 'labels["team"]')).toMatchObject({
    value: 'core',
    cause: { type: 'external-deployment', deployment: proposal.id },
  })
  expect(await prod.alerts()).toMatchObject([{ reason: 'external-change-unapproved' }])
})

it('EXTERNAL 2, EXTERNAL 9: a thing that was moved to another type is let go as the one, and taken in as the other', async () => {
  const { prod, importState } = await estate()
  await importState({ 'null_resource.build': { id: '123', triggers: null } })
  const moved = { id: '123', input: null, triggers_replace: 'v2' }
  const plan = readPlan([
    resourceChange('terraform_data.build', {
      actions: ['no-op'],
      before: moved,
      after: moved,
      previous_address: 'null_resource.build',
    }),
  ])
  expect(plan.changes).toMatchObject([
    {
      address: 'terraform_data.build',
      action: 'import',
      kind: 'terraform_data',
      reason: 'moved from null_resource.build',
    },
    { address: 'null_resource.build', action: 'forget', kind: 'null_resource' },
  ])
  const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
  await proposal.approve({ digest: plan.digest }, grace)
  await importState({ 'terraform_data.build': moved })
  expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
  expect(await prod.why('null_resource/build')).toMatchObject({ cause: { type: 'external-deployment' } })
  expect((await prod.graph()).nodes().map(({ id }) => id)).toEqual(['terraform_data/build'])
})

it('EXTERNAL 9: a thing without an id of the provider’s stays the same node where the plan announced its new address', async () => {
  const { prod, importState } = await estate()
  await importState({ 'acme_thing.a': { size: 1 }, 'acme_thing.b': { size: 2 } })
  const renamed = (address: string, from: string, size: number) =>
    resourceChange(address, { actions: ['no-op'], before: { size }, after: { size }, previous_address: from })
  const plan = readPlan([renamed('acme_thing.b', 'acme_thing.a', 1), renamed('acme_thing.c', 'acme_thing.b', 2)])
  const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
  await proposal.approve({ digest: plan.digest }, grace)
  // Not carried out yet: everything is where it was.
  await importState({ 'acme_thing.a': { size: 1 }, 'acme_thing.b': { size: 2 } })
  expect(await proposal.read()).toMatchObject({ status: 'approved' })
  await importState({ 'acme_thing.b': { size: 1 }, 'acme_thing.c': { size: 2 } })
  expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
  const things = (await prod.graph()).nodes().map(({ id, properties }) => [id, properties])
  expect(things).toEqual([
    ['acme_thing/a', { size: 1 }],
    ['acme_thing/b', { size: 2 }],
  ])
  expect(await prod.why('acme_thing/a')).toMatchObject({ cause: { type: 'external-deployment' } })
})
