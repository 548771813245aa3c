import { describe, expect, it } from 'vitest'
import { readOne } from '../state.fixture.ts'

const labels = { 'labels["a"]': 'b' }

describe('types with a neutral kind', () => {
  it.each([
    [
      'aws_s3_bucket',
      { versioning: [{ enabled: true, mfa_delete: false }], region: 'eu-west-1', tags_all: { a: 'b' } },
      'bucket',
      { versioning: true, location: 'eu-west-1', 'provider.versioning.mfa_delete': false, ...labels },
    ],
    [
      'google_storage_bucket',
      { location: 'EU', versioning: [], labels: { a: 'b' }, public_access_prevention: 'enforced' },
      'bucket',
      { versioning: false, location: 'EU', publicAccess: false, ...labels },
    ],
    [
      'google_storage_bucket',
      { public_access_prevention: 'inherited' },
      'bucket',
      { versioning: false, 'provider.public_access_prevention': 'inherited' },
    ],
    [
      'google_sql_database',
      { name: 'orders', charset: 'UTF8', collation: 'en_US.UTF8', instance: 'main' },
      'sql-database',
      { name: 'orders', charset: 'UTF8', collation: 'en_US.UTF8', 'provider.instance': 'main' },
    ],
    [
      'aws_sns_topic',
      { name: 't', fifo_topic: true, tags: { a: 'b' } },
      'topic',
      { ordered: true, 'provider.name': 't', ...labels },
    ],
    ['google_pubsub_topic', { labels: { a: 'b' } }, 'topic', labels],
    [
      'google_pubsub_subscription',
      { ack_deadline_seconds: 10, message_retention_duration: '604800s' },
      'subscription',
      { ackDeadlineSeconds: 10, retentionSeconds: 604_800 },
    ],
    [
      'aws_elasticache_replication_group',
      { node_type: 'cache.t3.micro', engine: 'redis', engine_version: '7.x', engine_version_actual: '7.0.7' },
      'cache',
      { tier: 'cache.t3.micro', engine: 'redis', engineVersion: '7.0.7' },
    ],
    [
      'google_redis_instance',
      { redis_version: 'REDIS_6_X', tier: 'BASIC' },
      'cache',
      { engine: 'redis', engineVersion: '6.x', 'provider.tier': 'BASIC' },
    ],
    ['aws_secretsmanager_secret', { name: 's', tags: { a: 'b' } }, 'secret', { 'provider.name': 's', ...labels }],
    ['google_secret_manager_secret', { effective_labels: { a: 'b' }, labels: {} }, 'secret', labels],
    ['aws_vpc', { cidr_block: '10.0.0.0/16' }, 'network', { range: '10.0.0.0/16' }],
    ['google_compute_network', { mtu: 1460 }, 'network', { 'provider.mtu': 1460 }],
    [
      'aws_subnet',
      { cidr_block: '10.0.0.0/24', availability_zone: 'eu-west-1a' },
      'subnet',
      { range: '10.0.0.0/24', zone: 'eu-west-1a' },
    ],
    ['google_compute_subnetwork', { ip_cidr_range: '10.0.0.0/24' }, 'subnet', { range: '10.0.0.0/24' }],
    ['aws_iam_role', { name: 'r', tags: { a: 'b' } }, 'identity', { 'provider.name': 'r', ...labels }],
    ['google_service_account', { email: 'e' }, 'identity', { 'provider.email': 'e' }],
    [
      'aws_acm_certificate',
      { domain_name: 'example.com', not_after: '2027-01-01T00:00:00Z' },
      'certificate',
      { domain: 'example.com', expiresAt: '2027-01-01T00:00:00Z' },
    ],
  ])('IMPORT 8: %s with %j is a %s', (type, attributes, kind, properties) => {
    expect(readOne(type, attributes)).toMatchObject({ kind, properties })
    expect(readOne(type, attributes).properties).toEqual(properties)
  })

  it('IMPORT 7: a type name becomes a kind in the form of kinds', () => {
    expect(readOne('Azapi_Thing', {}).kind).toBe('azapi_thing')
  })
})
