import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretReference } from '@infraledger/core/adapter'
import { readTerraformState } from '../read-terraform-state.ts'
import { fingerprint, propertiesOf, read, refusal, resource, stateText } from '../state.fixture.ts'
import { holdsSecret } from './secret-content.ts'
import { isSecretName } from './secret-names.ts'

const attribute = (value: string) => ({ type: 'get_attr', value })
const at = (value: string | number) => ({ type: 'index', value: { value, type: typeof value } })

const SECRET = `
  password master_password root_password administrator_login_password DB_PASSWORD PGPASSWORD db_pass token
  auth_token OAuthToken secret clientSecret secret_string SECRET_KEY_BASE secret_access_key private_key
  private_key_pem primary_access_key primary_shared_key primary_key tunnel1_preshared_key api_key
  connection_string primary_blob_connection_string kube_config_raw plaintext_value user_data custom_data raw_key
`
  .trim()
  .split(/\s+/)

const NOT_SECRET = `
  kms_key_id hash_key public_key key_name password_length secret_arn id_token_validity api_key_source bypass
  encrypted customer_master_key_spec compass tokens_per_second
`
  .trim()
  .split(/\s+/)

describe('what the state marks', () => {
  it('IMPORT 13: is stored as a fingerprint, at any depth, and the rest beside it stays', () => {
    const properties = propertiesOf(
      'aws_x',
      { note: 'hide-1', env: { A: 'hide-2', B: 'seen' }, rules: [{ port: 1 }, { port: 443, cert: 'hide-3' }] },
      {
        sensitive_attributes: [
          [attribute('note')],
          [attribute('env'), at('A')],
          [attribute('rules'), at(1), attribute('cert')],
          [attribute('absent'), attribute('x')],
        ],
      },
    )
    expect(properties).toEqual({
      note: fingerprint('hide-1'),
      'env["A"]': fingerprint('hide-2'),
      'env["B"]': 'seen',
      rules: [{ port: 1 }, { port: 443, cert: fingerprint('hide-3') }],
    })
  })

  it('IMPORT 13: has one fingerprint for the same value, whatever holds it', () => {
    const marks = { sensitive_attributes: [[attribute('a')], [attribute('list'), at(0)]] }
    const properties = propertiesOf('aws_x', { a: 'hidden', list: ['hidden'] }, marks)
    expect(properties['list']).toEqual([properties['a']])
  })

  it('IMPORT 13: hides whole values, whichever of their members are marked too', () => {
    const value = { login: 'x', sides: [1, true] }
    const marks = [[attribute('data'), at('login')], [attribute('data')]]
    const one = propertiesOf('aws_x', { data: value }, { sensitive_attributes: marks })
    const other = propertiesOf('aws_x', { data: value }, { sensitive_attributes: marks.toReversed() })
    expect(one).toEqual({ data: fingerprint('{"login":"x","sides":[1,true]}') })
    expect(other).toEqual(one)
  })

  it('IMPORT 13: hides a whole set, whose elements have no index', () => {
    const path = [
      attribute('setting'),
      { type: 'index', value: { value: { name: 'a', value: 'hidden' }, type: ['object', {}] } },
      attribute('value'),
    ]
    const properties = propertiesOf(
      'aws_x',
      { setting: [{ name: 'a', value: 'hidden' }] },
      { sensitive_attributes: [path] },
    )
    expect(isSecretReference(properties['setting'])).toBe(true)
  })

  it('IMPORT 13: hides everything when the resource itself is marked, and keeps what is empty', () => {
    const properties = propertiesOf('aws_x', { a: 'x', b: 7, c: '', d: [], e: null }, { sensitive_attributes: [[]] })
    expect(properties).toEqual({ a: fingerprint('x'), b: fingerprint('7'), c: '', d: [] })
  })
})

describe('what no mark tells', () => {
  it.each(SECRET)('IMPORT 14: is secret under the name %s', (name) => {
    expect(propertiesOf('any_type', { [name]: 'hunter2' })).toEqual({ [name]: fingerprint('hunter2') })
    expect(propertiesOf('any_type', { blocks: [{ [name]: 'hunter2' }] })).toEqual({
      blocks: [{ [name]: fingerprint('hunter2') }],
    })
  })

  it.each(NOT_SECRET)('IMPORT 14: is not secret under the name %s', (name) => {
    expect(isSecretName(name)).toBe(false)
  })

  it.each([
    ['aws_iam_access_key', { secret: 'S' }, 'secret'],
    ['random_password', { result: 'S', length: 3 }, 'result'],
    ['kubernetes_secret', { data: { login: 'S' } }, 'data'],
    ['azurerm_key_vault_secret', { value: 'S' }, 'value'],
    ['aws_ssm_parameter', { type: 'SecureString', value: 'S' }, 'value'],
    ['helm_release', { metadata: [{ name: 'x', values: '{"a":"S"}' }] }, 'metadata'],
  ])('IMPORT 14: is secret in %s by what it is', (type, attributes, attributeName) => {
    const properties = propertiesOf(type, attributes)
    expect(JSON.stringify(properties[attributeName])).toMatch(/\$secret/)
    expect(JSON.stringify(properties)).not.toMatch(/"S"|\\"S\\"/)
  })

  it('IMPORT 14: is secret by its form: URLs and pairs with a password, private keys, JSON with a secret inside', () => {
    const properties = propertiesOf('aws_x', {
      url: 'postgres://app:hunter2@db:5432/orders',
      pairs: 'Server=db;Password=hunter2;',
      pem: '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n',
      definitions: '[{"name":"app","environment":[{"name":"DB_PASSWORD","value":"hunter2"}]}]',
      environment: [{ variables: { DB_PASSWORD: 'hunter2', DB_HOST: 'db' } }],
      env: [{ name: 'API_TOKEN', value: 'hunter2' }],
    })
    expect(JSON.stringify(properties)).not.toMatch(/hunter2|AAAA/)
    expect(properties['environment']).toEqual([{ variables: { DB_PASSWORD: fingerprint('hunter2'), DB_HOST: 'db' } }])
  })

  it.each([
    ['a file of settings', 'mode=x\nspring.datasource.password=hunter2\n'],
    ['a file of YAML', 'auth:\n  adminPassword: "hunter2"\n'],
    ['a manifest of Kubernetes', 'apiVersion: v1\nkind: Secret\nstringData:\n  any: hunter2\n'],
    ['a header', 'Bearer hunter2hunter2hunter2'],
    ['a token', `https://git.example.com?t=ghp_${'hunter2'.repeat(6)}`],
    ['a template', '{"Parameters":{"MasterUserPassword":{"Default":"hunter2"}}}'],
  ])('IMPORT 14: is secret inside %s', (_, text) => {
    expect(propertiesOf('any_type', { text })).toEqual({ text: fingerprint(text) })
  })

  it('IMPORT 14: is secret in a manifest of Kubernetes, under any name', () => {
    const manifest = { kind: 'Secret', metadata: { name: 'app' }, data: { login: 'aHVudGVyMg==' } }
    const properties = propertiesOf('kubernetes_manifest', { manifest })
    expect(properties).toMatchObject({ 'manifest["kind"]': 'Secret', 'manifest["metadata"]': { name: 'app' } })
    expect(JSON.stringify(properties)).not.toContain('aHVudGVyMg==')
  })

  it.each([
    'iam:UpdateAccountPasswordPolicy=allowed',
    'Basic authentication of the password manager',
    'The bearer of this message',
    'kind: SecretStore',
    'password: |',
    'https://example.com/password/reset?user=1',
    '{"Statement":[{"Action":"secretsmanager:GetRandomPassword","Resource":"*"}]}',
  ])('IMPORT 14: %s is no secret', (text) => {
    expect(propertiesOf('any_type', { text })).toEqual({ text })
  })

  it.each(['a', '://', '://:', 'eyJ', 'password ', ' ', '-----BEGIN ', 'Bearer ', 'SG.', 'a.'])(
    'IMPORT 14: a text of 256 KiB of %j is looked through at once',
    (piece) => {
      const began = performance.now()
      holdsSecret(`${piece.repeat(262_144 / piece.length)}:// = : Secret -----BEGIN`)
      expect(performance.now() - began).toBeLessThan(2_000)
    },
  )

  it('IMPORT 14: leaves references to secrets, policies and tags alone', () => {
    const attributes = {
      secret: 'projects/p/secrets/s',
      client_secret: 'arn:aws:secretsmanager:eu-west-1:1:secret:s',
      policy: '{"Statement":[{"Effect":"Allow","Action":"s3:*"}]}',
      manage_master_user_password: true,
      url: 'https://example.com:8080/a@b',
    }
    const properties = propertiesOf('aws_x', { ...attributes, tags: { token: 'blue' } })
    expect(properties).toEqual({ ...attributes, 'tags["token"]': 'blue' })
    expect(propertiesOf('aws_ssm_parameter', { type: 'String', value: 'seen' })).toEqual({
      type: 'String',
      value: 'seen',
    })
  })
})

describe('no secret', () => {
  it('IMPORT 15: comes out of a state in any form, its private data and outputs included', () => {
    const instance = { attributes: { password: 'hunter2' }, private: 'hunter2' }
    const graph = read([resource('aws_db_instance.x', [instance])], {
      outputs: { url: { value: 'hunter2', type: 'string', sensitive: true } },
    })
    expect(JSON.stringify(graph)).not.toContain('hunter2')
  })

  it('IMPORT 15: comes out of a refusal', () => {
    const attributes = { password: 'hunter2' }
    const damaged = stateText([resource('aws_x.y', [{ attributes, dependencies: ['hunter2', 7], index_key: {} }])])
    const oversized = stateText([
      resource('aws_x.y', [{ attributes: { ...attributes, body: 'hunter2'.repeat(50_000) } }]),
    ])
    for (const text of [damaged, oversized, damaged.slice(0, -9), damaged.replace('"hunter2"', 'hunter2')]) {
      const error = refusal(() => readTerraformState(text, { name: 's', fingerprint }))
      expect(JSON.stringify([error.message, error.details, String(error.cause)])).not.toContain('hunter2')
    }
  })

  it('IMPORT 15: comes out of a marked value, whatever surrounds it', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        fc.constant('hunter2'),
        fc.integer(),
        fc.constant(null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('any'), { maxLength: 4 }),
      object: fc.dictionary(fc.string({ maxLength: 4 }), tie('any'), { maxKeys: 4 }),
    })).any
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), value), (attributes) => {
        const marks = Object.keys(attributes).map((name) => [attribute(name)])
        const properties = propertiesOf('aws_x', attributes, { sensitive_attributes: marks })
        expect(JSON.stringify(properties)).not.toContain('hunter2')
      }),
    )
  })
})
