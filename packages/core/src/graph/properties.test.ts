import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffGraph } from './diff.ts'
import type { Change, GraphDiff } from './diff.ts'
import { effectiveView } from './effective.ts'
import { replay, stories, tell, viewAt } from './graph.fixture.ts'
import type { GraphView } from './view.ts'

// A failure prints its seed and path; give them to `fc.assert` as `{ seed, path }` to see it again.

test('GRAPH 1 | the graph at any version equals a replay up to that version, whatever came after', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const told = tell(story)
      for (let version = 0; version <= told.state.graph.version; version++) {
        const upTo = told.events.filter(({ metadata }) => (metadata.graphVersion ?? 0) <= version)
        expect(viewAt(told.state, version).toJSON()).toEqual(viewAt(replay(upTo), version).toJSON())
      }
    }),
  )
})

test('a view stays true while the fold goes on', () => {
  fc.assert(
    fc.property(stories, stories, (before, after) => {
      const told = tell(before)
      const view = viewAt(told.state)
      const then = JSON.stringify(view)
      tell(after, told)
      expect(JSON.stringify(view)).toBe(then)
    }),
  )
})

test('the difference of two versions, applied to the one, gives the other, forwards and backwards', () => {
  fc.assert(
    fc.property(stories, fc.nat(), fc.nat(), (story, a, b) => {
      const { state } = tell(story)
      const [from, to] = [a % (state.graph.version + 1), b % (state.graph.version + 1)]
      const diff = diffGraph(state, from, to)
      expect(applied(viewAt(state, from), diff)).toEqual(contentOf(viewAt(state, to)))
      for (const { by } of [...diff.nodes, ...diff.edges]) {
        expect(by.graphVersion).toBeGreaterThan(Math.min(from, to))
        expect(by.graphVersion).toBeLessThanOrEqual(Math.max(from, to))
      }
    }),
  )
})

test('the world as it is now is the graph as it is recorded now', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { state } = tell(story)
      const world = effectiveView(state, {
        effectiveAt: new Date('2030-01-01'),
        at: state.graph.version,
        lastObserved: () => 'never',
      })
      expect(contentOf(world)).toEqual(contentOf(viewAt(state)))
    }),
  )
})

test('every edge of every version ends at nodes that are there', () => {
  fc.assert(
    fc.property(stories, (story) => {
      const { state } = tell(story)
      for (let version = 0; version <= state.graph.version; version++) {
        const view = viewAt(state, version)
        for (const { from, to } of view.edges()) expect([view.node(from), view.node(to)]).not.toContain(undefined)
      }
    }),
  )
})

type Content = { readonly nodes: ReadonlyMap<string, unknown>; readonly edges: ReadonlyMap<string, unknown> }

function contentOf(view: GraphView): Content {
  return {
    nodes: new Map(
      view
        .nodes()
        .map(({ id, properties, incarnation, ownership, ref }) => [id, { properties, incarnation, ownership, ref }]),
    ),
    edges: new Map(view.edges().map(({ id, attributes }) => [id, attributes])),
  }
}

function applied(view: GraphView, { nodes, edges }: GraphDiff): Content {
  const before = contentOf(view)
  const [nodesAfter, edgesAfter] = [new Map(before.nodes), new Map(before.edges)]
  for (const { type, node, properties, incarnation, ownership, ref } of nodes) {
    const old = view.node(node)
    if (type === 'removed') {
      nodesAfter.delete(node)
      continue
    }
    const values = new Map<string, unknown>(Object.entries(old?.properties ?? {}))
    for (const { property, from, to } of properties) {
      expect(values.get(property)).toEqual(from)
      if (to === undefined) values.delete(property)
      else values.set(property, to)
    }
    const of = <V>(change: Change<V> | undefined, known: V | undefined): V | undefined =>
      change === undefined ? known : change.to
    nodesAfter.set(node, {
      properties: Object.fromEntries(values),
      incarnation: of(incarnation, old?.incarnation),
      ownership: of(ownership, old?.ownership),
      ref: of(ref, old?.ref),
    })
  }
  for (const { type, edge, attributes } of edges) {
    if (type === 'removed') edgesAfter.delete(edge)
    else edgesAfter.set(edge, attributes.to)
  }
  return { nodes: nodesAfter, edges: edgesAfter }
}
