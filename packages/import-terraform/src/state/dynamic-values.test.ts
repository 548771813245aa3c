import { describe, expect, it } from 'vitest'
import { ada, estate, grace } from '../plan/external-deployment.fixture.ts'
import { readPlan, resourceChange } from '../plan/plan.fixture.ts'
import { read, resource, stateText } from '../state.fixture.ts'
import { readTerraformState } from '../read-terraform-state.ts'
import { fingerprint } from '../state.fixture.ts'

const typed = (value: object, type: unknown) => ({ value, type })
const objectType = ['object', { pw: 'string', user: 'string', tags: ['tuple', ['string', ['map', 'dynamic']]] }]
const data = (pw: string) => ({
  id: 'c753',
  input: typed({ pw, user: 'u' }, objectType),
  output: typed({ pw, user: 'u' }, objectType),
  triggers_replace: null,
})
const marked = [
  [
    { type: 'get_attr', value: 'input' },
    { type: 'get_attr', value: 'pw' },
  ],
]
const state = (pw: string, serial: number) =>
  stateText([resource('terraform_data.s', [{ attributes: data(pw), sensitive_attributes: marked }])], {
    serial,
    lineage: 'l-1',
  })
const secret = { $secret: { keyId: expect.any(String), fingerprint: expect.any(String) } }

describe('values that a state writes together with their type', () => {
  it('IMPORT 13: what is marked inside them is hidden, also where the resource repeats it', () => {
    const [node] = readTerraformState(state('hunter2', 1), { name: 's', fingerprint }).nodes
    expect(node?.properties).toEqual({
      id: 'c753',
      'input["pw"]': secret,
      'input["user"]': 'u',
      'output["pw"]': secret,
      'output["user"]': 'u',
    })
    const deep = { nested: [typed({ pw: 'hunter2' }, ['map', 'string'])] }
    const path = [
      { type: 'get_attr', value: 'nested' },
      { type: 'index', value: { value: 0, type: 'number' } },
      { type: 'get_attr', value: 'pw' },
    ]
    const graph = read([resource('acme_thing.t', [{ attributes: deep, sensitive_attributes: [path] }])])
    expect(JSON.stringify(graph)).not.toContain('hunter2')
  })

  it('IMPORT 13: a repetition that has another form than what it repeats is hidden whole', () => {
    const attributes = { id: '1', input: ['hunter2', 'b'], output: ['hunter2', 'b', 'c'] }
    const path = [
      { type: 'get_attr', value: 'input' },
      { type: 'index', value: { value: 0, type: 'number' } },
    ]
    const [node] = read([resource('terraform_data.s', [{ attributes, sensitive_attributes: [path] }])]).nodes
    expect(node?.properties).toEqual({ id: '1', input: [secret, 'b'], output: secret })
    const manifest = { kind: 'ConfigMap', data: 'hunter2' }
    const [map] = read([
      resource('kubernetes_manifest.m', [
        {
          attributes: { manifest, object: { ...manifest, apiVersion: 'v1' } },
          sensitive_attributes: [['manifest', 'data'].map((value) => ({ type: 'get_attr', value }))],
        },
      ]),
    ]).nodes
    expect(map?.properties).toMatchObject({ 'object["data"]': secret, 'object["apiVersion"]': 'v1' })
  })

  it('EXTERNAL 2: are what plans say, so that a plan of them is seen to be done', async () => {
    const { prod } = await estate()
    await prod.import(readTerraformState(state('hunter2', 1), { name: 's', fingerprint }), ada)
    const plain = (pw: string) => ({ id: 'c753', input: { pw, user: 'u' }, triggers_replace: null })
    const sensitive = { input: { pw: true }, output: {} }
    const plan = readPlan([
      resourceChange('terraform_data.s', {
        actions: ['update'],
        before: { ...plain('hunter2'), output: plain('hunter2').input },
        after: plain('hunter3'),
        after_unknown: { input: {}, output: true },
        before_sensitive: sensitive,
        after_sensitive: sensitive,
      }),
    ])
    expect(JSON.stringify(plan)).not.toContain('hunter')
    const proposal = await prod.proposeExternal({ plan, commit: 'c' }, ada)
    await proposal.approve({ digest: plan.digest }, grace)
    await prod.import(readTerraformState(state('hunter3', 2), { name: 's', fingerprint }), ada)
    expect(await proposal.outstanding()).toEqual([])
    expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
  })

  it('IMPORT 13: what only looks like one stays as it is', () => {
    const attributes = { id: '1', parameter: { type: 'String', value: 'x' }, rule: { type: ['list'], value: 'y' } }
    const [node] = read([resource('acme_thing.t', [{ attributes }])]).nodes
    expect(node?.properties).toMatchObject({
      'parameter["type"]': 'String',
      'parameter["value"]': 'x',
      'rule["value"]': 'y',
    })
  })
})
