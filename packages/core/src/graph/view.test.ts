import { expect, test } from 'vitest'
import { ADA, ledger, minute, viewAt } from './graph.fixture.ts'
import type { NodeId } from './ids.ts'
import { nodeNotFound } from './not-found.ts'
import { graphView } from './view.ts'

const shop = (): ReturnType<typeof ledger> =>
  ledger().change((draft) => {
    draft.nodeVersion('sql-instance/main', {
      set: { engine: 'postgres' },
      ref: { provider: 'aws', type: 'rds-instance', name: 'main' },
    })
    draft.nodeVersion('sql-database/orders', { ownership: 'managed' })
    draft.nodeVersion('service/checkout', { ownership: 'managed' })
    draft.nodeVersion('gateway/web', { ownership: 'managed' })
    draft.edgeVersion('hosted-on', 'sql-database/orders', 'sql-instance/main')
    draft.edgeVersion('uses', 'service/checkout', 'sql-database/orders', { attributes: { operations: ['read'] } })
    draft.edgeVersion('depends-on', 'gateway/web', 'service/checkout')
  })

test('a node is answered with its version, cause, actor, ownership, interval and last observation', () => {
  const { state } = shop()
  const view = graphView(state, { at: 1, lastObserved: () => '2026-01-05T08:00:00.000Z' })
  expect(view.node('sql-instance/main')).toEqual({
    id: 'sql-instance/main',
    kind: 'sql-instance',
    version: 1,
    incarnation: 1,
    properties: { engine: 'postgres' },
    ownership: 'observed',
    ref: { provider: 'aws', type: 'rds-instance', name: 'main' },
    graphVersion: 1,
    recordedAt: minute(1),
    cause: { type: 'repair', reason: 'a test' },
    actor: ADA,
    effective: { from: minute(1), certain: true },
    lastObservedAt: '2026-01-05T08:00:00.000Z',
  })
})

test('version 0 is the empty graph', () => {
  const view = viewAt(shop().state, 0)
  expect(view.toJSON()).toEqual({ version: 0, nodes: [], edges: [] })
  expect(view.size).toEqual({ nodes: 0, edges: 0 })
})

test('GRAPH 1 | an old view shows the old values after a change and a retirement', () => {
  const told = shop()
  told.change((draft) => draft.nodeVersion('sql-instance/main', { set: { engine: 'mysql' } }))
  told.change((draft) => draft.retireNode('service/checkout', 'removed'))
  expect(viewAt(told.state, 1).node('sql-instance/main')?.properties.engine).toBe('postgres')
  expect(
    viewAt(told.state, 1)
      .dependents('sql-database/orders')
      .map(({ id }) => id),
  ).toEqual(['service/checkout'])
  expect(viewAt(told.state).node('service/checkout')).toBeUndefined()
  expect(viewAt(told.state).size).toEqual({ nodes: 3, edges: 1 })
})

test('OWN 1 | ownership is shown as it was at the version, before and after a hand-over', () => {
  const told = shop().append([{ type: 'NodeManaged', data: { node: 'sql-instance/main', reason: 'ours now' } }])
  expect(viewAt(told.state, 1).node('sql-instance/main')?.ownership).toBe('observed')
  expect(viewAt(told.state, 2).node('sql-instance/main')?.ownership).toBe('managed')
})

test('nodes are listed by kind, ownership and provider, edges by kind and ends', () => {
  const view = viewAt(shop().state)
  expect(view.nodes({ ownership: 'managed' }).map(({ id }) => id)).toEqual([
    'sql-database/orders',
    'service/checkout',
    'gateway/web',
  ])
  expect(view.nodes({ kind: 'sql-instance', provider: 'aws' }).map(({ id }) => id)).toEqual(['sql-instance/main'])
  expect(view.nodes({ provider: 'gcp' })).toEqual([])
  expect(view.edges({ kind: 'uses' }).map(({ id }) => id)).toEqual(['uses:service/checkout->sql-database/orders'])
  expect(view.edges({ from: 'gateway/web', to: 'sql-instance/main' })).toEqual([])
  expect(view.edges({ to: 'sql-instance/main' }).map(({ from }) => from)).toEqual(['sql-database/orders'])
})

test('dependents and dependencies are direct, or transitive, or over some kinds of edges only', () => {
  const view = viewAt(shop().state)
  const ids = (nodes: readonly { readonly id: NodeId }[]): readonly NodeId[] => nodes.map(({ id }) => id)
  expect(ids(view.dependents('sql-instance/main'))).toEqual(['sql-database/orders'])
  expect(ids(view.dependents('sql-instance/main', { transitive: true }))).toEqual([
    'sql-database/orders',
    'service/checkout',
    'gateway/web',
  ])
  expect(ids(view.dependencies('gateway/web', { transitive: true, kinds: ['depends-on', 'uses'] }))).toEqual([
    'service/checkout',
    'sql-database/orders',
  ])
  expect(view.dependents('sql-instance/other')).toEqual([])
})

test('impact lists all that would be touched, nearest first, with the way', () => {
  const impact = viewAt(shop().state).impact('sql-instance/main')
  expect(impact.map(({ node, distance, path }) => [node.id, distance, path])).toEqual([
    ['sql-database/orders', 1, ['hosted-on']],
    ['service/checkout', 2, ['hosted-on', 'uses']],
    ['gateway/web', 3, ['hosted-on', 'uses', 'depends-on']],
  ])
})

test('GRAPH 5 | an open import is invisible until it is completed, then it is one version', () => {
  const told = shop().append([
    {
      type: 'ImportStarted',
      data: { import: 'i1', source: { type: 't', name: 'n', digest: 'd' }, nodes: 2, edges: 0 },
    },
  ])
  const cause = { type: 'import', import: 'i1' } as const
  told
    .change((draft) => draft.nodeVersion('bucket/a', {}), { cause })
    .change((draft) => draft.nodeVersion('bucket/b', {}), { cause })
  expect(told.state.graph.version).toBe(1)
  expect(viewAt(told.state).node('bucket/a')).toBeUndefined()
  expect(() => viewAt(told.state, 2)).toThrow(/not loaded/)
  told.append([{ type: 'ImportCompleted', data: { import: 'i1', recorded: 2, unchanged: 0, retired: 0 } }])
  expect(viewAt(told.state, 2).nodes({ kind: 'bucket' })).toHaveLength(2)
  expect(viewAt(told.state, 2).recordedAt).toBe(told.events.at(-1)?.metadata.recordedAt)
})

test('GRAPH 8 | a mistyped node id is answered with the closest ones, quickly among ten thousand', () => {
  const told = shop()
  for (let part = 0; part < 10; part++) {
    told.change((draft) => {
      for (let index = 0; index < 1_000; index++)
        draft.nodeVersion(`bucket/some-longer-name-of-a-bucket-${part * 1_000 + index}`, {})
    })
  }
  const started = performance.now()
  const rejection = nodeNotFound(told.state.graph, 'sql-instnace/main')
  expect(performance.now() - started).toBeLessThan(200)
  expect(rejection).toMatchObject({ code: 'node-not-found', details: { closest: ['sql-instance/main'] } })
  expect(rejection.message).toContain('did you mean "sql-instance/main"?')
})
