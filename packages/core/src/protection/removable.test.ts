import { expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import type { NodeId } from '../graph/ids.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { capabilities, made } from '../planning/planning.fixture.ts'
import { confirmed, edge, imported, shop } from './protection.fixture.ts'
import { removalVerdict, removalVerdicts } from './removable.ts'

const context = { kinds: kindCatalogue(standardKinds), capabilities }

/** `removable`, or why it is kept, as if only this node went. */
function alone(story: Given, node: NodeId): string {
  const verdict = removalVerdict(story.state, node, context)
  return verdict.type === 'kept' ? verdict.reason : verdict.type
}

/** The same of several that would go together. */
function together(story: Given, ...nodes: NodeId[]): readonly string[] {
  const verdicts = removalVerdicts(story.state, nodes, context)
  return nodes.map((node) => {
    const verdict = verdicts.get(node)
    return verdict?.type === 'kept' ? verdict.reason : (verdict?.type ?? 'none')
  })
}

test('PROTECT 7: what holds no data goes without a confirmation and without a copy', () => {
  const story = shop().given(made('identity/old', {}))
  expect(removalVerdict(story.state, 'identity/old', context)).toEqual({
    type: 'removable',
    lastCopy: 'none',
    automatedBackupsToo: false,
  })
})

test('PROTECT 2: what holds data stays until its deletion is confirmed', () => {
  const story = shop()
  expect(alone(story, 'sql-database/old')).toBe('not-confirmed')
  story.given(confirmed('sql-database/old'))
  expect(alone(story, 'sql-database/old')).toBe('removable')
})

test('OWN 3: so does what is of a kind that we do not know', () => {
  const story = shop().given(made('aws_sqs_queue/q', {}))
  expect(alone(story, 'aws_sqs_queue/q')).toBe('not-confirmed')
  expect(alone(story.given(confirmed('aws_sqs_queue/q')), 'aws_sqs_queue/q')).toBe('loss-not-acknowledged')
  expect(alone(story.given(confirmed('aws_sqs_queue/q', { lossAcknowledged: true })), 'aws_sqs_queue/q')).toBe(
    'removable',
  )
})

test('PROTECT 2: a confirmation speaks of one incarnation', () => {
  const story = shop().given(confirmed('sql-database/old', { incarnation: 2 }))
  expect(alone(story, 'sql-database/old')).toBe('confirmation-outdated')
})

test('OWN 1: what is only observed is never removed, data or not', () => {
  const story = shop().given([
    imported('sql-instance/theirs'),
    imported('network/theirs'),
    confirmed('sql-instance/theirs'),
  ])
  expect(together(story, 'sql-instance/theirs', 'network/theirs')).toEqual(['observed', 'observed'])
})

test('PROTECT 4: what is protected from deletion at the provider stays, confirmed or not', () => {
  const story = shop().given([made('sql-instance/kept', { deletionProtection: true }), confirmed('sql-instance/kept')])
  expect(alone(story, 'sql-instance/kept')).toBe('deletion-protection-on')
})

test('PROTECT 6: each kind declares its last copy; automated backups go only when that was confirmed', () => {
  const story = shop().given([
    confirmed('sql-database/old'),
    made('bucket/old', {}),
    confirmed('bucket/old', { automatedBackupsToo: true }),
    confirmed('topic/old', { lossAcknowledged: true }),
  ])
  expect(removalVerdict(story.state, 'sql-database/old', context)).toMatchObject({
    lastCopy: 'final-snapshot',
    automatedBackupsToo: false,
  })
  expect(removalVerdict(story.state, 'bucket/old', context)).toMatchObject({
    lastCopy: 'must-be-empty',
    automatedBackupsToo: true,
  })
  expect(removalVerdict(story.state, 'topic/old', context)).toMatchObject({ lastCopy: 'loss-acknowledged' })
})

test('PROTECT 2: an instance stays while a database on it stays, though its own deletion was confirmed', () => {
  const story = shop().given(confirmed('sql-instance/old'))
  expect(alone(story, 'sql-instance/old')).toBe('needed')
  expect(together(story, 'sql-instance/old', 'sql-database/old')).toEqual(['needed', 'not-confirmed'])
  story.given(confirmed('sql-database/old'))
  expect(together(story, 'sql-instance/old', 'sql-database/old')).toEqual(['removable', 'removable'])
})

test('PROTECT 7: what holds no data stays while something that stays needs it, over any number of steps and in any order', () => {
  const story = shop().given(confirmed('sql-instance/old'))
  const reasons = ['needed', 'needed', 'not-confirmed']
  expect(together(story, 'network/old', 'sql-instance/old', 'sql-database/old')).toEqual(reasons)
  expect(together(story, 'sql-database/old', 'sql-instance/old', 'network/old')).toEqual(reasons.toReversed())
  story.given(confirmed('sql-database/old'))
  expect(together(story, 'network/old', 'sql-instance/old', 'sql-database/old')).toEqual([
    'removable',
    'removable',
    'removable',
  ])
})

test('OWN 1: what somebody else runs on our node keeps it', () => {
  const story = shop().given([
    made('network/shared', {}),
    imported('sql-instance/theirs'),
    edge('depends-on', 'sql-instance/theirs', 'network/shared'),
  ])
  expect(alone(story, 'network/shared')).toBe('needed')
})

test('a node that is not there is kept', () => {
  expect(alone(shop(), 'network/nope')).toBe('not-there')
})
