import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import type { DomainEvent } from '../environment/catalogue.ts'
import { graphDraft } from './build.ts'
import type { GraphDraft } from './build.ts'
import type { Cause } from './cause.ts'
import { decide, importing, thing } from './import.fixture.ts'
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

test('OWN 1 | everything imported is observed, with cause import, its origin, and when it was true', () => {
  const effectiveAt = '2025-06-01T00:00:00.000Z'
  const story = scenario()
    .when(decide, importing([thing('a', { versioning: true }), thing('b')], { serial: 3, effectiveAt }, [['a', 'b']]))
    .then(
      { type: 'ImportStarted', data: { nodes: 2, edges: 1, effectiveAt, source: { serial: 3 } } },
      {
        type: 'NodeVersionRecorded',
        data: { node: 'bucket/a', ownership: 'observed', origin: { lineage: 'states', address: 'aws_s3_bucket.a' } },
      },
      { type: 'NodeVersionRecorded', data: { node: 'bucket/b', cause: { type: 'import' } } },
      { type: 'EdgeVersionRecorded', data: { edge: 'depends-on:bucket/a->bucket/b', lineage: 'states' } },
      { type: 'ImportCompleted', data: { recorded: 2, unchanged: 0, retired: 0 } },
    )
  expect(viewAt(story.state).node('bucket/a')).toMatchObject({
    ownership: 'observed',
    graphVersion: 1,
    effective: { from: effectiveAt },
  })
})

test('GRAPH 5 | the appends of an import share one graph version; run again after an interruption, it goes on where it stopped', () => {
  const command = importing([thing('a'), thing('b'), thing('c')], {}, [
    ['a', 'b'],
    ['b', 'c'],
  ])
  const whole = scenario().and(decide, command)
  const { events } = scenario().when(decide, command)
  for (let cut = 1; cut < events.length; cut++) {
    const story = scenario().given(events.slice(0, cut))
    expect(story.state.graph.version).toBe(0)
    story.and(decide, command)
    expect(story.state.graph.version).toBe(1)
    expect(
      viewAt(story.state)
        .toJSON()
        .nodes.map(({ id, version }) => [id, version]),
    ).toEqual(
      viewAt(whole.state)
        .toJSON()
        .nodes.map(({ id, version }) => [id, version]),
    )
    expect(viewAt(story.state).edges()).toHaveLength(2)
    expect(story.state.graph.openImport).toBeUndefined()
  }
})

test('GRAPH 5 | an interrupted import counts what its first part recorded', () => {
  const command = importing([thing('a'), thing('b'), thing('c')])
  const { events } = scenario().when(decide, command)
  scenario()
    .given(events.slice(0, 3))
    .when(decide, command)
    .then(
      { type: 'NodeVersionRecorded', data: { node: 'bucket/c' } },
      { type: 'ImportCompleted', data: { recorded: 3, unchanged: 0 } },
    )
})

test('GRAPH 5 | while one import is open another is refused', () => {
  const { events } = scenario().when(decide, importing([thing('a')]))
  scenario()
    .given(events.slice(0, 1))
    .when(decide, importing([thing('b')]))
    .thenRejected('import-in-progress', { source: 'states.tfstate' })
})

test('GRAPH 5 | the refusal tells how far the open import is', () => {
  const { events } = scenario().when(decide, importing([thing('a'), thing('b')]))
  for (const [cut, changes] of [
    [1, 0],
    [2, 1],
    [3, 2],
  ] as const)
    scenario()
      .given(events.slice(0, cut))
      .when(decide, importing([thing('c')]))
      .thenRejected('import-in-progress', { lineage: 'states', changes })
})

test('GRAPH 5 | an interrupted import whose state is out of reach is completed with a later one of its lineage, if that is asked for', () => {
  const interrupted = (): Given => {
    const { events } = scenario().when(decide, importing([thing('a', { versioning: true }), thing('b')], { serial: 3 }))
    return scenario().given(events.slice(0, -1))
  }
  const later = importing([thing('a', { versioning: false }), thing('c')], {
    serial: 4,
    effectiveAt: '2026-01-05T08:00:00Z',
  })
  interrupted().when(decide, later).thenRejected('import-in-progress')
  interrupted()
    .when(decide, { ...importing([thing('a')], { serial: 2 }), takeOver: true })
    .thenRejected('import-in-progress')
  interrupted()
    .when(decide, { ...importing([thing('a')], { serial: 4, lineage: 'other' }), takeOver: true })
    .thenRejected('import-in-progress')
  const story = interrupted().and(decide, { ...later, takeOver: true })
  expect(ids(story)).toEqual(['bucket/a', 'bucket/c'])
  expect(viewAt(story.state).version).toBe(1)
  expect(viewAt(story.state).node('bucket/a')?.properties).toEqual({ versioning: false })
  expect([...story.state.graph.lastImports.values()]).toMatchObject([
    { source: { serial: 4 }, effectiveAt: '2026-01-05T08:00:00Z' },
  ])
  story.when(decide, later).thenNothing()
})

test('GRAPH 2 | the same content again is nothing; other content with the same values mints no version', () => {
  const story = scenario().and(decide, importing([thing('a', { versioning: true })], { digest: 'd1' }))
  story.when(decide, importing([thing('a', { versioning: true })], { digest: 'd1' })).thenNothing()
  story
    .when(decide, importing([thing('a', { versioning: true })], { digest: 'd2' }))
    .then({ type: 'ImportStarted' }, { type: 'ImportCompleted', data: { recorded: 0, unchanged: 1 } })
  expect(story.state.graph.version).toBe(1)
})

test('states of a lineage are imported in their order', () => {
  const story = scenario().and(decide, importing([thing('a')], { serial: 5 }))
  story
    .when(decide, importing([thing('b')], { serial: 4 }))
    .thenRejected('import-older-than-known', { serial: 4, known: 5 })
  story
    .when(decide, importing([thing('b')], { serial: 4, lineage: 'other' }))
    .thenAmong({ type: 'NodeVersionRecorded' })
})

test('GRAPH 2 | a whole series again is nothing: older states that were imported are known by their content', () => {
  const first = importing([thing('a')], { serial: 4, digest: 'd4' })
  const second = importing([thing('a', { versioning: true })], { serial: 5, digest: 'd5' })
  const story = scenario().and(decide, first).and(decide, second)
  story.when(decide, first).thenNothing()
  story.when(decide, second).thenNothing()
  story
    .when(decide, importing([thing('a')], { serial: 4, digest: 'edited' }))
    .thenRejected('import-older-than-known', { serial: 4, known: 5 })
  story
    .when(decide, importing([thing('b')], { serial: 4, digest: 'd4', lineage: 'other' }))
    .thenAmong({ type: 'NodeVersionRecorded' })
})

test('GRAPH 2 | without serials nothing tells that an earlier content is not true again', () => {
  const [one, two] = [thing('a', { versioning: true }), thing('a', { versioning: false })]
  scenario()
    .and(decide, importing([one], { digest: 'd1' }))
    .and(decide, importing([two], { digest: 'd2' }))
    .when(decide, importing([one], { digest: 'd1' }))
    .thenAmong({ type: 'NodeVersionRecorded', data: { set: { versioning: true } } })
})

test('OWN 6 | what a lineage no longer has is retired, also when it is stateful, used and bound; it is never refused', () => {
  const story = scenario().and(decide, importing([thing('a'), thing('b')], {}, [['a', 'b']]))
  story.given(
    drafted(story, (draft) => {
      draft.nodeVersion('service/shop', { ownership: 'managed' })
      draft.edgeVersion('uses', 'service/shop', 'bucket/b')
    }),
  )
  story
    .when(decide, importing([thing('a')]))
    .then(
      { type: 'ImportStarted' },
      { type: 'EdgeRetired' },
      { type: 'EdgeRetired' },
      { type: 'NodeRetired', data: { node: 'bucket/b', reason: 'no-longer-imported' } },
      { type: 'ImportCompleted', data: { retired: 1 } },
    )
})

test('other lineages live beside it: each retires only its own', () => {
  const story = scenario()
    .and(decide, importing([thing('a')], { lineage: 'one' }))
    .and(decide, importing([thing('b')], { lineage: 'two' }))
  story.and(decide, importing([], { lineage: 'one', digest: 'empty' }))
  expect(ids(story)).toEqual(['bucket/b'])
})

test('OWN 1 | what we manage is left as the ledger has it, in properties, edges and retirement', () => {
  const story = scenario().and(decide, importing([thing('a', { versioning: true }), thing('b')], {}, [['a', 'b']]))
  story.and(decide, { type: 'manage', node: 'bucket/a', reason: 'ours now' })
  story
    .when(decide, importing([thing('a', { versioning: false }), thing('b')]))
    .then({ type: 'ImportStarted' }, { type: 'ImportCompleted', data: { recorded: 0, unchanged: 2, retired: 0 } })
  story.when(decide, importing([thing('b')])).thenNo('NodeRetired', 'EdgeRetired')
})

test('properties follow the state: new ones are set, those it no longer has go', () => {
  const story = scenario().and(decide, importing([thing('a', { versioning: true, location: 'eu' })]))
  story.when(decide, importing([thing('a', { versioning: false, publicAccess: true })])).thenAmong({
    type: 'NodeVersionRecorded',
    data: { set: { versioning: false, publicAccess: true }, unset: ['location'] },
  })
})

test('what was observed since stays while the state says the same as before', () => {
  const story = scenario().and(decide, importing([thing('a', { versioning: true, location: 'eu' })]))
  story.given(
    drafted(story, (draft) => draft.nodeVersion('bucket/a', { set: { versioning: false, 'provider.arn': 'x' } }), {
      type: 'drift',
      observation: 'o1',
    }),
  )
  // The state has not noticed the drift; only its location is news.
  story.and(decide, importing([thing('a', { versioning: true, location: 'us' })]))
  expect(viewAt(story.state).node('bucket/a')?.properties).toEqual({
    versioning: false,
    location: 'us',
    'provider.arn': 'x',
  })
  // Then the code changed it: that is news.
  story.and(decide, importing([thing('a', { versioning: true, location: 'us', publicAccess: false })]))
  story.and(decide, importing([thing('a', { location: 'us', publicAccess: false })]))
  expect(viewAt(story.state).node('bucket/a')?.properties).toEqual({
    versioning: false,
    location: 'us',
    publicAccess: false,
    'provider.arn': 'x',
  })
})

test('a state older than the last drift that was seen does not take that back', () => {
  const [made, older, seen] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z']
  const story = scenario().and(decide, importing([thing('a', { location: 'eu' })], { effectiveAt: made }))
  const drift: Cause = { type: 'drift', observation: 'o1' }
  story.given(
    drafted(story, (draft) => draft.nodeVersion('bucket/a', { set: { location: 'us' }, effectiveAt: seen }), drift),
  )
  story.and(decide, importing([thing('a', { location: 'asia', versioning: true })], { effectiveAt: older }))
  expect(viewAt(story.state).node('bucket/a')?.properties).toEqual({ location: 'us', versioning: true })
})

test('lists without order that are the same are no news', () => {
  const grant = (operations: string[]) => ({ address: 'g', kind: 'grant', key: 'g', properties: { operations } })
  const story = scenario().and(decide, importing([grant(['read', 'write'])]))
  story.when(decide, importing([grant(['write', 'read'])])).thenNo('NodeVersionRecorded')
})

test('GRAPH 7 | a cycle in the imported graph is refused and printed', () => {
  scenario()
    .when(
      decide,
      importing([thing('a'), thing('b')], {}, [
        ['a', 'b'],
        ['b', 'a'],
      ]),
    )
    .thenRejected('cycle-found', { cycle: ['bucket/a', 'bucket/b', 'bucket/a'] })
})

test('GRAPH 8 | a graph that an importer got wrong is refused with what is wrong where', () => {
  const refused = (command: ReturnType<typeof importing>, path: string) =>
    scenario()
      .when(decide, command)
      .thenRejected('input-invalid', { what: 'imported graph', issues: [{ path }] })
  refused(importing([thing('a'), thing('a')]), 'nodes[1].address')
  refused(importing([thing('a')], {}, [['a', 'b']]), 'edges[0]')
  refused(importing([thing('a', {}, { kind: 'Bucket' })]), 'nodes[0]')
  refused(importing([thing('a')], { effectiveAt: 'yesterday' }), 'effectiveAt')
  scenario()
    .when(decide, importing([thing('a', { versionning: true })]))
    .thenRejected('property-unknown', { closest: ['versioning'] })
})

test('ten thousand resources of forty properties are decided in well under a second', () => {
  const values = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`provider.p${index}`, index]))
  const command = importing(
    Array.from({ length: 10_000 }, (_, index) => thing(`n${index}`, values)),
    { digest: 'big' },
  )
  const began = performance.now()
  const { events } = scenario().when(decide, command)
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(events).toHaveLength(10_002)
})
