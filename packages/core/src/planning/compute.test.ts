import { describe, expect, test } from 'vitest'
import { computePlan } from './compute.ts'
import { describePlan } from './describe.ts'
import { context, deployed, environment, made, planOf, recordModel } from './planning.fixture.ts'

const shop = {
  services: [
    { name: 'checkout', image: 'checkout:1', uses: [{ need: 'sql-database/orders', operations: ['read', 'write'] }] },
  ],
  needs: ['sql-database/orders', { node: 'bucket/receipts', properties: { versioning: true } }],
} as const

const ids = (plan: { steps: readonly { id: string }[] }): string[] => plan.steps.map(({ id }) => id)

describe('a first plan', () => {
  test('DEPLOY 3: hosts come before what lives on them, needs before the services that use them, phases in order', () => {
    const story = environment()
    const plan = planOf(story, { model: recordModel(story, shop) })
    expect(ids(plan)).toEqual([
      'create:bucket/receipts',
      'create:sql-instance/main',
      'record:sql-database/orders',
      'create:service/checkout',
    ])
    expect(plan.steps.map(({ phase }) => phase)).toEqual(['provision', 'provision', 'provision', 'deploy'])
    expect(plan.steps.find(({ id }) => id === 'record:sql-database/orders')?.edges).toEqual([
      { kind: 'satisfied-by', to: 'sql-instance/main', attributes: {} },
    ])
  })

  test('PROTECT 4: what is created stateful has its protections set explicitly', () => {
    const story = environment()
    const plan = planOf(story, { model: recordModel(story, shop) })
    expect(plan.steps.find(({ node }) => node === 'sql-instance/main')?.changes).toMatchObject({
      deletionProtection: true,
      availability: 'regional',
      'backup.retentionDays': 7,
      'backup.pointInTimeRecovery': true,
      'network.publicAccess': false,
      'encryption.atRest': true,
    })
  })

  test('DEPLOY 4: rolling out the application is no infrastructure change', () => {
    const story = environment()
    const plan = planOf(story, {
      model: recordModel(story, { services: [{ name: 'api', image: 'api:1' }], needs: [] }),
    })
    expect(plan.steps.map(({ infrastructure }) => infrastructure)).toEqual([false])
  })

  test('DEPLOY 5: the same model on the same state has the same digest; a moved node makes another plan', () => {
    const story = environment()
    deployed(story, shop, made('bucket/receipts', { versioning: false }))
    const model = recordModel(story, {
      ...shop,
      needs: [
        'sql-database/orders',
        { node: 'bucket/receipts', properties: { versioning: true, publicAccess: false } },
      ],
    })
    const first = planOf(story, { model })
    expect(planOf(story, { model }).digest).toBe(first.digest)
    story.given({
      type: 'NodeVersionRecorded',
      data: {
        node: 'bucket/receipts',
        version: 2,
        incarnation: 1,
        set: { 'labels["team"]': 'x' },
        unset: [],
        cause: { type: 'drift', observation: 'o' },
      },
    })
    expect(planOf(story, { model }).digest).not.toBe(first.digest)
  })

  test('DEPLOY 4: an environment without a cloud plans no creation that could not happen', () => {
    const story = environment()
    const model = recordModel(story, shop)
    const homeless = { ...story.state, environment: { ...story.state.environment, clouds: [] } }
    expect(computePlan(homeless, { model, requests: [], createNeeds: [] }, context())).toMatchObject({
      code: 'cloud-not-configured',
    })
  })
})

describe('what the code declares', () => {
  const bucket = (properties: Record<string, boolean>) => ({
    services: [],
    needs: [{ node: 'bucket/receipts' as const, properties }],
  })

  test('DRIFT 18: adopted drift on a declared property stays while the code asks for the same as before', () => {
    const story = environment()
    const model = deployed(story, bucket({ versioning: true }), made('bucket/receipts', { versioning: true }))
    story.given({
      type: 'NodeVersionRecorded',
      data: {
        node: 'bucket/receipts',
        version: 2,
        incarnation: 1,
        set: { versioning: false },
        unset: [],
        cause: { type: 'drift', observation: 'o' },
      },
    })
    expect(planOf(story, { model }).steps).toEqual([])
    const more = recordModel(story, { ...bucket({ versioning: true }), services: [{ name: 'api' }] })
    expect(ids(planOf(story, { model: more }))).toEqual(['create:service/api'])
  })

  test('DRIFT 18: a value that the code changed is written, from what is recorded', () => {
    const story = environment()
    deployed(story, bucket({ versioning: true }), made('bucket/receipts', { versioning: true }))
    const plan = planOf(story, { model: recordModel(story, bucket({ versioning: false })) })
    expect(plan.steps).toMatchObject([
      {
        id: 'update:bucket/receipts',
        changes: { versioning: false },
        expected: { versioning: true },
        origins: [{ type: 'code', properties: ['versioning'] }],
      },
    ])
  })

  test('DRIFT 15: a growth-only value is never planned downwards', () => {
    const story = environment()
    const instance = (gib: number) => ({
      services: [],
      needs: [{ node: 'sql-instance/main' as const, properties: { 'storage.gib': gib } }],
    })
    deployed(story, instance(100), made('sql-instance/main', { 'storage.gib': 200 }))
    const plan = planOf(story, { model: recordModel(story, instance(150)) })
    expect(plan.steps).toEqual([])
    expect(planOf(story, { model: recordModel(story, instance(300)) }).steps).toMatchObject([
      { changes: { 'storage.gib': 300 } },
    ])
  })

  test('PROTECT 8: no plan replaces what is there: an immutable property is refused with the way to go', () => {
    const story = environment()
    const instance = (engine: string) => ({
      services: [],
      needs: [{ node: 'sql-instance/main' as const, properties: { engine } }],
    })
    deployed(story, instance('postgres'), made('sql-instance/main', { engine: 'postgres' }))
    const model = recordModel(story, instance('mysql'))
    expect(computePlan(story.state, { model, requests: [], createNeeds: [] }, context())).toMatchObject({
      code: 'replacement-required',
      details: { node: 'sql-instance/main', property: 'engine' },
    })
  })

  test('OWN 1: an observed node is never written', () => {
    const story = environment()
    const observed = made('bucket/receipts', { versioning: false })
    deployed(story, bucket({ versioning: false }), {
      ...observed,
      data: { ...observed.data, ownership: 'observed', cause: { type: 'repair', reason: 'found' } },
    } as typeof observed)
    story.given({
      type: 'NeedBound',
      data: { need: 'bucket/receipts', resource: 'bucket/receipts', previous: null, reason: 'it is this one' },
    })
    expect(planOf(story, { model: recordModel(story, bucket({ versioning: true })) }).steps).toEqual([])
  })

  test('OWN 4: while resources exist that a need could be bound to, the plan stops and lists them, unless told to create', () => {
    const story = environment()
    const legacy = made('bucket/legacy', {})
    story.given({
      ...legacy,
      data: { ...legacy.data, ownership: 'observed', cause: { type: 'repair', reason: 'found' } },
    } as typeof legacy)
    const model = recordModel(story, bucket({ versioning: true }))
    expect(computePlan(story.state, { model, requests: [], createNeeds: [] }, context())).toMatchObject({
      code: 'binding-required',
      details: { needs: [{ need: 'bucket/receipts', candidates: ['bucket/legacy'] }] },
    })
    expect(ids(planOf(story, { model, createNeeds: ['bucket/receipts'] }))).toEqual(['create:bucket/receipts'])
    expect(ids(planOf(story, { model, createNeeds: 'all' }))).toEqual(['create:bucket/receipts'])
  })

  test('DRIFT 9: a stateless resource that vanished is made again, a stateful one is not', () => {
    const story = environment()
    const model = deployed(
      story,
      { services: [], needs: ['identity/api', 'bucket/receipts'] },
      made('identity/api', {}),
      made('bucket/receipts', {}),
    )
    for (const node of ['identity/api', 'bucket/receipts'] as const) {
      const ref = story.state.graph.nodes.get(node)?.versions.at(-1)?.ref
      if (ref !== undefined) story.given({ type: 'ResourceMissing', data: { observation: 'o', node, ref } })
    }
    const plan = planOf(story, { model })
    expect(ids(plan)).toEqual(['create:identity/api'])
    expect(plan.notices).toMatchObject([{ type: 'missing-stateful', node: 'bucket/receipts' }])
  })
})

describe('what is no longer used', () => {
  const both = { services: [], needs: ['identity/api', 'bucket/receipts'] } as const

  test('PROTECT 7: unused stateless nodes go in cleanup, without a confirmation; PROTECT 2 keeps the stateful ones', () => {
    const story = environment()
    deployed(story, both, made('identity/api', {}), made('bucket/receipts', {}))
    const plan = planOf(story, { model: recordModel(story, { services: [], needs: [] }) })
    expect(plan.steps).toMatchObject([{ id: 'remove:identity/api', phase: 'cleanup', origins: [{ type: 'unused' }] }])
    expect(plan.notices).toMatchObject([{ type: 'kept', node: 'bucket/receipts' }])
  })

  test('PROTECT 6: a confirmed instance is copied before it is removed', () => {
    const story = environment()
    deployed(story, { services: [], needs: ['sql-instance/main'] }, made('sql-instance/main', {}))
    deployed(story, { services: [], needs: [] })
    story.given({
      type: 'DeletionConfirmed',
      data: {
        node: 'sql-instance/main',
        incarnation: 1,
        lossAcknowledged: false,
        automatedBackupsToo: false,
        reason: 'moved away',
      },
    })
    const plan = planOf(story, { model: recordModel(story, { services: [], needs: [] }) })
    expect(ids(plan)).toEqual(['take-last-copy:sql-instance/main', 'remove:sql-instance/main'])
    expect(plan.steps[1]?.after).toEqual(['take-last-copy:sql-instance/main'])
  })

  test('a plan reads as text: what, old to new, why', () => {
    const story = environment()
    deployed(story, both, made('identity/api', {}), made('bucket/receipts', { versioning: false }))
    const plan = planOf(story, {
      model: recordModel(story, {
        services: [],
        needs: [{ node: 'bucket/receipts', properties: { versioning: true } }],
      }),
    })
    const text = describePlan(plan)
    expect(text).toContain('~ update bucket/receipts')
    expect(text).toContain('versioning: false → true')
    expect(text).toContain('- remove identity/api')
    expect(text).toContain('1 to change, 1 to remove')
  })
})
