import { expect, test } from 'vitest'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { capabilities, made, planOf, recordModel } from '../planning/planning.fixture.ts'
import { confirmed, edge, shop } from './protection.fixture.ts'
import { removalVerdict, removalVerdicts } from './removable.ts'
import { isReplicaStill, sourceNamed, sourceOf } from './replica.ts'

const context = { kinds: kindCatalogue(standardKinds), capabilities }
const old = 'sql-instance/old' as const
const replica = 'sql-instance/replica' as const

test('PROTECT 6: a replica is told by what names its source, as providers do, and by nothing else', () => {
  expect(sourceNamed({ replicaOf: 'main' })).toBe('main')
  expect(sourceNamed({ 'provider.replicate_source_db': 'arn:aws:rds:eu-west-1:1:db:main' })).toBe('main')
  expect(sourceNamed({ 'provider.master_instance_name': 'project:main' })).toBe('main')
  for (const none of [{}, { replicaOf: '' }, { replicaOf: null }, { 'provider.replicas': ['a'] }])
    expect(sourceNamed(none)).toBeUndefined()
  const story = shop().given([made(replica, {}), edge('depends-on', replica, old)])
  expect(sourceOf(story.state, replica)).toBeUndefined()
})

test('PROTECT 6: a replica needs no last copy while its source is there, and a person’s word all the same', () => {
  const story = shop().given(made(replica, { replicaOf: 'sql-instance-old' }))
  expect(sourceOf(story.state, replica)).toBe(old)
  expect(removalVerdict(story.state, replica, context)).toMatchObject({ reason: 'not-confirmed' })
  story.given(confirmed(replica))
  expect(removalVerdict(story.state, replica, context)).toMatchObject({ type: 'removable', lastCopy: 'replica' })
})

test('PROTECT 6: where the source is not known, or gone with its data, the replica may be all that is left of it', () => {
  const unknown = shop().given([made(replica, { replicaOf: 'elsewhere' }), confirmed(replica)])
  expect(removalVerdict(unknown.state, replica, context)).toMatchObject({ lastCopy: 'final-snapshot' })
  const story = shop().given([made(replica, { replicaOf: 'sql-instance-old' }), confirmed(replica)])
  const ref = story.state.graph.nodes.get(old)?.versions.at(-1)?.ref
  if (ref === undefined) throw new Error('it has no ref')
  story.given({ type: 'ResourceMissing', data: { observation: 'o1', node: old, ref } })
  expect(removalVerdict(story.state, replica, context)).toMatchObject({ lastCopy: 'final-snapshot' })
})

test('PROTECT 6: a source stays while a replica of it does, and goes after it, with a copy of its own', () => {
  const words = [confirmed(old), confirmed('sql-database/old')]
  const story = shop().given([made(replica, { replicaOf: 'sql-instance-old' }), ...words])
  const verdicts = removalVerdicts(story.state, [old, 'sql-database/old', replica], context)
  expect(verdicts.get(old)).toMatchObject({ reason: 'needed' })
  expect(verdicts.get(replica)).toMatchObject({ reason: 'not-confirmed' })
  story.given(confirmed(replica))
  const { steps } = planOf(story, {
    model: recordModel(story, { services: [], needs: ['bucket/receipts', 'topic/old'] }),
  })
  const order = steps.map(({ id }) => id).filter((id) => id.includes('sql-instance'))
  expect(order).toEqual(['take-last-copy:sql-instance/old', `remove:${replica}`, `remove:${old}`])
})

test('PROTECT 6: what was promoted is no replica any more', () => {
  expect(isReplicaStill({ replicaOf: 'main' })).toBe(true)
  expect(isReplicaStill({ replicaOf: null, tier: 'small' })).toBe(false)
})
