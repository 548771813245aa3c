import { expect, test } from 'vitest'
import { describePlan } from './describe.ts'
import { deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'

const pusher = { services: [{ name: 'web', image: 'web@sha256:1', uses: [] }] }

test('DEPLOY 4: a plan says what each of its infrastructure steps is approved for; rolling out is for nothing', () => {
  const story = environment()
  const before = { services: [], needs: ['network/old' as const, 'identity/old' as const] }
  deployed(story, before, made('network/old', {}), made('identity/old', {}))
  const model = recordModel(story, { ...pusher, needs: ['topic/sales', 'identity/web'] })
  const plan = planOf(story, { model })
  expect(plan.sections).toEqual([
    { section: 'infrastructure', steps: ['create:topic/sales'] },
    { section: 'iam', steps: ['create:identity/web', 'remove:identity/old'] },
    { section: 'deletions', steps: expect.arrayContaining(['remove:network/old', 'remove:identity/old']) },
  ])
  const text = describePlan(plan)
  for (const heading of [
    'provision:',
    'provision (iam):',
    'deploy:',
    'cleanup (deletions):',
    'cleanup (iam, deletions):',
  ])
    expect(text.split('\n')).toContain(heading)
})

test('DEPLOY 5: a plan is data that JSON holds, with everything that it was computed from', () => {
  const story = environment()
  deployed(story, { services: [], needs: ['topic/sales'] }, made('topic/sales', {}))
  const model = recordModel(story, { ...pusher, needs: ['topic/sales', 'bucket/new'] })
  const plan = planOf(story, { model })
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  expect(plan.inputs).toEqual([
    { input: 'model', value: model.digest },
    { input: 'node bucket/new', value: 'not there' },
    { input: 'node service/web', value: 'not there' },
    { input: 'policies', value: expect.stringMatching(/^[0-9a-f]{16}$/) },
  ])
})

test('DEPLOY 5: the digest covers the inputs: the same steps on other policies are another plan', () => {
  const story = environment()
  const model = recordModel(story, { services: [], needs: ['topic/sales'] })
  const before = planOf(story, { model })
  story.given({ type: 'EnvironmentPoliciesChanged', data: { policies: { approvals: { required: 1 }, drift: [] } } })
  const after = planOf(story, { model })
  expect(after.steps).toEqual(before.steps)
  expect(after.digest).not.toBe(before.digest)
})
