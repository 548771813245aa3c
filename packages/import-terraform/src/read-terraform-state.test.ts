import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readTerraformState } from './read-terraform-state.ts'
import { fingerprint, propertiesOf, read, readOne, refusal, resource, stateText } from './state.fixture.ts'

function refused(text: string) {
  return refusal(() => readTerraformState(text, { name: 'states/prod.tfstate', fingerprint }))
}

describe('what is read', () => {
  it.each([
    ['a state of version 3', { version: 3, serial: 1, modules: [] }, /version 3.*Terraform 0.11/],
    ['a state of version 1', { version: 1, serial: 1 }, /version 1/],
    ['a newer state', { version: 5, serial: 1 }, /version 5, newer/],
    [
      'an encrypted state of OpenTofu',
      { serial: 1, lineage: 'l', encrypted_data: 'AAAA', encryption_version: 'v0' },
      /encrypted.*tofu state pull/,
    ],
    ['the output of terraform show', { format_version: '1.0', values: {} }, /terraform show -json.*state pull/],
    ['a checkpoint of Pulumi', { version: 3, checkpoint: {} }, /Pulumi/],
  ])('IMPORT 1: refuses %s, saying what it is and what to do', (_title, content, message) => {
    const error = refused(JSON.stringify(content))
    expect(error.code).toBe('import-unsupported')
    expect(error.message).toMatch(message)
    expect(error.details).toMatchObject({ source: 'prod.tfstate' })
  })

  it.each([['{}'], ['[]'], ['"state"'], ['null'], ['{"version":"4"}']])(
    'IMPORT 1: refuses %s, which is no state',
    (text) => {
      const error = refused(text)
      expect(error.code).toBe('input-invalid')
      expect(error.message).toMatch(/no Terraform state.*state pull/)
    },
  )

  it.each([
    [
      'a file that is cut off',
      stateText([resource('aws_x.y', [{ attributes: { id: 'a' } }])]).slice(0, -20),
      /cut off/,
    ],
    ['an empty file', '  \n', /empty/],
    ['a byte order mark', `\uFEFF${stateText([])}`, /byte order mark/],
    ['UTF-16 read as UTF-8', '\uFFFD\uFFFD{\0"\0', /not UTF-8/],
  ])('IMPORT 2: refuses %s, saying where', (_title, text, message) => {
    const error = refused(text)
    expect(error.code).toBe('input-invalid')
    expect(error.message).toMatch(message)
    expect(error.details).toMatchObject({
      what: 'Terraform state prod.tfstate',
      issues: [{ path: expect.stringMatching(/^line \d+, column \d+$/) }],
    })
  })

  it.each([
    [resource('aws_x.y', [{ attributes: [] }]), 'aws_x.y instance 0.attributes'],
    [resource('aws_x.y', [{ attributes: {}, dependencies: [1] }]), 'aws_x.y instance 0.dependencies.0'],
    [resource('aws_x.y', [{ index_key: true }], { module: 'module.a' }), 'module.a.aws_x.y instance 0.index_key'],
    [{ mode: 'managed', type: 'aws_x' }, 'resources[0].name'],
    [resource('aws_x.y', [{ sensitive_attributes: ['password'] }]), 'aws_x.y instance 0.sensitive_attributes.0'],
    [{ ...resource('aws_x.y', []), instances: 5 }, 'aws_x.y.instances'],
  ])('IMPORT 3: names address and field of what has the wrong form: %j', (wrong, path) => {
    const error = refused(stateText([wrong]))
    expect(error.details).toMatchObject({ issues: [{ path }] })
    expect(error.code).toBe('input-invalid')
    expect(error.message).toMatch(/edited by hand/)
  })

  it('IMPORT 3: tells the position of what is no resource at all', () => {
    const text = stateText([]).replace('"resources":[]', '"resources":["text"]')
    expect(refused(text).details).toMatchObject({ issues: [{ path: 'resources[0]' }] })
  })

  it.each([
    [{ serial: -1 }, 'serial'],
    [{ serial: undefined }, 'serial'],
    [{ resources: {} }, 'resources'],
    [{ lineage: 7 }, 'lineage'],
  ])('IMPORT 3: names the field of the state that has the wrong form: %j', (wrong, path) => {
    expect(refused(stateText([], wrong)).details).toMatchObject({ issues: [{ path }] })
  })

  it('IMPORT 3: refuses the same address twice', () => {
    const twice = [resource('aws_x.y', [{ index_key: 'a' }]), resource('aws_x.y', [{ index_key: 'a' }])]
    expect(refused(stateText(twice)).details).toMatchObject({
      issues: [{ path: 'aws_x.y["a"]', problem: 'is there twice' }],
    })
  })
})

describe('the source', () => {
  it('IMPORT 4: carries name without folder, lineage, serial, digest of the text and the time it was given', () => {
    const text = stateText([])
    const graph = readTerraformState(text, {
      name: 'a/b\\prod.tfstate',
      fingerprint,
      effectiveAt: '2026-01-02T03:04:05Z',
    })
    expect(graph).toEqual({
      source: {
        type: 'terraform-state',
        name: 'prod.tfstate',
        lineage: 'l-1',
        serial: 1,
        digest: createHash('sha256').update(text).digest('hex'),
      },
      effectiveAt: '2026-01-02T03:04:05Z',
      nodes: [],
      edges: [],
    })
  })

  it('IMPORT 4: takes an empty lineage for none', () => {
    expect(read([], { lineage: '' }).source).not.toHaveProperty('lineage')
  })
})

describe('nodes', () => {
  it('IMPORT 5: makes one node of each instance, under its full address, with a key that no shell needs quoted', () => {
    const graph = read([
      resource('aws_instance.one', [{ attributes: {} }]),
      resource('aws_instance.counted', [{ index_key: 0 }, { index_key: 1 }]),
      resource('aws_instance.each', [{ index_key: 'a "b".c' }], { module: 'module.app["eu/1"].module.db[0]' }),
    ])
    expect(graph.nodes.map(({ address, key }) => [address, key])).toEqual([
      ['aws_instance.one', 'one'],
      ['aws_instance.counted[0]', 'counted.0'],
      ['aws_instance.counted[1]', 'counted.1'],
      ['module.app["eu/1"].module.db[0].aws_instance.each["a \\"b\\".c"]', 'app.eu-1.db.0.each.a-b-.c'],
    ])
  })

  it('IMPORT 5: leaves out data sources, outputs and modes it does not know', () => {
    const graph = read(
      [
        resource('aws_ami.x', [{ attributes: { id: 'ami' } }], { mode: 'data' }),
        resource('aws_ami.y', [{}], { mode: 'ephemeral' }),
      ],
      { outputs: { url: { value: 'https://example.com', type: 'string' } } },
    )
    expect(graph.nodes).toEqual([])
  })

  it('IMPORT 6: keeps a deposed object as a node of its own, for it still exists, and says what is tainted', () => {
    const graph = read([
      resource('aws_instance.web', [
        { attributes: { id: 'i-00000001' }, status: 'tainted' },
        { attributes: { id: 'i-00000002' }, deposed: '0a1b2c3d' },
      ]),
      resource('aws_eip.web', [{ dependencies: ['aws_instance.web'] }]),
    ])
    expect(graph.nodes.slice(0, 2)).toMatchObject([
      { address: 'aws_instance.web', ref: { id: 'i-00000001' }, properties: { 'provider.tainted': true } },
      {
        address: 'aws_instance.web (deposed 0a1b2c3d)',
        ref: { id: 'i-00000002' },
        properties: { 'provider.deposed': '0a1b2c3d' },
      },
    ])
    expect(graph.edges).toEqual([{ kind: 'depends-on', from: 'aws_eip.web', to: 'aws_instance.web' }])
  })

  it('IMPORT 7: imports a type without neutral kind under its own name, attributes under theirs', () => {
    const node = readOne('aws_security_group', {
      name: 'web',
      description: null,
      egress: [{ from_port: 0, self: null }],
      tags: { team: 'core', 'a.b "c"': 'x', empty: null },
      vpc_id: 'vpc-1',
    })
    expect(node.kind).toBe('aws_security_group')
    expect(node.properties).toEqual({
      name: 'web',
      egress: [{ from_port: 0 }],
      'tags["team"]': 'core',
      'tags["a.b \\"c\\""]': 'x',
      vpc_id: 'vpc-1',
    })
  })

  it('IMPORT 7: keeps integers that a double cannot hold as their digits', () => {
    const text = stateText([resource('aws_x.y', [{ attributes: { serial: 1, big: 0 } }])]).replace(
      '"big":0',
      '"big":12345678901234567890',
    )
    expect(readTerraformState(text, { name: 's', fingerprint }).nodes[0]?.properties).toEqual({
      serial: 1,
      big: '12345678901234567890',
    })
  })

  it('IMPORT 7: expands the flat attributes of states that came from Terraform 0.11', () => {
    const properties = propertiesOf(
      'aws_x',
      {},
      {
        attributes: undefined,
        attributes_flat: {
          id: 'a',
          'tags.%': '2',
          'tags.team': 'core',
          'tags.a.b': 'x',
          'subnets.#': '2',
          'subnets.10': 'second',
          'subnets.9': 'first',
          'block.#': '1',
          'block.0.port': '80',
          'block.0.names.#': '0',
        },
      },
    )
    expect(properties).toEqual({
      id: 'a',
      'tags["team"]': 'core',
      'tags["a.b"]': 'x',
      subnets: ['first', 'second'],
      block: [{ port: '80', names: [] }],
    })
  })
})
