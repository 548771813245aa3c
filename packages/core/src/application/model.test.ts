import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { canonicalJson } from '../json.ts'
import { isLedgerError } from '../ledger-error.ts'
import type { LedgerError } from '../ledger-error.ts'
import { defineKind } from '../graph/define-kind.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { applicationModel, readModel } from './model.ts'
import { MODEL_LIMITS } from './model-input.ts'
import type { ApplicationModelInput } from './model-input.ts'

const shop: ApplicationModelInput = {
  commit: 'c1',
  services: [
    {
      name: 'checkout',
      image: 'checkout:42',
      replicas: 2,
      properties: { 'labels["team"]': 'pay' },
      uses: [{ need: 'sql-database/orders', operations: ['write', 'read'] }],
      dependsOn: ['service/users', 'gateway/web'],
    },
    { name: 'users' },
  ],
  needs: [
    'gateway/web',
    { node: 'sql-database/orders', properties: { charset: 'utf8' }, dependsOn: ['sql-instance/main'] },
  ],
}

function refusal(input: unknown): LedgerError {
  try {
    // What comes from a file has any shape.
    applicationModel(input as ApplicationModelInput)
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
  throw new Error('the model was not refused')
}

const issuesOf = (input: unknown): unknown => {
  const error = refusal(input)
  return isLedgerError(error, 'input-invalid') ? error.details.issues : error.code
}

describe('a model', () => {
  test('declares services and needs as nodes, in the order of their ids and in a normal form', () => {
    const model = applicationModel(shop)
    expect(model.commit).toBe('c1')
    expect([...model.declarations.values()]).toEqual([
      { node: 'gateway/web', properties: {}, dependsOn: [], uses: [] },
      {
        node: 'service/checkout',
        properties: { 'labels["team"]': 'pay', image: 'checkout:42', replicas: 2 },
        dependsOn: ['gateway/web', 'service/users'],
        uses: [{ need: 'sql-database/orders', operations: ['read', 'write'] }],
      },
      { node: 'service/users', properties: {}, dependsOn: [], uses: [] },
      { node: 'sql-database/orders', properties: { charset: 'utf8' }, dependsOn: ['sql-instance/main'], uses: [] },
    ])
  })

  test('has a digest of what it declares: not of the order in which it is written, and not of the commit', () => {
    const { services, needs } = shop
    const { digest } = applicationModel(shop)
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(applicationModel({ commit: 'c2', services: services.toReversed(), needs: needs.toReversed() }).digest).toBe(
      digest,
    )
    expect(applicationModel({ services: services.slice(1), needs }).digest).not.toBe(digest)
    expect(applicationModel({ services: [], needs: [] }).digest).not.toBe(digest)
  })

  test('has the SHA-256 of its canonical JSON as its digest', () => {
    const model = applicationModel({
      services: [
        { name: 'a', uses: [{ need: 'bucket/b', operations: [] }], properties: { replicas: 1, 'labels["x"]': 'é' } },
      ],
      needs: ['bucket/b'],
    })
    const canonical =
      '[{"dependsOn":[],"node":"bucket/b","properties":{},"uses":[]},' +
      '{"dependsOn":[],"node":"service/a","properties":{"labels[\\"x\\"]":"é","replicas":1},"uses":[{"need":"bucket/b","operations":[]}]}]'
    expect(model.digest).toBe(createHash('sha256').update(canonical).digest('hex'))
    expect(canonicalJson([...model.declarations.values()])).toBe(canonical)
  })

  test('is read from plain data wherever one is taken, and read once when it was built', () => {
    const kinds = kindCatalogue(standardKinds)
    const model = readModel(JSON.parse(JSON.stringify(shop)), kinds)
    expect(model).toEqual(applicationModel(shop))
    expect(readModel(model, kinds)).toBe(model)
    expect(readModel(applicationModel(shop), kinds)).toEqual(model)
  })

  test('GRAPH 8: that was built with other kinds is checked against these', () => {
    const flag = defineKind({
      name: 'flag',
      statefulness: 'stateless',
      properties: { enabled: { schema: z.boolean() } },
    })
    const input: ApplicationModelInput = { services: [], needs: [{ node: 'flag/dark', properties: { enabled: true } }] }
    const model = applicationModel(input, [flag])
    expect(applicationModel(input, kindCatalogue([...standardKinds, flag]))).toEqual(model)
    expect(readModel(model, kindCatalogue(standardKinds))).toMatchObject({ code: 'kind-unknown' })
  })

  test('of a hundred thousand declarations in one chain is built', () => {
    const count = 50_000
    const services = Array.from({ length: count }, (_, index) => ({
      name: `s${index}`,
      uses: [{ need: `bucket/b${index}` as const, operations: ['read'] }],
      dependsOn: index === 0 ? [] : [`service/s${index - 1}` as const],
    }))
    const needs = Array.from({ length: count }, (_, index) => `bucket/b${index}` as const)
    expect(applicationModel({ services, needs }).declarations.size).toBe(2 * count)
  })
})

describe('a model of the wrong shape', () => {
  test.each([
    ['no services', { needs: [] }, 'services'],
    ['an unknown key', { services: [{ name: 'a', imgae: 'x' }], needs: [] }, 'services[0]'],
    [
      'no node id',
      { services: [{ name: 'a', uses: [{ need: 'orders', operations: [] }] }], needs: [] },
      'services[0].uses[0].need',
    ],
    [
      'properties that JSON cannot hold',
      { services: [], needs: [{ node: 'bucket/a', properties: { versioning: new Date(0) } }] },
      'needs[0].properties',
    ],
    [
      'a number of replicas that is none',
      { services: [{ name: 'a', replicas: -1 }], needs: [] },
      'services[0].replicas',
    ],
    ['a name with a line break', { services: [{ name: 'a\nb' }], needs: [] }, 'services[0].name'],
    [
      'an image said twice',
      { services: [{ name: 'a', image: 'x', properties: { image: 'y' } }], needs: [] },
      'services[0].properties',
    ],
    ['a need declared twice', { services: [], needs: ['bucket/a', { node: 'bucket/a' }] }, 'needs[1]'],
    ['a service declared as a need too', { services: [{ name: 'a' }], needs: ['service/a'] }, 'needs[0]'],
    [
      'a need used twice',
      {
        services: [
          { name: 'a', uses: ['read', 'write'].map((operation) => ({ need: 'bucket/a', operations: [operation] })) },
        ],
        needs: ['bucket/a'],
      },
      'services[0].uses[1]',
    ],
    [
      'a declaration that fits no event',
      {
        services: [],
        needs: [
          { node: 'bucket/a', properties: { 'provider.a': 'x'.repeat(200_000), 'provider.b': 'x'.repeat(200_000) } },
        ],
      },
      'bucket/a',
    ],
  ])('is refused with the path of what is wrong: %s', (_, input, path) => {
    expect(issuesOf(input)).toMatchObject([{ path }])
  })

  test('is refused with all that is wrong at once, and a bounded list of it', () => {
    const needs = Array.from({ length: 100 }, () => 'nope')
    expect(issuesOf({ services: 1, needs: ['x', 'bucket/a'] })).toMatchObject([
      { path: 'services' },
      { path: 'needs[0].node' },
    ])
    expect(issuesOf({ services: [], needs })).toHaveLength(50)
    expect(MODEL_LIMITS.declarations).toBeGreaterThanOrEqual(100_000)
  })

  test.each([null, undefined, 'x', [], new Map()])('is refused: %o', (input) => {
    expect(refusal(input).code).toBe('input-invalid')
  })
})

describe('a model that says what cannot be', () => {
  test('GRAPH 8: an unknown kind is refused with the closest known one', () => {
    expect(refusal({ services: [], needs: ['sql-databse/orders'] })).toMatchObject({
      code: 'kind-unknown',
      details: { kind: 'sql-databse', closest: ['sql-database'] },
    })
  })

  test('GRAPH 8: an unknown property is refused with the closest known one, and where it stands', () => {
    const error = refusal({ services: [], needs: [{ node: 'bucket/a', properties: { versionning: true } }] })
    expect(error).toMatchObject({
      code: 'property-unknown',
      details: { property: 'versionning', closest: ['versioning'] },
    })
    expect(error.message).toContain('bucket/a')
  })

  test('GRAPH 8: a value that the kind does not take is refused, and a secret by value with it', () => {
    expect(refusal({ services: [], needs: [{ node: 'bucket/a', properties: { versioning: 'yes' } }] }).code).toBe(
      'property-invalid',
    )
    const secret = { node: 'secret/key', properties: { value: 'hunter2' } }
    expect(refusal({ services: [], needs: [secret] }).message).not.toContain('hunter2')
  })

  test('GRAPH 8: what the provider reports cannot be declared', () => {
    const needs = [{ node: 'certificate/web', properties: { expiresAt: '2030' } }]
    expect(refusal({ services: [], needs })).toMatchObject({
      code: 'property-not-changeable',
      details: { owner: 'provider' },
    })
  })

  test('a use of a need that is not declared is refused with the closest that is', () => {
    const services = [{ name: 'a', uses: [{ need: 'sql-database/ordres', operations: ['read'] }] }]
    expect(refusal({ services, needs: ['sql-database/orders'] })).toMatchObject({
      code: 'need-not-found',
      details: { need: 'sql-database/ordres', closest: ['sql-database/orders'] },
    })
  })

  test('a dependency on what is not declared is refused, except the resource that a need lives on', () => {
    const input = (dependsOn: string): unknown => ({
      services: [],
      needs: [{ node: 'sql-database/orders', dependsOn: [dependsOn] }],
    })
    expect(refusal(input('network/main'))).toMatchObject({ code: 'node-not-found', details: { node: 'network/main' } })
    expect(refusal({ services: [{ name: 'a', dependsOn: ['sql-instance/main'] }], needs: [] }).code).toBe(
      'node-not-found',
    )
    expect(readModel(input('sql-instance/main'), kindCatalogue(standardKinds))).toHaveProperty('digest')
  })

  test.each([
    ['one that depends on itself', [{ name: 'a', dependsOn: ['service/a'] }], [], ['service/a', 'service/a']],
    [
      'two that depend on each other',
      [
        { name: 'a', dependsOn: ['service/b'] },
        { name: 'b', dependsOn: ['service/a'] },
      ],
      [],
      ['service/a', 'service/b', 'service/a'],
    ],
    [
      'a need that depends on its user',
      [{ name: 'a', uses: [{ need: 'bucket/b', operations: [] }] }],
      [{ node: 'bucket/b', dependsOn: ['service/a'] }],
      ['bucket/b', 'service/a', 'bucket/b'],
    ],
    [
      'an instance that depends on the database that lives on it',
      [],
      ['sql-database/b', { node: 'sql-instance/main', dependsOn: ['sql-database/b'] }],
      ['sql-database/b', 'sql-instance/main', 'sql-database/b'],
    ],
  ])('GRAPH 7: a cycle is refused and printed: %s', (_, services, needs, cycle) => {
    const error = refusal({ services, needs })
    expect(error).toMatchObject({ code: 'cycle-found', details: { cycle } })
    expect(error.message).toContain(cycle.join(' -> '))
  })
})
