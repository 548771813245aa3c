import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { describe, expect, test } from 'vitest'
import { graphDraft } from './build.ts'
import type { GraphCommandOf } from './commands.ts'
import { REPAIR, viewAt } from './graph.fixture.ts'
import { decide, importing, ref, thing } from './import.fixture.ts'

type Story = { readonly before: () => Given; readonly command: GraphCommandOf<'import-graph'> }

const three = importing([thing('a', { versioning: true }), thing('b'), thing('c')], { serial: 1 }, [
  ['a', 'b'],
  ['b', 'c'],
])

/** Three buckets, of which one satisfies a need and is used by what another lineage has. */
function used(): Given {
  const story = scenario()
    .and(decide, three)
    .and(decide, importing([thing('x'), thing('b')], { lineage: 'other', serial: 1 }, [['x', 'b']]))
    .and(decide, importing([thing('a'), thing('b'), thing('c')], { serial: 2 }, [['a', 'b']]))
  const draft = graphDraft(story.state, REPAIR)
  draft.nodeVersion('bucket/images', { ownership: 'managed' })
  draft.edgeVersion('satisfied-by', 'bucket/images', 'bucket/b', { attributes: { since: 'ever' } })
  return story.given(draft.events)
}

const stories: Readonly<Record<string, Story>> = {
  'what is new, changed and gone': {
    before: () => scenario().and(decide, three),
    command: importing([thing('a', { versioning: false }), thing('c'), thing('d')], { serial: 2 }, [['c', 'd']]),
  },
  'another thing at an address, which others need': {
    before: used,
    command: importing([thing('a'), thing('b', {}, { ref: ref('id-new') }), thing('c')], { serial: 3 }, [['a', 'b']]),
  },
  'another thing at an address, from which a need was taken away right before': {
    before() {
      const story = used()
      const draft = graphDraft(story.state, REPAIR)
      draft.retireEdge('satisfied-by:bucket/images->bucket/b')
      return story.given(draft.events)
    },
    command: importing([thing('a'), thing('b', {}, { ref: ref('id-new') }), thing('c')], { serial: 3 }),
  },
  'other things at two addresses that need each other': {
    before: () =>
      scenario()
        .and(decide, importing([thing('a'), thing('b')], { lineage: 'other' }, [['a', 'b']]))
        .and(decide, importing([thing('a'), thing('b'), thing('c')], { serial: 1 })),
    command: importing(
      [thing('b', {}, { ref: ref('id-new-b') }), thing('a', {}, { ref: ref('id-new-a') }), thing('c')],
      { serial: 3 },
    ),
  },
  'things that swapped their addresses': {
    before: () => scenario().and(decide, three),
    command: importing(
      [
        thing('a', {}, { ref: ref('id-b') }),
        thing('b', {}, { ref: ref('id-c') }),
        thing('c', {}, { ref: ref('id-a') }),
      ],
      { serial: 2 },
    ),
  },
  'what another lineage had': {
    before: () =>
      scenario()
        .and(decide, three)
        .and(decide, importing([thing('x'), thing('y')], { lineage: 'other' }, [['x', 'y']])),
    command: importing([thing('a'), thing('x'), thing('y')], { serial: 2 }, [['x', 'y']]),
  },
  'what was gone and is there again': {
    before: () =>
      scenario()
        .and(decide, three)
        .and(decide, importing([thing('a')], { serial: 2 })),
    command: importing([thing('a'), thing('b'), thing('c', {}, { ref: ref('id-new') })], { serial: 3 }, [['b', 'c']]),
  },
}

describe.each(Object.keys(stories))('an import of %s', (name) => {
  const { before, command } = stories[name] as Story
  const seen = (story: Given): unknown => {
    const view = viewAt(story.state)
    return {
      version: view.version,
      nodes: view.nodes().map(({ id, version, incarnation, properties, ref: handle }) => ({
        id,
        version,
        incarnation,
        properties,
        handle,
      })),
      edges: view.edges().map(({ id, attributes }) => ({ id, attributes })),
      counts: story.state.graph.nodes.size,
    }
  }

  test('GRAPH 5 | comes to the same graph wherever it was interrupted', () => {
    const whole = seen(before().and(decide, command))
    const { events } = before().when(decide, command)
    for (let cut = 1; cut < events.length; cut++) {
      const story = before().given(events.slice(0, cut))
      expect(viewAt(story.state).version).toBe(viewAt(before().state).version)
      expect({ cut, after: seen(story.and(decide, command)) }).toEqual({ cut, after: whole })
    }
  })
})
