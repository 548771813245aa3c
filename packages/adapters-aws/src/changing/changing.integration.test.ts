import type { ProviderRef } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { account } from '../aws-account.fixture.ts'
import type { Account } from '../aws-account.fixture.ts'
import { awsCloud } from '../aws-cloud.ts'
import { calls, finish, made, refusal, update } from './changing.fixture.ts'

describe('making an instance', () => {
  it('AWS 9: every safe default is set explicitly, with a password that RDS manages and tags that lead back', async () => {
    await using there = await account()
    const request = {
      target: there.aws.target,
      kind: 'sql-instance',
      name: 'prod-main',
      properties: { 'labels["team"]': 'core' },
      dependencies: [],
      origin: { environment: 'prod', node: 'sql-instance/main' },
    }
    const { observation } = await finish(there.cloud.create(request, { idempotencyKey: 'step 1' }))
    expect(there.aws.trail.find(({ name }) => name === 'CreateDBInstance')?.request).toMatchObject({
      multiAZ: true,
      backupRetentionPeriod: 7,
      publiclyAccessible: false,
      storageEncrypted: true,
      deletionProtection: true,
      manageMasterUserPassword: true,
      copyTagsToSnapshot: true,
      tags: [
        { key: 'team', value: 'core' },
        { key: 'infraledger:key', value: 'step 1' },
        { key: 'infraledger:environment', value: 'prod' },
        { key: 'infraledger:node', value: 'sql-instance/main' },
      ],
    })
    expect(observation).toMatchObject({
      idempotencyKey: 'step 1',
      properties: {
        availability: 'regional',
        'backup.pointInTimeRecovery': true,
        'network.publicAccess': false,
        'encryption.atRest': true,
        deletionProtection: true,
        'provider.manage_master_user_password': true,
      },
    })
    expect(Object.keys(observation?.properties ?? {}).filter((property) => property.startsWith('labels'))).toEqual([
      'labels["team"]',
    ])
  })

  it('AWS 9: a creation whose answer was lost is found again by its tag, in another process, and made once', async () => {
    await using there = await account()
    const { aws, clock } = there
    aws.cloud.faults.unknownOutcome({ operation: 'create' })
    const other = awsCloud({
      endpoint: aws.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'infraledger', secretAccessKey: 'any' },
      clock,
    })
    const observation = await made({ ...there, cloud: other })
    expect(observation.settled).toBe(true)
    expect(aws.cloud.calls({ operation: 'create', effect: true })).toHaveLength(1)
    expect((await made(there)).ref).toEqual(observation.ref)
  })

  it('AWS 9: a property that this adapter does not set is refused by name, and nothing is made', async () => {
    await using there = await account()
    const error = await refusal(made(there, { 'parameters["max_connections"]': '200' }))
    expect(error.details).toMatchObject({
      refusal: 'unsupported',
      reason: expect.stringContaining('provider.parameter_group_name'),
    })
    expect(there.aws.cloud.inspect.resources('sql-instance')).toEqual([])
  })
})

describe('changing an instance', () => {
  it('AWS 10: only what differs is sent, and nothing is called where nothing differs', async () => {
    await using there = await account()
    const { ref } = await made(there)
    await update(there, ref, { changes: { tier: 'db.t4g.medium', 'backup.retentionDays': 14 } })
    expect(there.aws.trail.findLast(({ name }) => name === 'ModifyDBInstance')?.request).toEqual({
      dBInstanceIdentifier: 'prod-main',
      backupRetentionPeriod: 14,
      applyImmediately: false,
    })
    await update(there, ref, { changes: { 'backup.retentionDays': 14 }, key: 'again' })
    expect(calls(there, 'ModifyDBInstance')).toHaveLength(1)
  })

  it('AWS 10: what is asked for now says ApplyImmediately only where RDS would put it off', async () => {
    await using there = await account()
    const { ref } = await made(there)
    const { observation } = await update(there, ref, { changes: { tier: 'db.r6g.large' } })
    expect(observation?.properties['tier']).toBe('db.r6g.large')
    expect(there.aws.trail.findLast(({ name }) => name === 'ModifyDBInstance')?.request).toMatchObject({
      applyImmediately: true,
    })
  })

  it('AWS 10: what others put off is never flushed unseen', async () => {
    await using there = await account()
    const { ref } = await made(there)
    there.aws.cloud.console('grace').modify('prod-main', { engineVersion: '17.6' }, { when: 'maintenance-window' })
    const error = await refusal(update(there, ref, { changes: { tier: 'db.r6g.large' } }))
    expect(error.message).toContain('engineVersion')
    const online = await update(there, ref, { changes: { 'backup.retentionDays': 14 }, key: 'online' })
    expect(online.observation).toMatchObject({
      deferred: { engineVersion: '17.6' },
      properties: { 'backup.retentionDays': 14 },
    })
    const waiting = await update(there, ref, {
      changes: { tier: 'db.r6g.large' },
      when: 'maintenance-window',
      key: 'later',
    })
    expect(waiting).toMatchObject({ deferred: { tier: 'db.r6g.large' }, deferredUntil: '2026-03-08T03:00:00.000Z' })
  })

  it('AWS 10: a change whose answer was lost and that is asked for again is there once', async () => {
    await using there = await account()
    const { ref } = await made(there)
    there.aws.cloud.faults.unknownOutcome({ operation: 'update', nth: 1 })
    const { observation } = await update(there, ref, {
      changes: { 'storage.gib': 50 },
      expected: { 'storage.gib': 20 },
    })
    expect(observation?.properties['storage.gib']).toBe(50)
  })

  it('AWS 10: a waiting change is followed by another process to its end', async () => {
    await using there = await account()
    const { ref } = await made(there)
    const request = {
      ref,
      kind: 'sql-instance',
      changes: { tier: 'db.r6g.large' },
      expected: { tier: 'db.t4g.medium' },
      when: 'now',
    } as const
    for await (const { type } of there.cloud.update(request, { idempotencyKey: 'step 2' }))
      if (type === 'progress') break
    const { observation } = await finish(there.cloud.update(request, { idempotencyKey: 'step 2' }))
    expect(observation?.properties['tier']).toBe('db.r6g.large')
    expect(calls(there, 'ModifyDBInstance')).toHaveLength(1)
  })

  it.each([
    ['deletion protection is switched off', { deletionProtection: false }, 'protected'],
    ['the major version is moved', { engineVersion: '18.1' }, 'unsupported'],
    ['it is encrypted afterwards', { 'encryption.atRest': false }, 'unsupported'],
    ['recovery to a point in time is taken from backups', { 'backup.pointInTimeRecovery': false }, 'unsupported'],
  ] as const)(
    'AWS 10: it is refused that %s by changing a property, and nothing is called',
    async (_what, changes, why) => {
      await using there = await account()
      const { ref } = await made(there, { deletionProtection: true })
      expect((await refusal(update(there, ref, { changes }))).details.refusal).toBe(why)
      expect(calls(there, 'ModifyDBInstance')).toEqual([])
    },
  )

  it('AWS 10: a version that names less is met by any that begins with it', async () => {
    await using there = await account()
    const { ref } = await made(there, { engineVersion: '17.4' })
    await update(there, ref, { changes: { engineVersion: '17' }, expected: { engineVersion: '17' } })
    expect(calls(there, 'ModifyDBInstance')).toEqual([])
  })

  it('AWS 10: labels are set and taken away as tags', async () => {
    await using there = await account()
    const { ref } = await made(there, { 'labels["team"]': 'core', 'labels["old"]': 'x' })
    const { observation } = await update(there, ref, {
      changes: { 'labels["team"]': 'payments', 'labels["old"]': null },
      expected: { 'labels["team"]': 'core' },
    })
    const labels = Object.entries(observation?.properties ?? {}).filter(([property]) => property.startsWith('labels'))
    expect(labels).toEqual([['labels["team"]', 'payments']])
  })
})

describe('removing an instance', () => {
  const remove = ({ cloud }: Account, ref: ProviderRef, removeAutomatedBackups = false): Promise<unknown> =>
    finish(cloud.remove({ ref, kind: 'sql-instance', removeAutomatedBackups }, { idempotencyKey: 'remove it' }))

  it('AWS 11: a final snapshot is taken and automated backups are kept, unless their loss was confirmed', async () => {
    await using there = await account()
    const { ref } = await made(there)
    await remove(there, ref)
    expect(there.aws.cloud.inspect.snapshots()).toMatchObject([{ sourceName: 'prod-main', status: 'available' }])
    expect(there.aws.cloud.inspect.automatedBackups()).toHaveLength(1)
    const again = await made({ ...there, aws: there.aws })
    await remove(there, again.ref, true)
    expect(there.aws.cloud.inspect.automatedBackups()).toHaveLength(1)
  })

  it('AWS 11: a copy that was taken right before is the last copy', async () => {
    await using there = await account()
    const { ref } = await made(there)
    await there.cloud.snapshot({ ref, kind: 'sql-instance', name: 'last-copy' }, { idempotencyKey: 'copy it' })
    await remove(there, ref)
    expect(there.aws.cloud.inspect.snapshots().map(({ name }) => name)).toEqual(['last-copy'])
  })

  it('AWS 11: of two deletions that race, the loser waits for what the winner does', async () => {
    await using there = await account()
    const { ref } = await made(there)
    there.aws.cloud.console('mallory').remove('prod-main', { takesMs: 120_000 })
    await remove(there, ref)
    expect(there.aws.cloud.inspect.resource('prod-main')).toBeUndefined()
    expect(calls(there, 'DeleteDBInstance')).toEqual([])
  })

  it('AWS 11: deletion protection stops it before anything is called', async () => {
    await using there = await account()
    const { ref } = await made(there, { deletionProtection: true })
    expect((await refusal(remove(there, ref))).details.refusal).toBe('protected')
    expect(calls(there, 'DeleteDBInstance')).toEqual([])
  })
})
