import { expect, test } from 'vitest'
import { user } from '../access/actor.ts'
import { loadState, saveState } from '../environment/snapshot.ts'
import { byDeployment, changed, GRACE, MAIN, requested, story, triggered, valueOf } from './audit.fixture.ts'
import { causedBy } from './caused-by.ts'

const versions = (caused: { readonly versions: readonly { readonly node?: string; readonly version: number }[] }) =>
  caused.versions.map(({ node, version }) => `${node}@${version}`)

test('AUDIT 5 | everything that a commit caused, over all its deployments', () => {
  const told = story().given(triggered('d-3', 'c1'))
  told.given(changed(told, byDeployment('d-3'), { set: { name: 'x' } }, 'sql-database/orders'))
  const caused = valueOf(causedBy(told.state, { commit: 'c1' }))
  expect(versions(caused)).toEqual([`${MAIN}@1`, 'sql-database/orders@1'])
  expect(caused.deployments.map(({ id, status }) => [id, status])).toEqual([
    ['d-1', 'succeeded'],
    ['d-3', 'triggered'],
  ])
  expect(valueOf(causedBy(told.state, { commit: 'c9' }))).toEqual({ versions: [], deployments: [], requests: [] })
})

test('AUDIT 5 | everything that a person asked for: requests that rode along with others, deployments, changes by hand', () => {
  const told = story()
  told.given(changed(told, { type: 'repair', reason: 'by hand' }, { set: { versioning: true } }, 'bucket/a'), {
    by: GRACE,
  })
  told.given(requested('r-2', { tier: 'large' }), { by: GRACE })
  const caused = valueOf(causedBy(told.state, { user: 'grace' }))
  expect(versions(caused)).toEqual([`${MAIN}@2`, 'bucket/a@1'])
  expect(caused.requests.map(({ id, status }) => [id, status])).toEqual([
    ['r-1', 'applied'],
    ['r-2', 'pending'],
  ])
  expect(caused.deployments).toEqual([])
  expect(valueOf(causedBy(told.state, { user: 'ada' })).deployments.map(({ id }) => id)).toEqual(['d-1', 'd-2'])
})

test('AUDIT 5 | a deployment triggered by a machine counts for the person who pushed', () => {
  const told = story().given(triggered('d-3', 'c3', 'eve'), { by: user('ci') })
  expect(valueOf(causedBy(told.state, { user: 'eve' })).deployments.map(({ id }) => id)).toEqual(['d-3'])
})

test('AUDIT 5 | everything of one deployment or one request, edges included', () => {
  const told = story()
  expect(versions(valueOf(causedBy(told.state, { deployment: 'd-2' })))).toEqual([`${MAIN}@2`])
  expect(valueOf(causedBy(told.state, { request: 'r-1' }))).toMatchObject({
    versions: [{ node: MAIN, version: 2, changed: ['backup.retentionDays'] }],
    deployments: [{ id: 'd-2' }],
    requests: [{ id: 'r-1' }],
  })
})

test('AUDIT 5 | what comes later is found too, though the index is kept', () => {
  const told = story()
  expect(valueOf(causedBy(told.state, { commit: 'c3' })).versions).toEqual([])
  told.given(triggered('d-3', 'c3'))
  told.given(changed(told, byDeployment('d-3'), { set: { tier: 'large' } }))
  expect(versions(valueOf(causedBy(told.state, { commit: 'c3' })))).toEqual([`${MAIN}@3`])
})

test('unknown deployments and requests are refused, a state from a snapshot asks for the history', () => {
  expect(causedBy(story().state, { deployment: 'd-9' })).toMatchObject({
    rejection: { code: 'deployment-not-found', details: { closest: ['d-1', 'd-2'] } },
  })
  expect(causedBy(story().state, { request: 'r-9' })).toMatchObject({ rejection: { code: 'change-not-found' } })
  expect(causedBy(loadState(saveState(story().state) ?? ''), { commit: 'c1' })).toEqual({ type: 'not-loaded' })
})
