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
