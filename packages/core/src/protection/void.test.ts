import { expect, test } from 'vitest'
import { recordModel } from '../planning/planning.fixture.ts'
import { confirmed, shop } from './protection.fixture.ts'
import { voidedByModel } from './void.ts'

const nothing = { services: [], needs: [] }

test('PROTECT 2: a confirmation is void when a model uses the node again, also by way of what lives on it', () => {
  const story = shop().given([confirmed('sql-instance/old'), confirmed('topic/old')])
  const again = recordModel(story, { services: [], needs: ['sql-database/old'] })
  expect(voidedByModel(story.state, again)).toEqual([
    { type: 'DeletionConfirmationVoided', data: { node: 'sql-instance/old', reason: 'used-again' } },
  ])
})

test('PROTECT 2: and when the node is another incarnation now', () => {
  const story = shop().given(confirmed('sql-instance/old', { incarnation: 2 }))
  expect(voidedByModel(story.state, recordModel(story, nothing))).toEqual([
    { type: 'DeletionConfirmationVoided', data: { node: 'sql-instance/old', reason: 'incarnation-changed' } },
  ])
})

test('PROTECT 2: and for nothing else', () => {
  const story = shop().given(confirmed('sql-instance/old'))
  expect(voidedByModel(story.state, recordModel(story, nothing))).toEqual([])
})
