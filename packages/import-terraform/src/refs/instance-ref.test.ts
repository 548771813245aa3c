import { describe, expect, it } from 'vitest'
import { read, readOne, resource } from '../state.fixture.ts'
import { providerName } from './provider-name.ts'

const google = { provider: 'provider["registry.terraform.io/hashicorp/google-beta"].eu' }

describe('identity', () => {
  it.each([
    ['provider["registry.terraform.io/hashicorp/aws"]', 'aws'],
    ['module.a["x"].provider["registry.opentofu.org/hashicorp/google-beta"].eu', 'gcp'],
    ['provider.azurerm.west', 'azurerm'],
    ['module.a.provider.github', 'github'],
    ['provider. null', 'null'],
    ['', 'gcp'],
  ])('IMPORT 9: reads the provider from %j', (address, expected) => {
    expect(providerName(address, 'google_sql_user')).toBe(expected)
  })

  it('IMPORT 9: of an RDS instance is the one that the AWS adapter gives it', () => {
    const arn = 'arn:aws:rds:eu-west-1:123456789012:db:orders'
    expect(readOne('aws_db_instance', { arn, id: 'db-ABC', identifier: 'orders', resource_id: 'db-ABC' }).ref).toEqual({
      provider: 'aws',
      account: '123456789012',
      region: 'eu-west-1',
      type: 'rds-instance',
      name: 'orders',
      id: 'db-ABC',
    })
  })

  it('IMPORT 9: of a Cloud SQL instance is its name in its project, for there is no other', () => {
    const attributes = { name: 'orders', project: 'shop', region: 'europe-west1', self_link: 'https://x/y' }
    const [node] = read([resource('google_sql_database_instance.x', [{ attributes }], google)]).nodes
    expect(node?.ref).toEqual({
      provider: 'gcp',
      account: 'shop',
      region: 'europe-west1',
      type: 'sql-instance',
      name: 'orders',
    })
  })

  it.each([
    [
      'aws_vpc',
      { id: 'vpc-0a5666c0cfc366714', arn: 'arn:aws:ec2:us-east-1:1:vpc/vpc-0a5666c0cfc366714' },
      'vpc-0a5666c0cfc366714',
    ],
    ['aws_iam_role', { id: 'deploy', name: 'deploy', arn: 'arn:aws:iam::1:role/deploy' }, 'arn:aws:iam::1:role/deploy'],
    ['azurerm_lb', { id: '/subscriptions/s/resourceGroups/g/x' }, '/subscriptions/s/resourceGroups/g/x'],
    [
      'google_x',
      { id: 'x', self_link: 'https://www.googleapis.com/compute/beta/projects/p/global/x' },
      'compute/projects/p/global/x',
    ],
  ])('IMPORT 9: is the id, ARN or self link of %s where only one thing in the world has it', (type, attributes, id) => {
    expect(readOne(type, attributes).ref).toMatchObject({ type, id })
  })

  it.each([
    ['aws_lambda_permission', { id: 'AllowExecutionFromS3' }],
    ['aws_x', { id: 'default' }],
    ['aws_x', { id: '' }],
    ['aws_x', {}],
  ])('IMPORT 9: is the address where the id of %s may be that of something else: %j', (type, attributes) => {
    expect(readOne(type, attributes).ref).toBeUndefined()
  })

  it('IMPORT 9: is the address for what lives in the state only', () => {
    const attributes = { id: '5f1c2b7e-0000-4000-8000-000000000000' }
    const [node] = read([
      resource('random_uuid.x', [{ attributes }], { provider: 'provider["registry.terraform.io/hashicorp/random"]' }),
    ]).nodes
    expect(node?.ref).toBeUndefined()
  })

  it('IMPORT 10: of two things that share a provider id are their addresses', () => {
    const attributes = { id: 'arn:aws:sns:eu-west-1:1:t' }
    const graph = read([
      resource('aws_sns_topic_policy.a', [{ attributes }]),
      resource('aws_sns_topic_policy.b', [{ attributes }]),
      resource('aws_sns_topic.t', [{ attributes: { ...attributes, arn: attributes.id } }]),
    ])
    expect(graph.nodes.map((node) => node.ref?.id)).toEqual([undefined, undefined, 'arn:aws:sns:eu-west-1:1:t'])
  })

  it('IMPORT 15: never holds a secret', () => {
    const node = readOne(
      'aws_x',
      { id: 'arn:aws:x:::secret-name' },
      { sensitive_attributes: [[{ type: 'get_attr', value: 'id' }]] },
    )
    expect(JSON.stringify(node)).not.toContain('secret-name')
  })
})
