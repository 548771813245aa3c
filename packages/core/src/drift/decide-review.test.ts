import { expect, test } from 'vitest'
import { apiClient, user } from '../access/actor.ts'
import { decideDrift } from './decide.ts'
import { MAIN, nodeVersion, observed, recorded, seen } from './drift.fixture.ts'
import { driftReport } from './report.ts'

const review = { type: 'review-drift', node: MAIN, version: 2, comment: 'Grace made it larger for the sale' } as const

/** An instance that somebody made larger behind the ledger's back. */
function adopted() {
  return recorded({ tier: 'small' }).and(decideDrift, observed(seen({ tier: 'large' })))
}

test('AUDIT 18 | adopted drift is reviewed by persons, by each once, with a comment', () => {
  const grace = { by: user('grace') }
  const story = adopted()
    .when(decideDrift, review, grace)
    .then({ type: 'DriftReviewed', data: { node: MAIN, version: 2, comment: review.comment } })
  story.when(decideDrift, { ...review, comment: 'again' }, grace).thenNothing()
  const twice = story.and(decideDrift, { ...review, comment: 'agreed' }, { by: user('linus') })
  expect(driftReport(twice.state).adopted).toMatchObject([
    {
      property: 'tier',
      version: 2,
      reviews: [
        { by: { id: 'grace' }, comment: review.comment },
        { by: { id: 'linus' }, comment: 'agreed' },
      ],
    },
  ])
  expect(driftReport(adopted().state).adopted).toMatchObject([{ version: 2, reviews: [] }])
})

test('AUDIT 18 | only drift is reviewed, only by a person, and not without a word', () => {
  const story = adopted()
  story.when(decideDrift, { ...review, version: 1 }).thenRejected('drift-not-found')
  story.when(decideDrift, { ...review, version: 3 }).thenRejected('drift-not-found')
  story.when(decideDrift, { ...review, node: 'sql-instance/mian' }).thenRejected('node-not-found')
  story.when(decideDrift, { ...review, comment: ' ' }).thenRejected('input-invalid')
  story.when(decideDrift, review, { by: apiClient('ci') }).thenRejected('person-required')
  story
    .given(nodeVersion(MAIN, { version: 3, set: { tier: 'small' } }))
    .when(decideDrift, { ...review, version: 3 })
    .thenRejected('drift-not-found')
})
