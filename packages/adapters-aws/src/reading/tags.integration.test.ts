import { describe, expect, it } from 'vitest'
import { account } from '../aws-account.fixture.ts'
import { clientsByRegion } from '../session/clients.ts'
import { awsSession } from '../session/session.ts'
import { tagsOf } from './tags.ts'

describe('the tags of an instance', () => {
  it('AWS 9: are asked for where its description has none', async () => {
    await using there = await account()
    const { aws, clock } = there
    aws.cloud.console('ada').create('sql-instance', 'orders', { 'labels["infraledger:key"]': 'make it' })
    const credentials = { accessKeyId: 'ada', secretAccessKey: 'any' }
    const clients = clientsByRegion({ endpoint: aws.endpoint, credentials })
    const session = awsSession({ clients, clock, region: 'eu-west-1', pollMs: 1_000, callsPerSecond: 100 })
    const DBInstanceArn = 'arn:aws:rds:eu-west-1:123456789012:db:orders'
    const tags = [{ Key: 'infraledger:key', Value: 'make it' }]
    expect(await tagsOf(session, 'eu-west-1', { DBInstanceIdentifier: 'orders', DBInstanceArn })).toEqual(tags)
    expect(await tagsOf(session, 'eu-west-1', { DBInstanceIdentifier: 'orders', DBInstanceArn, TagList: [] })).toEqual(
      [],
    )
    expect(aws.trail).toHaveLength(1)
  })
})
