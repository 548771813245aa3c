import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { expect, test } from 'vitest'
import type { DomainEvent } from '../environment/catalogue.ts'
import { viewAt } from './graph.fixture.ts'
import type { NodeId } from './ids.ts'
import { decide, importing } from './import.fixture.ts'

const instances = importing([
  { address: 'one', kind: 'sql-instance', key: 'one', properties: {} },
  { address: 'two', kind: 'sql-instance', key: 'two', properties: {} },
  { address: 'db', kind: 'sql-database', key: 'orders', properties: {} },
  { address: 'bucket', kind: 'bucket', key: 'images', properties: {} },
])

function declared(...nodes: NodeId[]): DomainEvent {
  const declarations = nodes.map((node) => ({ node, properties: {}, dependsOn: [], uses: [] }))
  return {
    type: 'ApplicationModelRecorded',
    data: { digest: 'm1', base: null, commit: 'c1', part: 1, parts: 1, declared: declarations, withdrawn: [] },
  }
}

function confirmed(node: NodeId): DomainEvent {
  return {
    type: 'DeletionConfirmed',
    data: { node, incarnation: 1, lossAcknowledged: false, automatedBackupsToo: false, reason: 'unused' },
  }
}

const bind = (resource: NodeId, need: NodeId = 'sql-database/shop') =>
  ({ type: 'bind', need, resource, reason: 'it is this one' }) as const
const begin = (): Given => scenario().and(decide, instances).given(declared('sql-database/shop', 'sql-database/orders'))

test('OWN 4 | a need that is declared and has no node gets one with its binding', () => {
  begin()
    .when(decide, bind('sql-instance/one'))
    .then(
      {
        type: 'NodeVersionRecorded',
        data: { node: 'sql-database/shop', ownership: 'managed', cause: { type: 'repair', reason: 'it is this one' } },
      },
      { type: 'EdgeVersionRecorded', data: { edge: 'satisfied-by:sql-database/shop->sql-instance/one' } },
      { type: 'NeedBound', data: { need: 'sql-database/shop', resource: 'sql-instance/one', previous: null } },
    )
})

test('OWN 4 | a need is re-pointed: the edge before goes, the new one comes, in one append', () => {
  const story = begin().and(decide, bind('sql-instance/one'))
  story
    .when(decide, bind('sql-instance/two'))
    .then(
      { type: 'EdgeRetired', data: { edge: 'satisfied-by:sql-database/shop->sql-instance/one' } },
      { type: 'EdgeVersionRecorded', data: { edge: 'satisfied-by:sql-database/shop->sql-instance/two' } },
      { type: 'NeedBound', data: { previous: 'sql-instance/one' } },
    )
  expect(
    viewAt(story.state)
      .dependencies('sql-database/shop')
      .map(({ id }) => id),
  ).toEqual(['sql-instance/two'])
  expect(viewAt(story.state).node('sql-instance/two')?.ownership).toBe('observed')
})

test('OWN 4 | binding what is bound so already is nothing', () => {
  begin().and(decide, bind('sql-instance/one')).when(decide, bind('sql-instance/one')).thenNothing()
})

test('OWN 4 | a need may be the resource of the same id: the binding says so, without an edge', () => {
  const story = begin()
  story
    .when(decide, bind('sql-database/orders', 'sql-database/orders'))
    .then({ type: 'NeedBound', data: { need: 'sql-database/orders', resource: 'sql-database/orders' } })
  expect(story.state.graph.bindings.get('sql-database/orders')).toBe('sql-database/orders')
  story.when(decide, bind('sql-database/orders', 'sql-database/orders')).thenNothing()
})

test('OWN 4 | a need is bound only to kinds that can satisfy it; the refusal names them', () => {
  begin()
    .when(decide, bind('bucket/images'))
    .thenRejected('need-kind-mismatch', { expected: ['sql-database', 'sql-instance'] })
})

test('OWN 4 | unknown needs and resources are answered with the closest ones', () => {
  begin()
    .when(decide, bind('sql-instance/one', 'sql-database/shp'))
    .thenRejected('need-not-found', { closest: ['sql-database/shop'] })
  begin()
    .when(decide, bind('sql-instance/onee'))
    .thenRejected('node-not-found', { closest: ['sql-instance/one', 'sql-instance/two'] })
  begin()
    .and(decide, importing([], { digest: 'empty' }))
    .when(decide, bind('sql-instance/one'))
    .thenRejected('node-retired')
})

test('OWN 4 | nothing is bound while an import is open', () => {
  const { events } = scenario().when(decide, instances)
  scenario()
    .given(declared('sql-database/shop'))
    .given(events.slice(0, 3))
    .when(decide, bind('sql-instance/one'))
    .thenRejected('import-in-progress')
})

test('PROTECT 2 | a binding voids confirmed deletions: of the resource, which is used again, and of the one it points away from', () => {
  const story = begin()
    .and(decide, bind('sql-instance/one'))
    .given([confirmed('sql-instance/one'), confirmed('sql-instance/two')])
  story
    .when(decide, bind('sql-instance/two'))
    .thenAmong(
      { type: 'DeletionConfirmationVoided', data: { node: 'sql-instance/two', reason: 'used-again' } },
      { type: 'DeletionConfirmationVoided', data: { node: 'sql-instance/one', reason: 're-pointed' } },
    )
  expect(story.state.protection.confirmations.size).toBe(0)
})

test('GRAPH 7 | a binding that would close a cycle is refused', () => {
  begin()
    .and(decide, bind('sql-database/orders'))
    .when(decide, bind('sql-database/shop', 'sql-database/orders'))
    .thenRejected('cycle-found', { cycle: ['sql-database/orders', 'sql-database/shop', 'sql-database/orders'] })
})

test('OWN 1 | a person hands an observed node over, once, and says why', () => {
  const manage = (node: NodeId) => ({ type: 'manage', node, reason: 'ours from now on' }) as const
  const story = begin().and(decide, manage('sql-instance/one'))
  expect(viewAt(story.state).node('sql-instance/one')).toMatchObject({ ownership: 'managed', version: 1 })
  story.when(decide, manage('sql-instance/one')).thenRejected('node-managed')
  story
    .when(decide, manage('sql-instance/tow'))
    .thenRejected('node-not-found', { closest: ['sql-instance/two', 'sql-instance/one'] })
})
