import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import type { ApplicationModelInput } from '../application/model-input.ts'
import { rightsOf } from '../application/rights.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import { edgeId } from '../graph/ids.ts'
import { computePlan } from './compute.ts'
import type { Plan } from './plan.ts'
import type { Step } from './step.ts'
import { capabilities, context, deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'
import { gone, observed } from './situations.fixture.ts'

/** A provider that makes grants, too. */
const serving: typeof capabilities = (provider, kind) => capabilities(provider, kind === 'grant' ? 'identity' : kind)
const world = { capabilities: serving }

type Uses = Readonly<Record<NodeId, readonly string[]>>
const app = (uses: Uses, more: Partial<ApplicationModelInput> = {}): ApplicationModelInput => ({
  services: [
    {
      name: 'checkout',
      image: 'checkout:1',
      // Keys of a record are typed as any text; these are ids.
      uses: (Object.keys(uses) as NodeId[]).map((need) => ({ need, operations: uses[need] ?? [] })),
    },
  ],
  needs: ['bucket/receipts', 'topic/sales'],
  ...more,
})
const GRANT: NodeId = 'grant/checkout--bucket.receipts'

/** What a deployment of the model leaves behind, step by step. */
function deploy(story: Given, input: ApplicationModelInput): Plan {
  const model = recordModel(story, input)
  const plan = planOf(story, { model }, world)
  const deployment = `d${story.state.deployments.deployments.size + 1}`
  deployed(story, input, ...plan.steps.flatMap((step) => outcome(story, step, deployment)))
  return plan
}

function outcome(story: Given, step: Step, deployment: string): DomainEvent[] {
  const cause = { type: 'deployment' as const, deployment, requests: [] }
  const { node, changes } = step
  const version = (story.state.graph.nodes.get(node)?.versions.at(-1)?.version ?? 0) + 1
  if (step.operation === 'create') {
    const data = { ...(made(node, {}, deployment) as DomainEvent<'NodeVersionRecorded'>).data, set: changes, version }
    return [{ type: 'NodeVersionRecorded', data }, ...edges(step, cause)]
  }
  if (step.operation === 'update') {
    const data = { node, version, incarnation: 1, set: changes, unset: [], cause }
    return [{ type: 'NodeVersionRecorded', data }, ...edges(step, cause)]
  }
  return edges(step, cause)
}

function edges(
  { node, edges: drawn }: Step,
  cause: DomainEvent<'EdgeVersionRecorded'>['data']['cause'],
): DomainEvent[] {
  return drawn.map(({ kind, to, attributes }) => ({
    type: 'EdgeVersionRecorded',
    data: { edge: edgeId(kind, node, to), version: 1, kind, from: node, to, attributes, cause },
  }))
}

const told = ({ steps }: Plan) => steps.map(({ id, phase }) => `${phase} ${id}`)

describe('deriving', () => {
  test('OWN 7: identity and grants are made after what they are on and before their service', () => {
    const plan = deploy(environment(), app({ 'bucket/receipts': ['write'] }))
    expect(told(plan)).toEqual([
      'provision create:bucket/receipts',
      'provision create:identity/checkout',
      'provision create:grant/checkout--bucket.receipts',
      'provision create:topic/sales',
      'deploy create:service/checkout',
    ])
    const [grant, , service] = plan.steps.slice(-3)
    expect(grant).toMatchObject({
      infrastructure: true,
      changes: { identity: 'identity/checkout', resource: 'bucket/receipts', operations: ['write'] },
      origins: [{ type: 'code' }],
      after: ['create:identity/checkout', 'create:bucket/receipts'],
    })
    expect(service?.after).toEqual(expect.arrayContaining(['create:identity/checkout', `create:${GRANT}`]))
  })

  test('OWN 7: also where what a service uses is rolled out with it', () => {
    const model = app({ 'service/payments': ['call'] })
    const more = { services: [...model.services, { name: 'payments' }] }
    const { steps } = deploy(environment(), { ...model, ...more })
    const ids = steps.map(({ id }) => id)
    const grant = ids.indexOf('create:grant/checkout--service.payments')
    expect(ids.indexOf('create:service/payments')).toBeLessThan(grant)
    expect(grant).toBeLessThan(ids.indexOf('create:service/checkout'))
  })

  test('OWN 7: nothing is derived where no cloud makes grants, and what is there stays', () => {
    const story = environment()
    expect(
      planOf(story, { model: recordModel(story, app({ 'bucket/receipts': ['write'] })) }).steps.map(({ id }) => id),
    ).toEqual(['create:bucket/receipts', 'create:topic/sales', 'create:service/checkout'])
    deploy(story, app({ 'bucket/receipts': ['write'] }))
    const plan = planOf(story, { model: recordModel(story, app({ 'bucket/receipts': ['write', 'read'] })) })
    expect(told(plan)).toEqual(['deploy record:service/checkout'])
  })

  test('OWN 7: an environment that was deployed without grants gets them with its next plan', () => {
    const story = environment()
    const before = app({ 'bucket/receipts': ['write'] })
    deployed(
      story,
      before,
      made('bucket/receipts', {}),
      made('topic/sales', {}),
      made('service/checkout', { image: 'checkout:1' }),
    )
    const plan = planOf(story, { model: recordModel(story, before) }, world)
    expect(told(plan)).toEqual([
      'provision create:identity/checkout',
      `provision create:${GRANT}`,
      'deploy record:service/checkout',
    ])
    expect(told(deploy(story, before))).toHaveLength(3)
    expect(planOf(story, { model: recordModel(story, before) }, world).steps).toEqual([])
  })

  test('OWN 7: a service that names another identity acts as that one', () => {
    const model = app({ 'bucket/receipts': ['write'] })
    const services = model.services.map((service) => ({ ...service, dependsOn: ['identity/shop'] as const }))
    const plan = deploy(environment(), { services, needs: [...model.needs, 'identity/shop'] })
    const ids = plan.steps.map(({ id }) => id)
    expect(ids).toContain(`create:${GRANT}--as--shop`)
    expect(ids).not.toContain('create:identity/checkout')
  })

  test('OWN 7, OWN 1: nothing is given to an identity of that name that another tool made', () => {
    const story = environment().given(observed(made('identity/checkout', {})))
    const model = recordModel(story, app({ 'bucket/receipts': ['write'] }))
    const input = { model, requests: [], createNeeds: 'all' } as const
    const refused = computePlan(story.state, input, { ...context(), ...world })
    expect(refused).toMatchObject({ code: 'binding-required', details: { needs: [{ need: 'identity/checkout' }] } })
    const data = { need: 'identity/checkout', resource: 'identity/checkout', previous: null, reason: 'it' } as const
    story.given({ type: 'NeedBound', data })
    const ids = planOf(story, { model }, world).steps.map(({ id }) => id)
    expect(ids).toContain(`create:${GRANT}`)
    expect(ids).not.toContain('create:identity/checkout')
  })

  test('OWN 7: a need that was bound to another resource is granted there, and the old grant goes in cleanup', () => {
    const story = environment()
    const model = app({ 'bucket/receipts': ['write'] })
    deploy(story, model)
    story.given(made('bucket/new', {}))
    const data = { need: 'bucket/receipts', resource: 'bucket/new', previous: null, reason: 'moved' } as const
    story.given({ type: 'NeedBound', data })
    const plan = planOf(story, { model: recordModel(story, model) }, world)
    expect(told(plan)).toEqual([`provision create:${GRANT}--bucket.new`, `cleanup remove:${GRANT}`])
    expect(plan.steps[0]?.edges.map(({ to }) => to)).toEqual(['identity/checkout', 'bucket/receipts', 'bucket/new'])
  })

  test('OWN 7, DRIFT 9: a grant that is gone is made again', () => {
    const story = environment()
    const model = app({ 'bucket/receipts': ['write'] })
    deploy(story, model)
    gone(story, GRANT)
    expect(told(planOf(story, { model: recordModel(story, model) }, world))).toEqual([`provision create:${GRANT}`])
  })
})

describe('what the code declares itself', () => {
  const grantOf = (operations: string[], node: NodeId = 'grant/by-hand') => ({
    node,
    properties: { identity: 'identity/checkout', resource: 'bucket/receipts', operations },
  })

  test('OWN 7: a grant that the code declares stands in the place of the derived one, and a difference is told', () => {
    const model = app({ 'bucket/receipts': ['write', 'read'] })
    const plan = deploy(environment(), { ...model, needs: [...model.needs, grantOf(['write'])] })
    const ids = plan.steps.map(({ id }) => id)
    expect(ids).toContain('create:grant/by-hand')
    expect(ids).not.toContain(`create:${GRANT}`)
    expect(plan.steps.find(({ node }) => node === 'grant/by-hand')?.edges.map(({ to }) => to)).toEqual([
      'identity/checkout',
      'bucket/receipts',
    ])
    expect(plan.notices).toMatchObject([{ type: 'grant-differs', node: 'grant/by-hand' }])
  })

  test('OWN 7: a derived grant makes room for a declared one, without a gap', () => {
    const story = environment()
    const model = app({ 'bucket/receipts': ['write'] })
    deploy(story, model)
    const declared = { ...model, needs: [...model.needs, grantOf(['write'])] }
    const plan = planOf(story, { model: recordModel(story, declared) }, world)
    expect(told(plan)).toEqual(['provision create:grant/by-hand', `cleanup remove:${GRANT}`])
  })

  test('OWN 7: a declaration that takes a derived grant’s id for something else is refused', () => {
    const story = environment()
    const model = app({ 'bucket/receipts': ['write'] })
    const other = {
      node: GRANT,
      properties: { identity: 'identity/checkout', resource: 'topic/sales', operations: [] },
    }
    const input = {
      model: recordModel(story, { ...model, needs: [...model.needs, other] }),
      requests: [],
      createNeeds: [],
    }
    expect(computePlan(story.state, input, { ...context(), ...world })).toMatchObject({ code: 'grant-contradictory' })
  })
})

describe('for any model', () => {
  const operation = fc.constantFrom('read', 'write', 'delete', 'list')
  const use = fc.record({
    need: fc.constantFrom<NodeId>('bucket/receipts', 'topic/sales', 'bucket/photos'),
    operations: fc.uniqueArray(operation),
  })
  const models = fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom('a', 'b', 'a--b'),
        uses: fc.uniqueArray(use, { selector: ({ need }) => need }),
      }),
      { selector: ({ name }) => name },
    )
    .map((services): ApplicationModelInput => ({
      services,
      needs: ['bucket/receipts', 'topic/sales', 'bucket/photos'],
    }))

  test('OWN 7: after deployments of any models, grants are exactly what the last one uses', () => {
    fc.assert(
      fc.property(fc.array(models, { minLength: 1, maxLength: 4 }), (inputs) => {
        const story = environment()
        for (const input of inputs) {
          const plan = deploy(story, input)
          const removed = plan.steps.filter(({ operation: type }) => type === 'remove').map(({ node }) => node)
          for (const node of removed) retire(story, node)
        }
        const wanted = inputs
          .at(-1)
          ?.services.flatMap(({ name, uses = [] }) =>
            uses
              .filter(({ operations }) => operations.length > 0)
              .map(({ need, operations }) => JSON.stringify([`service/${name}`, need, [...operations].toSorted()])),
          )
        const there = [...story.state.graph.nodes.values()].flatMap(({ kind, versions }) => {
          const newest = versions.at(-1)
          if (kind !== 'grant' || newest === undefined || newest.retired !== undefined) return []
          const { service, need, operations } = newest.properties
          return [JSON.stringify([service, need, [...(operations as string[])].toSorted()])]
        })
        expect(there.toSorted()).toEqual((wanted ?? []).toSorted())
        const model = recordModel(story, inputs.at(-1) ?? { services: [], needs: [] })
        const left = planOf(story, { model }, world).steps.filter(({ node }) => node.startsWith('grant/'))
        expect(left).toEqual([])
        expect([...rightsOf(story.state, model)].flatMap(({ grants }) => grants)).toHaveLength(there.length)
      }),
    )
  })

  function retire(story: Given, node: NodeId): void {
    const cause = { type: 'repair', reason: 'removed' } as const
    const { graph } = story.state
    const around = [...(graph.outgoing.get(node) ?? []), ...(graph.incoming.get(node) ?? [])]
    for (const edge of around) {
      const version = graph.edges.get(edge)?.versions.at(-1)
      if (version?.retired === false)
        story.given({ type: 'EdgeRetired', data: { edge, version: version.version + 1, cause } })
    }
    const newest = graph.nodes.get(node)?.versions.at(-1)
    const place = { version: (newest?.version ?? 0) + 1, incarnation: newest?.incarnation ?? 1 }
    story.given({ type: 'NodeRetired', data: { node, ...place, cause, reason: 'removed' } })
  }
})
