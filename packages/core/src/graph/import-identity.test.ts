import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import type { DomainEvent } from '../environment/catalogue.ts'
import { graphDraft } from './build.ts'
import type { GraphDraft } from './build.ts'
import type { Cause } from './cause.ts'
import { decide, importing, ref, thing } from './import.fixture.ts'
import { REPAIR, viewAt } from './graph.fixture.ts'

const ids = (story: Given): readonly string[] =>
  viewAt(story.state)
    .nodes()
    .map(({ id }) => id)

function drafted(story: Given, draw: (draft: GraphDraft) => void, cause: Cause = REPAIR): readonly DomainEvent[] {
  const draft = graphDraft(story.state, cause)
  draw(draft)
  return draft.events
}

test('GRAPH 6 | identity is the provider’s id: an address that moved is the same node', () => {
  const story = scenario()
    .and(decide, importing([thing('a', { versioning: true })]))
    .and(decide, importing([thing('moved', { versioning: true }, { ref: ref('id-a') })]))
  expect(viewAt(story.state).node('bucket/a')).toMatchObject({ version: 2, incarnation: 1 })
  expect(ids(story)).toEqual(['bucket/a'])
})

test('GRAPH 6 | two things that swapped addresses stay themselves', () => {
  const story = scenario()
    .and(decide, importing([thing('a', { location: 'one' }), thing('b', { location: 'two' })]))
    .and(
      decide,
      importing([
        thing('a', { location: 'two' }, { ref: ref('id-b') }),
        thing('b', { location: 'one' }, { ref: ref('id-a') }),
      ]),
    )
  expect(viewAt(story.state).node('bucket/a')?.properties).toEqual({ location: 'one' })
  expect(viewAt(story.state).node('bucket/b')?.properties).toEqual({ location: 'two' })
  expect(ids(story)).toEqual(['bucket/a', 'bucket/b'])
})

test('GRAPH 6 | another thing at the same address is a new incarnation of the id, in one append', () => {
  const story = scenario().and(decide, importing([thing('a', { versioning: true, location: 'eu' })]))
  story.when(decide, importing([thing('a', { versioning: false }, { ref: ref('id-new') })])).then(
    { type: 'ImportStarted' },
    { type: 'NodeRetired', data: { node: 'bucket/a', version: 2, incarnation: 1, reason: 'replaced' } },
    {
      type: 'NodeVersionRecorded',
      data: { node: 'bucket/a', version: 3, incarnation: 2, set: { versioning: false } },
    },
    { type: 'ImportCompleted', data: { recorded: 1, retired: 0 } },
  )
  expect(viewAt(story.state).node('bucket/a')?.properties).toEqual({ versioning: false })
})

test('GRAPH 6 | the same id seen again after it was gone comes back as a new incarnation', () => {
  const story = scenario()
    .and(decide, importing([thing('a')]))
    .and(decide, importing([]))
    .and(decide, importing([thing('a', { versioning: true })]))
  expect(viewAt(story.state).node('bucket/a')).toMatchObject({ version: 3, incarnation: 2 })
})

test('GRAPH 6 | an id that another thing has gets a suffix, also when that thing is gone', () => {
  const story = scenario().and(
    decide,
    importing([thing('a'), thing('x', {}, { key: 'a' }), thing('y', {}, { key: 'a' })]),
  )
  expect(ids(story)).toEqual(['bucket/a', 'bucket/a~2', 'bucket/a~3'])
  story.and(decide, importing([])).and(decide, importing([thing('z', {}, { key: 'a' })]))
  expect(ids(story)).toEqual(['bucket/a~4'])
})

test('things without an id are known by their address, and ids that are not unique do not make nodes swap', () => {
  const same = { ref: ref('twice') }
  const things = [thing('a', { location: 'one' }, same), thing('b', { location: 'two' }, same)]
  const story = scenario().and(decide, importing(things, { digest: 'd1' }))
  story
    .when(decide, importing(things, { digest: 'd2' }))
    .then({ type: 'ImportStarted' }, { type: 'ImportCompleted', data: { unchanged: 2 } })
  const bare = { address: 'aws_s3_bucket.c', kind: 'bucket', key: 'c' }
  story
    .and(decide, importing([...things, { ...bare, properties: { location: 'a' } }]))
    .and(decide, importing([...things, { ...bare, properties: { location: 'b' } }]))
  expect(viewAt(story.state).node('bucket/c')).toMatchObject({
    version: 2,
    incarnation: 1,
    properties: { location: 'b' },
  })
})

test('a thing whose kind changed is another node', () => {
  const story = scenario()
    .and(decide, importing([thing('a', {}, { kind: 'aws_s3_bucket' })]))
    .and(decide, importing([thing('a')]))
  expect(ids(story)).toEqual(['bucket/a'])
})

test('a thing that moved to another state goes over to that, in whichever order they are imported', () => {
  const story = scenario().and(decide, importing([thing('a'), thing('b')], { lineage: 'one' }, [['a', 'b']]))
  story
    .and(decide, importing([thing('a'), thing('b')], { lineage: 'two' }, [['a', 'b']]))
    .and(decide, importing([], { lineage: 'one', digest: 'empty' }))
  expect(ids(story)).toEqual(['bucket/a', 'bucket/b'])
  expect(viewAt(story.state).edges()).toHaveLength(1)
})

test('a replaced thing keeps what others drew to it: needs stay bound', () => {
  const story = scenario().and(decide, importing([thing('a'), thing('b')], {}, [['a', 'b']]))
  story.given(
    drafted(story, (draft) => {
      draft.nodeVersion('bucket/images', { ownership: 'managed' })
      draft.edgeVersion('satisfied-by', 'bucket/images', 'bucket/b', { attributes: { since: 'ever' } })
    }),
  )
  story.and(decide, importing([thing('a'), thing('b', {}, { ref: ref('id-new') })], {}, [['a', 'b']]))
  expect(
    viewAt(story.state)
      .edges({ to: 'bucket/b' })
      .map(({ id, attributes }) => [id, attributes]),
  ).toEqual([
    ['depends-on:bucket/a->bucket/b', {}],
    ['satisfied-by:bucket/images->bucket/b', { since: 'ever' }],
  ])
})
