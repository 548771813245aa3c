import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import type { EdgeKind } from '../graph/edge-kinds.ts'
import type { NodeId } from '../graph/ids.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { deployed, environment, made, recordModel } from '../planning/planning.fixture.ts'
import { edge, imported, shop } from '../protection/protection.fixture.ts'
import type { Model } from './state.ts'
import { isUsed, unusedManaged, usedNodes, usersOf } from './usage.ts'

const kinds = kindCatalogue(standardKinds)
const unused = (story: Given, model: Model | undefined): readonly NodeId[] =>
  unusedManaged(story.state, model, kinds).map(({ node }) => node)

describe('what is used', () => {
  test('PROTECT 3: what is declared, used or not, and whether it is there yet or not', () => {
    const story = shop()
    const model = recordModel(story, { services: [], needs: ['topic/old', 'bucket/new'] })
    expect([isUsed(story.state, model, 'topic/old'), isUsed(story.state, model, 'bucket/new')]).toEqual([true, true])
    expect(isUsed(story.state, model, 'bucket/receipts')).toBe(false)
  })

  test('PROTECT 3: what satisfies or hosts a declared need, and all that this depends on', () => {
    const story = shop()
    const model = recordModel(story, { services: [], needs: ['sql-database/old'] })
    expect([...usedNodes(story.state, model)].toSorted()).toEqual([
      'network/old',
      'sql-database/old',
      'sql-instance/old',
    ])
  })

  test('PROTECT 3: a resource that a need was bound to, whatever its id', () => {
    const story = shop().given([imported('bucket/theirs'), made('bucket/mine', {})])
    const data = { need: 'bucket/wanted', resource: 'bucket/mine', previous: null, reason: 'ours' } as const
    story.given({ type: 'NeedBound', data })
    const model = recordModel(story, { services: [], needs: ['bucket/wanted'] })
    expect(usedNodes(story.state, model).has('bucket/mine')).toBe(true)
    expect(usersOf(story.state, model, 'bucket/mine')).toEqual(['bucket/wanted'])
  })

  test('PROTECT 3: the resource that a need names to live on, before there is an edge', () => {
    const story = shop().given(made('sql-instance/big', {}))
    const model = recordModel(story, {
      services: [],
      needs: [{ node: 'sql-database/new', dependsOn: ['sql-instance/big'] }],
    })
    expect(isUsed(story.state, model, 'sql-instance/big')).toBe(true)
  })

  test('what a used node that the code does not declare uses', () => {
    const story = shop().given([
      made('container/c', {}),
      edge('depends-on', 'bucket/receipts', 'container/c'),
      edge('uses', 'container/c', 'topic/old'),
    ])
    const model = recordModel(story, { services: [], needs: ['bucket/receipts'] })
    expect(isUsed(story.state, model, 'topic/old')).toBe(true)
  })
})

describe('what is used no more', () => {
  test('what a service used under an earlier model', () => {
    const story = shop()
    const model = recordModel(story, { services: [{ name: 'checkout' }], needs: [] })
    expect(isUsed(story.state, model, 'bucket/receipts')).toBe(false)
  })

  test('a dependency that the code dropped, though its edge is recorded still', () => {
    const story = environment()
    const before = { services: [{ name: 'a', dependsOn: ['identity/a'] as const }], needs: ['identity/a'] as const }
    const old = deployed(
      story,
      before,
      made('service/a', {}),
      made('identity/a', {}),
      edge('depends-on', 'service/a', 'identity/a'),
    )
    const model = recordModel(story, { services: [{ name: 'a' }], needs: [] })
    expect([isUsed(story.state, old, 'identity/a'), isUsed(story.state, model, 'identity/a')]).toEqual([true, false])
  })

  test('not a dependency that the code never declared: it is somebody else’s word', () => {
    const story = environment()
    const input = { services: [{ name: 'a' }], needs: [] }
    const model = deployed(
      story,
      input,
      made('service/a', {}),
      made('identity/a', {}),
      edge('depends-on', 'service/a', 'identity/a'),
    )
    expect(isUsed(story.state, model, 'identity/a')).toBe(true)
  })
})

describe('who uses it', () => {
  test('the services that use a need, or the need itself where there is none', () => {
    const story = shop()
    const services = [{ name: 'checkout', uses: [{ need: 'sql-database/old', operations: ['read'] }] }] as const
    const model = recordModel(story, { services, needs: ['sql-database/old', 'topic/old'] })
    expect(usersOf(story.state, model, 'sql-database/old')).toEqual(['service/checkout'])
    expect(usersOf(story.state, model, 'network/old')).toEqual(['service/checkout'])
    expect(usersOf(story.state, model, 'topic/old')).toEqual(['topic/old'])
    expect(usersOf(story.state, model, 'bucket/receipts')).toEqual([])
  })
})

describe('what a plan may remove', () => {
  test('PROTECT 2, OWN 3: managed, living nodes that are unused, with whether they hold data', () => {
    const story = shop().given(made('aws_sqs_queue/q', {}))
    const model = recordModel(story, { services: [], needs: ['sql-database/old'] })
    expect(unusedManaged(story.state, model, kinds)).toEqual([
      { node: 'service/checkout', statefulness: 'stateless' },
      { node: 'bucket/receipts', statefulness: 'stateful' },
      { node: 'topic/old', statefulness: 'stateful' },
      { node: 'aws_sqs_queue/q', statefulness: 'stateful' },
    ])
  })

  test('OWN 1: nothing that is only observed, until it is handed over', () => {
    const story = shop().given(imported('network/theirs'))
    const model = recordModel(story, { services: [], needs: [] })
    expect(unused(story, model)).not.toContain('network/theirs')
    story.given({ type: 'NodeManaged', data: { node: 'network/theirs', reason: 'ours now' } })
    expect(unused(story, model)).toContain('network/theirs')
  })

  test('OWN 2: nothing at all while no model is known', () => {
    expect(unused(shop(), undefined)).toEqual([])
  })

  test('nothing that is gone already', () => {
    const story = shop()
    const cause = { type: 'deployment' as const, deployment: 'd1', requests: [] }
    story.given({
      type: 'NodeRetired',
      data: { node: 'topic/old', version: 2, incarnation: 1, cause, reason: 'removed' },
    })
    expect(unused(story, recordModel(story, { services: [], needs: [] }))).not.toContain('topic/old')
  })
})

test('whatever the graph, a node is used exactly when somebody uses it', () => {
  const nodes = Array.from({ length: 8 }, (_, index): NodeId => `bucket/b${index}`)
  const node = fc.constantFrom(...nodes)
  const edges = fc.uniqueArray(
    fc.tuple(fc.constantFrom<EdgeKind>('depends-on', 'uses', 'satisfied-by', 'hosted-on'), node, node),
    {
      selector: (one) => one.join(),
      maxLength: 14,
    },
  )
  fc.assert(
    fc.property(
      edges,
      fc.uniqueArray(node, { maxLength: 3 }),
      fc.uniqueArray(node, { maxLength: 3 }),
      (all, before, now) => {
        const story = environment()
        deployed(story, { services: [], needs: before }, ...nodes.map((one) => made(one, {})))
        story.given(all.map(([kind, from, to]) => edge(kind, from, to)))
        const model = recordModel(story, { services: [], needs: now })
        const used = usedNodes(story.state, model)
        for (const one of nodes) expect(usersOf(story.state, model, one).length > 0).toBe(used.has(one))
      },
    ),
    { numRuns: 200 },
  )
})
