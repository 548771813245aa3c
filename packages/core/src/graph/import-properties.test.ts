import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { viewAt } from './graph.fixture.ts'
import { decide, importing, ref, thing } from './import.fixture.ts'
import type { ImportedNode } from './imported-graph.ts'

// A failure prints its seed and path; give them to `fc.assert` as `{ seed, path }` to see it again.

const address = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const properties = fc.dictionary(fc.constantFrom('provider.x', 'provider.y'), fc.integer({ min: 0, max: 2 }), {
  noNullPrototype: true,
})
const resource = fc.record({
  address,
  id: fc.option(fc.constantFrom('1', '2', '3', '4', '5', '6')),
  key: address,
  properties,
})
const state = fc.record({
  resources: fc.uniqueArray(resource, { maxLength: 5, selector: (it) => it.address }),
  edges: fc.array(fc.tuple(address, address), { maxLength: 5 }),
})
type State = typeof state extends fc.Arbitrary<infer S> ? S : never

function commandOf({ resources, edges }: State, digest: string): ReturnType<typeof importing> {
  const nodes = resources.map(({ address: at, id, key, properties: values }): ImportedNode => {
    const { ref: _ref, ...bare } = thing(at, values, { key })
    return id === null ? bare : { ...bare, ref: ref(id) }
  })
  const there = new Set(resources.map(({ address: at }) => at))
  // From the front of the alphabet to its end, so no state has a cycle.
  const wanted = edges.filter(([from, to]) => from < to && there.has(from) && there.has(to))
  return importing(nodes, { digest }, wanted)
}

/** What the graph holds, by the addresses of the imported state. */
function contentOf({ state: { graph } }: Given): unknown {
  const view = viewAt({ graph } as Given['state'])
  const addresses = new Map(view.nodes().map(({ id }) => [id, graph.nodes.get(id)?.origin?.address]))
  return {
    nodes: Object.fromEntries(view.nodes().map(({ id, properties: values }) => [addresses.get(id), values])),
    edges: [...new Set(view.edges().map(({ from, to }) => `${addresses.get(from)} ${addresses.get(to)}`))].toSorted(),
  }
}

function contentOfState(given: State): unknown {
  const { graph } = commandOf(given, '')
  return {
    nodes: Object.fromEntries(graph.nodes.map(({ address: at, properties: values }) => [at, values])),
    edges: [...new Set(graph.edges.map(({ from, to }) => `${from} ${to}`))].toSorted(),
  }
}

test('after each state of a series the graph holds exactly what that says', () => {
  fc.assert(
    fc.property(fc.array(state, { maxLength: 6 }), (series) => {
      const story = scenario()
      for (const [index, given] of series.entries()) {
        story.and(decide, commandOf(given, `d${index}`))
        expect(contentOf(story)).toEqual(contentOfState(given))
      }
    }),
  )
})

test('the same state imported under another digest changes nothing', () => {
  fc.assert(
    fc.property(state, state, (before, given) => {
      const story = scenario().and(decide, commandOf(before, 'd1')).and(decide, commandOf(given, 'd2'))
      const { version } = story.state.graph
      expect(story.and(decide, commandOf(given, 'd3')).state.graph.version).toBe(version)
    }),
  )
})

test('GRAPH 5 | interrupted anywhere and run again, an import ends up with the same graph', () => {
  fc.assert(
    fc.property(state, state, fc.nat(), (before, given, at) => {
      const begun = (): Given => scenario().and(decide, commandOf(before, 'd1'))
      const { events } = begun().when(decide, commandOf(given, 'd2'))
      const story = begun().given(events.slice(0, 1 + (at % events.length)))
      story.and(decide, commandOf(given, 'd2'))
      expect(contentOf(story)).toEqual(contentOfState(given))
    }),
  )
})
