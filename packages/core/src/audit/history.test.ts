import { expect, test } from 'vitest'
import { loadState, saveState } from '../environment/snapshot.ts'
import { graphDraft } from '../graph/build.ts'
import { byDeployment, changed, GRACE, MAIN, story, triggered, valueOf } from './audit.fixture.ts'
import { nodeHistory } from './history.ts'

test('AUDIT 6 | each version of a node with what it changed, from and to, why, and because of whom', () => {
  expect(valueOf(nodeHistory(story().state, MAIN))).toMatchObject([
    {
      type: 'created',
      version: 1,
      graphVersion: 1,
      changes: [
        { property: 'tier', to: 'small' },
        { property: 'backup.retentionDays', to: 7 },
      ],
      deployment: { id: 'd-1', commit: 'c1' },
    },
    {
      type: 'changed',
      version: 2,
      graphVersion: 2,
      changes: [{ property: 'backup.retentionDays', from: 7, to: 14 }],
      deployment: { id: 'd-2' },
      requests: [{ id: 'r-1', requester: GRACE }],
    },
  ])
})

test('AUDIT 6 | retirement and re-creation are part of the history', () => {
  const told = story()
  const draft = graphDraft(told.state, { type: 'repair', reason: 'a test' })
  draft.retireNode(MAIN, 'replaced')
  draft.nodeVersion(MAIN, { set: { tier: 'small' } })
  expect(valueOf(nodeHistory(told.given(draft.events).state, MAIN)).slice(2)).toMatchObject([
    { type: 'retired', retired: 'replaced', incarnation: 1, changes: [] },
    { type: 'recreated', incarnation: 2, changes: [{ property: 'tier', to: 'small' }] },
  ])
})

test('AUDIT 6 | a property that went is told with its last value', () => {
  const told = story().given(triggered('d-3', 'c3'))
  told.given(changed(told, byDeployment('d-3'), { unset: ['tier'] }))
  expect(valueOf(nodeHistory(told.state, MAIN)).at(-1)?.changes).toEqual([{ property: 'tier', from: 'small' }])
})

test('an unknown node is refused, and a state from a snapshot asks for the history', () => {
  expect(nodeHistory(story().state, 'sql-instance/mian')).toMatchObject({ rejection: { code: 'node-not-found' } })
  expect(nodeHistory(loadState(saveState(story().state) ?? ''), MAIN)).toEqual({ type: 'not-loaded' })
})
