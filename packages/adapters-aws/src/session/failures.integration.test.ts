import { isLedgerError } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { account } from '../aws-account.fixture.ts'
import { awsCloud } from '../aws-cloud.ts'
import { calls, made, refusal, update } from '../changing/changing.fixture.ts'

describe('what goes wrong', () => {
  it('AWS 12: a missing right is named', async () => {
    await using there = await account()
    const { ref } = await made(there)
    there.aws.deny({ action: 'rds:ModifyDBInstance' })
    const error = await refusal(update(there, ref, { changes: { 'backup.retentionDays': 14 } }))
    expect(error.details).toMatchObject({
      refusal: 'permission-missing',
      permission: 'rds:ModifyDBInstance',
      operation: 'ModifyDBInstance',
    })
    expect(error.message).toContain('allow rds:ModifyDBInstance to the identity that calls')
  })

  it('AWS 12: a session that is over and credentials that are not there are refused as such', async () => {
    await using there = await account()
    there.aws.expire('infraledger')
    expect((await refusal(made(there))).details.refusal).toBe('credentials-invalid')
    const nobody = awsCloud({
      endpoint: there.aws.endpoint,
      region: 'eu-west-1',
      credentials: () =>
        Promise.reject(
          Object.assign(new Error('Could not load credentials from any providers'), {
            name: 'CredentialsProviderError',
          }),
        ),
      clock: there.clock,
    })
    expect((await refusal(made({ ...there, cloud: nobody }))).details.refusal).toBe('credentials-invalid')
  })

  it('AWS 12: another account than the environment’s is refused before anything is called', async () => {
    await using there = await account()
    const target = { ...there.aws.target, account: '999999999999' }
    const elsewhere = { ...there, aws: { ...there.aws, target } }
    const error = await refusal(made(elsewhere))
    expect(error.details.refusal).toBe('account-mismatch')
    expect(error.message).toMatch(/account 999999999999.*123456789012/)
    expect(calls(there, 'CreateDBInstance')).toEqual([])
    const held = awsCloud({
      endpoint: there.aws.endpoint,
      region: 'eu-west-1',
      account: '999999999999',
      credentials: { accessKeyId: 'infraledger', secretAccessKey: 'any' },
      clock: there.clock,
    })
    expect((await refusal(made({ ...there, cloud: held }))).details.refusal).toBe('account-mismatch')
  })

  it('AWS 12: a name that another has is refused as taken', async () => {
    await using there = await account()
    there.aws.cloud.console('grace').create('sql-instance', 'prod-main')
    expect((await refusal(made(there))).details.refusal).toBe('name-taken')
  })

  it('AWS 12: where nothing listens, later may work', async () => {
    await using there = await account()
    await there.aws.close()
    const error: unknown = await made(there).catch((thrown: unknown) => thrown)
    expect(isLedgerError(error, 'cloud-retryable')).toBe(true)
  })

  it('AWS 12: calls that are throttled are made again at a slower pace', async () => {
    await using there = await account()
    there.aws.cloud.faults.retryable({ operation: 'create' }, 1)
    const { target } = there.aws
    const request = { target, kind: 'sql-instance', name: 'prod-main', properties: {}, dependencies: [] }
    // The SDK goes slowly after it was throttled: one look is enough.
    for await (const { type } of there.cloud.create(request, { idempotencyKey: 'make it' }))
      if (type === 'progress') break
    expect(there.aws.trail.filter(({ name }) => name === 'CreateDBInstance').map(({ error }) => error?.code)).toEqual([
      'Throttling',
      undefined,
    ])
  })
})
