import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import { gitPush } from '../deployments/trigger.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { accepted } from '../environment/decision.ts'
import type { Decide } from '../environment/decision.ts'
import { graphDraft } from './build.ts'
import type { GraphDraft } from './build.ts'
import type { Cause } from './cause.ts'
import { KINDS, REPAIR } from './graph.fixture.ts'
import type { NodeId } from './ids.ts'
import { checkGraphChange } from './invariants.ts'

/** A rule that decides these events: what stands here is the check after it. */
const decide: Decide<readonly DomainEvent[]> = (state, events, { kinds }) => {
  const rejection = checkGraphChange(state, events, kinds)
  return rejection === undefined ? accepted(events) : { type: 'rejected', rejection }
}

function drafted(story: Given, draw: (draft: GraphDraft) => void, cause: Cause = REPAIR): readonly DomainEvent[] {
  const draft = graphDraft(story.state, cause)
  draw(draft)
  return draft.events
}

function node(id: NodeId, cause: Cause = REPAIR): DomainEvent {
  return { type: 'NodeVersionRecorded', data: { node: id, version: 1, incarnation: 1, set: {}, unset: [], cause } }
}

const deployment = (id: string, requests: string[] = []): Cause => ({ type: 'deployment', deployment: id, requests })
const importing = (id: string): Cause => ({ type: 'import', import: id })

function triggered(id: string): DomainEvent {
  const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })
  return {
    type: 'DeploymentTriggered',
    data: { deployment: id, trigger, commit: 'c1', model: 'm', requests: 'due', createNeeds: [] },
  }
}

function started(id: string): DomainEvent {
  return {
    type: 'ImportStarted',
    data: { import: id, source: { type: 't', name: 'states', digest: id }, nodes: 1, edges: 0 },
  }
}

function completed(id: string): DomainEvent {
  return { type: 'ImportCompleted', data: { import: id, recorded: 1, unchanged: 0, retired: 0 } }
}

test('GRAPH 1 | a version number that does not follow is a defect and never appended', () => {
  const story = scenario().given(node('bucket/a'))
  const check = (data: object) => () =>
    checkGraphChange(
      story.state,
      [{ ...node('bucket/a'), data: { ...node('bucket/a').data, ...data } } as DomainEvent],
      KINDS,
    )
  expect(check({})).toThrow(/version 1 of incarnation 1 does not follow version 1/)
  expect(check({ version: 3 })).toThrow(/does not follow/)
  expect(check({ version: 2, incarnation: 2 })).toThrow(/does not follow/)
})

test('GRAPH 2 | a version of a living node that says nothing new is a defect', () => {
  const story = scenario().given(
    drafted(scenario(), (draft) => draft.nodeVersion('bucket/a', { set: { versioning: true } })),
  )
  const again = (set: object): DomainEvent => ({
    type: 'NodeVersionRecorded',
    data: { node: 'bucket/a', version: 2, incarnation: 1, set: { ...set }, unset: [], cause: REPAIR },
  })
  expect(() => checkGraphChange(story.state, [again({})], KINDS)).toThrow(/differs in nothing/)
  expect(() => checkGraphChange(story.state, [again({ versioning: true })], KINDS)).toThrow(/differs in nothing/)
  expect(checkGraphChange(story.state, [again({ versioning: false })], KINDS)).toBeUndefined()
})

test('GRAPH 3 | a version caused by a deployment that the ledger does not know is refused', () => {
  scenario()
    .when(decide, [node('bucket/a', deployment('d-9'))])
    .thenRejected('lineage-missing', { what: 'there is no deployment d-9' })
})

test('GRAPH 3 | a deployment that runs, or that the same append triggers, is a cause; one that has ended is not', () => {
  scenario()
    .when(decide, [triggered('d-1'), node('bucket/a', deployment('d-1'))])
    .then({ type: 'DeploymentTriggered' }, { type: 'NodeVersionRecorded' })
  const story = scenario().given(triggered('d-1'))
  story.when(decide, [node('bucket/a', deployment('d-1'))]).then({ type: 'NodeVersionRecorded' })
  story.given({ type: 'DeploymentSucceeded', data: { deployment: 'd-1', graphVersion: 1 } })
  story.when(decide, [node('bucket/b', deployment('d-1'))]).thenRejected('lineage-missing')
})

test('GRAPH 3 | one append holds versions of one deployment only', () => {
  scenario()
    .given([triggered('d-1'), triggered('d-2')])
    .when(decide, [node('bucket/a', deployment('d-1')), node('bucket/b', deployment('d-2'))])
    .thenRejected('lineage-missing')
})

test('GRAPH 3 | a value that the provider put off lands with its deployment, also after that has ended', () => {
  const story = scenario().given(triggered('d-1'))
  story.given(
    drafted(story, (draft) => draft.nodeVersion('sql-instance/main', { set: { tier: 'small' } }), deployment('d-1')),
  )
  story.given({
    type: 'StepDeferred',
    data: { deployment: 'd-1', step: 's', node: 'sql-instance/main', deferred: { tier: 'large' } },
  })
  story.given({ type: 'DeploymentSucceeded', data: { deployment: 'd-1', graphVersion: 1 } })
  const landing = (set: { tier: string; engine?: string }): readonly DomainEvent[] =>
    drafted(story, (draft) => draft.nodeVersion('sql-instance/main', { set }), deployment('d-1'))
  story.when(decide, landing({ tier: 'large', engine: 'mysql' })).thenRejected('lineage-missing')
  story.when(decide, landing({ tier: 'large' })).then({ type: 'NodeVersionRecorded' })
})

test('GRAPH 3 | change requests, imports and observations that are causes must be known too', () => {
  const refused = (cause: Cause) =>
    scenario()
      .when(decide, [node('bucket/a', cause)])
      .thenRejected('lineage-missing')
  refused({ type: 'change-request', request: 'r-9', observation: 'o1' })
  refused(importing('i-9'))
  refused({ type: 'drift', observation: '' })
  scenario()
    .given(triggered('d-1'))
    .when(decide, [node('bucket/a', deployment('d-1', ['r-9']))])
    .thenRejected('lineage-missing')
})

test('GRAPH 4 | an edge needs both ends at its graph version; an end that the same append creates counts', () => {
  const edge = (draft: GraphDraft) => draft.edgeVersion('uses', 'service/shop', 'bucket/a')
  const story = scenario().given(node('service/shop'))
  story.when(decide, drafted(story, edge)).thenRejected('edge-end-missing', { missing: 'bucket/a' })
  const withEnd = drafted(story, (draft) => {
    edge(draft)
    draft.nodeVersion('bucket/a', {})
  })
  story.when(decide, withEnd).then({ type: 'EdgeVersionRecorded' }, { type: 'NodeVersionRecorded' })
})

test('GRAPH 4 | retiring a node and leaving its edges is a defect', () => {
  const story = scenario()
  story.given(
    drafted(story, (draft) => {
      draft.nodeVersion('service/shop', {})
      draft.nodeVersion('bucket/a', {})
      draft.edgeVersion('uses', 'service/shop', 'bucket/a')
    }),
  )
  const retired: DomainEvent = {
    type: 'NodeRetired',
    data: { node: 'bucket/a', version: 2, incarnation: 1, cause: REPAIR, reason: 'removed' },
  }
  expect(() => checkGraphChange(story.state, [retired], KINDS)).toThrow(/leaves the edge/)
  story
    .when(
      decide,
      drafted(story, (draft) => draft.retireNode('bucket/a', 'removed')),
    )
    .then({ type: 'EdgeRetired' }, { type: 'NodeRetired' })
})

test('GRAPH 5 | while an import is open every other change of the graph is refused, and names it', () => {
  const story = scenario()
    .given(started('i-1'))
    .given(node('bucket/a', importing('i-1')))
  const inProgress = { import: 'i-1', source: 'states' }
  story.when(decide, [node('bucket/b')]).thenRejected('import-in-progress', inProgress)
  story
    .when(decide, [{ type: 'NodeManaged', data: { node: 'bucket/a', reason: 'ours' } }])
    .thenRejected('import-in-progress', inProgress)
  story.when(decide, [started('i-2')]).thenRejected('import-in-progress', inProgress)
  story.when(decide, [node('bucket/b', importing('i-1')), completed('i-1')]).thenAmong({ type: 'ImportCompleted' })
})

test('GRAPH 5 | what does not touch the graph is decided while an import is open', () => {
  scenario()
    .given(started('i-1'))
    .when(decide, [triggered('d-1')])
    .then({ type: 'DeploymentTriggered' })
})

test('GRAPH 5 | all changes of one append carry one graph version', () => {
  const story = scenario().given([node('bucket/a'), node('bucket/b')])
  expect(story.state.graph.version).toBe(1)
  expect(story.state.graph.graphVersions.map(({ nodes }) => nodes)).toEqual([['bucket/a', 'bucket/b']])
})

test('GRAPH 6 | a retired id comes back with the next incarnation and the next version', () => {
  const story = scenario().given(node('bucket/a'))
  story.given(drafted(story, (draft) => draft.retireNode('bucket/a', 'removed')))
  const again = (version: number, incarnation: number): DomainEvent[] => [
    {
      type: 'NodeVersionRecorded',
      data: { node: 'bucket/a', version, incarnation, set: {}, unset: [], cause: REPAIR },
    },
  ]
  expect(() => checkGraphChange(story.state, again(1, 1), KINDS)).toThrow(/does not follow/)
  expect(() => checkGraphChange(story.state, again(3, 1), KINDS)).toThrow(/does not follow/)
  expect(checkGraphChange(story.state, again(3, 2), KINDS)).toBeUndefined()
})

test('GRAPH 7 | edges that would close a cycle are refused and the cycle is printed', () => {
  const story = scenario()
  story.given(
    drafted(story, (draft) => {
      for (const id of ['service/a', 'service/b', 'service/c'] as const) draft.nodeVersion(id, {})
      draft.edgeVersion('depends-on', 'service/a', 'service/b')
      draft.edgeVersion('uses', 'service/b', 'service/c')
    }),
  )
  const closing = drafted(story, (draft) => draft.edgeVersion('depends-on', 'service/c', 'service/a'))
  const outcome = story.when(decide, closing)
  outcome.thenRejected('cycle-found', { cycle: ['service/c', 'service/a', 'service/b', 'service/c'] })
  expect(outcome.decision.type === 'rejected' && outcome.decision.rejection.message).toContain(
    'service/c -> service/a -> service/b -> service/c',
  )
  story
    .when(
      decide,
      drafted(story, (draft) => draft.edgeVersion('uses', 'service/a', 'service/a')),
    )
    .thenRejected('cycle-found')
})

test('GRAPH 7 | an edge that goes in the same append as it would close a cycle is no cycle', () => {
  const story = scenario()
  story.given(
    drafted(story, (draft) => {
      draft.nodeVersion('service/a', {})
      draft.nodeVersion('service/b', {})
      draft.edgeVersion('uses', 'service/a', 'service/b')
    }),
  )
  story
    .when(
      decide,
      drafted(story, (draft) => {
        draft.retireEdge('uses:service/a->service/b')
        draft.edgeVersion('uses', 'service/b', 'service/a')
      }),
    )
    .then({ type: 'EdgeRetired' }, { type: 'EdgeVersionRecorded' })
})

test('GRAPH 7 | ten thousand edges, deep and wide, are checked in well under a second', () => {
  const story = scenario()
  const events = drafted(story, (draft) => {
    for (let index = 0; index <= 5_000; index++) draft.nodeVersion(`service/${index}`, {})
    for (let index = 0; index < 5_000; index++)
      draft.edgeVersion('depends-on', `service/${index}`, `service/${index + 1}`)
    for (let index = 0; index < 5_000; index++) draft.edgeVersion('uses', `service/${index}`, 'service/5000')
  })
  const began = performance.now()
  expect(checkGraphChange(story.state, events, KINDS)).toBeUndefined()
  expect(performance.now() - began).toBeLessThan(1_000)
})

test('GRAPH 8 | a property that the kind does not know is refused with the closest one', () => {
  const story = scenario()
  const with_ = (set: Record<string, string | number>) =>
    drafted(story, (draft) => draft.nodeVersion('sql-instance/main', { set }))
  story
    .when(decide, with_({ 'backup.retentionDay': 7 }))
    .thenRejected('property-unknown', { closest: ['backup.retentionDays'] })
  story
    .when(decide, with_({ 'backup.retentionDays': 'seven' }))
    .thenRejected('property-invalid', { property: 'backup.retentionDays' })
  story.when(decide, with_({ masterPassword: 'hunter2' })).thenRejected('property-invalid')
  story.when(decide, with_({ 'provider.x': 'y'.repeat(300_000) })).thenRejected('property-value-too-large')
})

test('GRAPH 8 | what is found may be of any kind, what we make must be of a known one', () => {
  const story = scenario()
  const made = (ownership: 'managed' | 'observed') =>
    drafted(story, (draft) => draft.nodeVersion('buckett/a', { set: { anything: true }, ownership }))
  story.when(decide, made('managed')).thenRejected('kind-unknown', { closest: ['bucket'] })
  story.when(decide, made('observed')).then({ type: 'NodeVersionRecorded' })
})

test('GRAPH 8 | a thousand versions of twelve properties are checked in milliseconds', () => {
  const story = scenario()
  const values = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`labels["l${index}"]`, `value ${index}`]))
  const events = drafted(story, (draft) => {
    for (let index = 0; index < 1_000; index++) draft.nodeVersion(`sql-instance/n${index}`, { set: values })
  })
  const times = Array.from({ length: 9 }, () => {
    const began = performance.now()
    expect(checkGraphChange(story.state, events, KINDS)).toBeUndefined()
    return performance.now() - began
  })
  expect(times.toSorted((a, b) => a - b)[4]).toBeLessThan(50)
})
