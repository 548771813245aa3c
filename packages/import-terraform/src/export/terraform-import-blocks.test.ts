import { describe, expect, it } from 'vitest'
import { read, resource } from '../state.fixture.ts'
import type { ExportedNode } from './exported-resource.ts'
import { terraformImportBlocks } from './terraform-import-blocks.ts'

const ARN = 'arn:aws:rds:eu-west-1:111122223333:db:orders'

/** The graph that an import of one instance of each of these types makes. */
function imported(instances: readonly (readonly [type: string, attributes: object])[]): readonly ExportedNode[] {
  const { nodes } = read(instances.map(([type, attributes]) => resource(`${type}.web`, [{ attributes }])))
  return nodes.map(({ kind, key, ...node }) => ({ ...node, id: `${kind}/${key}` }))
}

/** `type.name` with the import id, for each block of an output. */
function blocksOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^import \{\n {2}to = (\S+)\n {2}id = "(.*)"\n\}$/gm)].map(([, to, id]) => [to, id]),
  )
}

function bucket(id: string, name: string, more: Partial<ExportedNode> = {}): ExportedNode {
  return { id, properties: {}, ref: { provider: 'aws', type: 'aws_s3_bucket', name }, ...more }
}

describe('a graph as import blocks', () => {
  it('LEAVE 7: names each resource by its Terraform type and the id that Terraform imports it by', () => {
    const nodes = imported([['aws_db_instance', { identifier: 'orders', resource_id: 'db-ABC', arn: ARN }]])
    expect(terraformImportBlocks({ version: 42, nodes })).toBe(
      [
        '# Terraform import blocks for 1 of 1 nodes of graph version 42, written by Infraledger.',
        '# terraform plan -generate-config-out=resources.tf writes the resources that they name.',
        '',
        '# sql-instance/web (111122223333, eu-west-1)',
        'import {',
        '  to = aws_db_instance.web',
        '  id = "orders"',
        '}',
        '',
      ].join('\n'),
    )
  })

  it.each<[type: string, attributes: object, id: string]>([
    ['aws_s3_bucket', { id: 'receipts', bucket: 'receipts', arn: 'arn:aws:s3:::receipts' }, 'receipts'],
    ['aws_security_group', { id: 'sg-0254c038e32f25530', name: 'web' }, 'sg-0254c038e32f25530'],
    [
      'aws_vpc',
      { id: 'vpc-0254c038e32f25530', arn: 'arn:aws:ec2:eu-west-1:1:vpc/vpc-0254c038e32f25530' },
      'vpc-0254c038e32f25530',
    ],
    ['aws_iam_role', { id: 'app', name: 'app', arn: 'arn:aws:iam::111122223333:role/app' }, 'app'],
    [
      'aws_iam_policy',
      { id: 'arn:aws:iam::1:policy/p', name: 'p', arn: 'arn:aws:iam::1:policy/p' },
      'arn:aws:iam::1:policy/p',
    ],
    [
      'aws_sns_topic',
      { id: 'arn:aws:sns:eu-west-1:1:t', name: 't', arn: 'arn:aws:sns:eu-west-1:1:t' },
      'arn:aws:sns:eu-west-1:1:t',
    ],
    [
      'aws_sqs_queue',
      { id: 'https://sqs.eu-west-1.amazonaws.com/1/q', name: 'q', arn: 'arn:aws:sqs:eu-west-1:1:q' },
      'https://sqs.eu-west-1.amazonaws.com/1/q',
    ],
    [
      'aws_elasticache_cluster',
      { id: 'cache', cluster_id: 'cache', arn: 'arn:aws:elasticache:eu-west-1:1:cluster:cache' },
      'cache',
    ],
    ['aws_lambda_function', { id: 'fn', function_name: 'fn', arn: 'arn:aws:lambda:eu-west-1:1:function:fn' }, 'fn'],
    [
      'aws_route53_zone',
      { id: 'Z123', zone_id: 'Z123', name: 'example.com', arn: 'arn:aws:route53:::hostedzone/Z123' },
      'Z123',
    ],
    ['aws_rds_cluster', { id: 'c', cluster_identifier: 'c', arn: 'arn:aws:rds:eu-west-1:1:cluster:c' }, 'c'],
  ])('LEAVE 7: %s is imported as its page in the provider’s reference says', (type, attributes, id) => {
    expect(blocksOf(terraformImportBlocks({ nodes: imported([[type, attributes]]) }))).toEqual({ [`${type}.web`]: id })
  })

  it.each<[type: string, attributes: object, id: string]>([
    ['google_sql_database_instance', { id: 'main', name: 'main', project: 'shop' }, 'shop/main'],
    ['google_storage_bucket', { id: 'b', name: 'b', self_link: 'https://www.googleapis.com/storage/v1/b/b' }, 'b'],
    ['google_pubsub_topic', { id: 'projects/shop/topics/t', name: 't', project: 'shop' }, 'projects/shop/topics/t'],
    [
      'google_compute_network',
      { name: 'n', self_link: 'https://www.googleapis.com/compute/v1/projects/shop/global/networks/n' },
      'projects/shop/global/networks/n',
    ],
  ])('LEAVE 7: %s of Google is imported as its page says', (type, attributes, id) => {
    const provider = 'provider["registry.terraform.io/hashicorp/google"]'
    const { nodes } = read([resource(`${type}.web`, [{ attributes }], { provider })])
    const exported = nodes.map(({ kind, key, ...node }) => ({ ...node, id: `${kind}/${key}` }))
    expect(blocksOf(terraformImportBlocks({ nodes: exported }))).toEqual({ [`${type}.web`]: id })
  })

  it('LEAVE 7: what adapters found, and what is in Azure, is imported, too', () => {
    const azure = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/main'
    const nodes: ExportedNode[] = [
      {
        id: 'sql-instance/a',
        properties: {},
        ref: { provider: 'aws', type: 'rds-instance', name: 'orders', id: 'db-A' },
      },
      {
        id: 'sql-instance/b',
        properties: {},
        ref: { provider: 'gcp', type: 'sql-instance', name: 'main', account: 'shop' },
      },
      {
        id: 'azurerm_mssql_server/c',
        properties: {},
        ref: { provider: 'azurerm', type: 'azurerm_mssql_server', name: 'main', id: azure },
      },
    ]
    expect(blocksOf(terraformImportBlocks({ nodes }))).toEqual({
      'aws_db_instance.a': 'orders',
      'google_sql_database_instance.b': 'shop/main',
      'azurerm_mssql_server.c': azure,
    })
  })

  it.each([
    ['quo"te\\', 'quo\\"te\\\\'],
    ['${var.secret}', '$${var.secret}'],
    ['%{ if true }', '%%{ if true }'],
    ['$${x} $ %', '$$${x} $ %'],
    ['line\nnext\t\u001B[31m\u2028\u202E', 'line\\u000anext\\u0009\\u001b[31m\\u2028\\u202e'],
    ['ä€😀', 'ä€😀'],
  ])('LEAVE 8: %j means itself inside quotes', (name, quoted) => {
    const text = terraformImportBlocks({ nodes: [bucket('bucket/a', name)] })
    expect(blocksOf(text)).toEqual({ 'aws_s3_bucket.a': quoted })
  })

  it('LEAVE 8: addresses are valid and each is there once, whatever the nodes are called', () => {
    const keys = ['a b', 'a_b', 'a/b', 'a_b_2', '1st', '-x', 'ä', 'module.x["k"]', 'ok-1']
    const nodes = keys.map((key, index) => bucket(`bucket/${key}`, `b${index}`))
    const addresses = Object.keys(blocksOf(terraformImportBlocks({ nodes })))
    expect(addresses).toHaveLength(keys.length)
    for (const address of addresses) expect(address).toMatch(/^aws_s3_bucket\.[A-Za-z_][A-Za-z0-9_-]*$/)
    expect(addresses).toContain('aws_s3_bucket.ok-1')
  })

  it('LEAVE 8: no node breaks out of its comment', () => {
    const odd = 'bucket/x\u2028\u0085\u001B]0;evil\u0007' as const
    const text = terraformImportBlocks({ nodes: [bucket(odd, 'b'), { id: odd, properties: {} }] })
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028]/)
  })

  it('LEAVE 9: what has no block is listed with the reason', () => {
    const nodes: ExportedNode[] = [
      bucket('bucket/a', 'receipts'),
      bucket('bucket/again', 'receipts'),
      bucket('bucket/elsewhere', 'receipts', {
        ref: { provider: 'aws', type: 'aws_s3_bucket', name: 'receipts', region: 'us-east-1' },
      }),
      { id: 'service/checkout', properties: {} },
      { id: 'sql-instance/fake', properties: {}, ref: { provider: 'fake', type: 'sql-instance', name: 'main' } },
      { id: 'aws_route/r', properties: {}, ref: { provider: 'aws', type: 'aws_route', name: 'r', id: 'r-1' } },
      { id: 'aws_vpc/v', properties: {}, ref: { provider: 'aws', type: 'aws_vpc', name: 'v' } },
    ]
    const text = terraformImportBlocks({ nodes })
    expect(Object.keys(blocksOf(text))).toEqual(['aws_s3_bucket.a', 'aws_s3_bucket.elsewhere'])
    expect(text.split('# Without an import block:\n')[1]?.trimEnd().split('\n')).toEqual([
      '# - bucket/again: is the same resource as bucket/a, and Terraform knows each only once',
      '# - service/checkout: the ledger knows of no resource of a provider behind it',
      '# - sql-instance/fake: no Terraform type is known for sql-instance of fake',
      '# - aws_route/r: the import id of aws_route is not known here; see its page in the provider’s reference',
      '# - aws_vpc/v: the ledger does not know what the import id of aws_vpc is made of',
    ])
  })

  it('LEAVE 9: an empty graph says that there is nothing', () => {
    expect(terraformImportBlocks({ nodes: [] })).toMatch(/^# Terraform import blocks for 0 of 0 nodes, /)
  })
})
