import { expect, test } from 'vitest'
import { attributed, changed, drift, GRACE, MAIN, requested, story, valueOf } from './audit.fixture.ts'
import { describeLineage } from './describe.ts'
import { why } from './why.ts'

const text = (told: ReturnType<typeof story>, property?: string): string =>
  describeLineage(valueOf(why(told.state, MAIN, property, { lastObserved: () => '2026-01-05T12:00:00.000Z' })))

test('a lineage reads as a person would tell it', () => {
  expect(text(story(), 'backup.retentionDays')).toBe(
    [
      'backup.retentionDays of sql-instance/main is 14 (was 7)',
      '  since 2026-01-05T09:00:07.000Z (graph version 2, version 2 of the node)',
      '  by deployment d-2 of commit c2, triggered by a push of ada to main',
      '  asked for by user grace in request r-1: the audit asks for it',
      '  approved by user linus: looks right',
      '  runtime 1.2.3 on debian:13 (pinned)',
      '  last observed: 2026-01-05T12:00:00.000Z',
    ].join('\n'),
  )
})

test('drift, its author and what is open are told', () => {
  const told = story()
  told
    .given(changed(told, drift, { set: { tier: 'large' } }))
    .given(attributed(3, ['tier'], { type: 'user', id: 'eve' }))
  told.given(requested('r-2', { tier: 'small' }), { by: GRACE })
  expect(text(told, 'tier')).toContain('changed outside by user eve (ModifyDBInstance at 2026-01-05T08:30:00.000Z)')
  expect(text(told, 'tier')).toContain('request r-2 of user grace waits (tier): the audit asks for it')
})

test('what was seen for the first time is not said to have been changed', () => {
  const told = story()
  told.given(changed(told, { type: 'drift', observation: 'o1', firstReading: true }, { set: { tier: 'large' } }))
  expect(text(told, 'tier')).toContain('seen for the first time then; who made it so is not known')
})

test('a node as a whole tells where it comes from', () => {
  expect(text(story())).toContain('there since graph version 1, by deployment d-1 of commit c1')
})

test('AUDIT 7 | a secret is never shown', () => {
  const told = story()
  told.given(changed(told, drift, { set: { masterPassword: { $secret: { keyId: 'k', fingerprint: 'abcdef' } } } }))
  expect(text(told, 'masterPassword')).toContain('masterPassword of sql-instance/main is (secret)')
  expect(text(told, 'masterPassword')).not.toContain('abcdef')
})
