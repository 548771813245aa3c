import type { ProviderRef } from '@infraledger/core/adapter'
import { describe, expect, it } from 'vitest'
import { account } from '../aws-account.fixture.ts'
import { calls, finish, made, refusal } from '../changing/changing.fixture.ts'

const key = (idempotencyKey: string) => ({ idempotencyKey })

describe('upgrading', () => {
  it('AWS 17: goes to versions that RDS offers, a major one included, with downtime acknowledged', async () => {
    await using there = await account()
    const { databases } = there.cloud
    const { ref } = await made(there, { engineVersion: '16.4' })
    expect(await databases.upgradeTargets(ref)).toEqual([
      { version: '16.6', isMajor: false },
      { version: '17.4', isMajor: true },
      { version: '17.6', isMajor: true },
      { version: '18.1', isMajor: true },
    ])
    const upgrade = { ref, to: '17', acknowledgeDowntime: true, when: 'now' } as const
    const { observation } = await finish(databases.upgrade(upgrade, key('up')))
    expect(observation?.properties['engineVersion']).toBe('17.4')
    await finish(databases.upgrade(upgrade, key('up')))
    expect(calls(there, 'ModifyDBInstance')).toHaveLength(1)
  })

  it('AWS 17: in the window is put off; backwards, or to what RDS does not offer, is refused with what it offers', async () => {
    await using there = await account()
    const { databases } = there.cloud
    const { ref } = await made(there, { engineVersion: '17.4' })
    const later = { ref, to: '18.1', acknowledgeDowntime: true, when: 'maintenance-window' } as const
    expect((await finish(databases.upgrade(later, key('up')))).deferred).toEqual({ engineVersion: '18.1' })
    for (const to of ['16.4', '42.0']) {
      const error = await refusal(finish(databases.upgrade({ ...later, to }, key(to))))
      expect(error.message).toContain('it offers 17.6, 18.1')
    }
  })
})

describe('restoring', () => {
  const SAFE = {
    availability: 'regional',
    'backup.retentionDays': 14,
    'backup.window': '05:00-05:30',
    'maintenance.window': 'mon:02:00-mon:03:00',
    deletionProtection: true,
    'provider.vpc_security_group_ids': ['sg-1'],
    'provider.db_subnet_group_name': 'private',
    'labels["team"]': 'core',
  }

  it('AWS 18: to a moment makes a new instance with everything that kept the original safe', async () => {
    await using there = await account()
    const { databases } = there.cloud
    const original = await made(there, SAFE)
    const from = { type: 'point-in-time', source: original.ref, at: 'latest' } as const
    const request = { target: there.aws.target, name: 'prod-main-2', from }
    const { observation } = await finish(databases.restore(request, key('restore')))
    expect(observation?.properties).toMatchObject({
      ...SAFE,
      'encryption.atRest': true,
      'provider.manage_master_user_password': true,
    })
    expect(observation?.ref.id).not.toBe(original.ref.id)
    const again = await finish(databases.restore(request, key('restore')))
    expect(again.observation?.ref).toEqual(observation?.ref)
    expect(there.aws.cloud.inspect.resources('sql-instance')).toHaveLength(2)
  })

  it('AWS 18: of a snapshot whose source is gone has the posture that was recorded, and none is guessed', async () => {
    await using there = await account()
    const { databases } = there.cloud
    const original = await made(there, { ...SAFE, deletionProtection: false })
    await there.cloud.snapshot({ ref: original.ref, kind: 'sql-instance', name: 'last' }, key('copy'))
    await finish(
      there.cloud.remove({ ref: original.ref, kind: 'sql-instance', removeAutomatedBackups: false }, key('remove')),
    )
    const request = { target: there.aws.target, name: 'prod-main', from: { type: 'snapshot', name: 'last' } } as const
    expect((await refusal(finish(databases.restore(request, key('restore'))))).message).toContain('posture')
    const { observation } = await finish(databases.restore({ ...request, posture: SAFE }, key('restore')))
    expect(observation?.properties).toMatchObject(SAFE)
    expect(
      await refusal(
        finish(
          databases.restore(
            { ...request, name: 'other', from: { type: 'snapshot', name: 'no' }, posture: SAFE },
            key('x'),
          ),
        ),
      ),
    ).toMatchObject({
      details: { refusal: 'not-found' },
    })
  })

  it('AWS 18: a replica has its source’s posture and what it is to have otherwise', async () => {
    await using there = await account()
    const { ref } = await made(there, SAFE)
    const request = {
      target: there.aws.target,
      name: 'prod-main-replica',
      source: ref,
      properties: { tier: 'db.r6g.large', availability: 'zonal' },
    }
    const { observation } = await finish(there.cloud.databases.createReplica(request, key('replica')))
    expect(observation?.properties).toMatchObject({
      tier: 'db.r6g.large',
      availability: 'zonal',
      'provider.replicate_source_db': 'prod-main',
      'provider.db_subnet_group_name': 'private',
    })
    expect(observation?.dependencies).toMatchObject([{ ref: { name: 'prod-main' } }])
  })
})

describe('renaming', () => {
  it('AWS 19: keeps the immutable id, whatever it is called, and is done once', async () => {
    await using there = await account()
    const { ref } = await made(there)
    const { observation } = await finish(there.cloud.databases.rename({ ref, name: 'Orders' }, key('rename')))
    expect(observation?.ref).toEqual({ ...ref, name: 'orders' })
    await finish(there.cloud.databases.rename({ ref, name: 'Orders' }, key('rename')))
    expect(calls(there, 'ModifyDBInstance')).toHaveLength(1)
    const seen: ProviderRef[] = []
    for await (const page of there.cloud.observe([ref])) seen.push(...page.found.map((found) => found.ref))
    expect(seen).toEqual([{ ...ref, name: 'orders' }])
  })

  it('AWS 19: to a name that is taken is refused', async () => {
    await using there = await account()
    const { ref } = await made(there)
    there.aws.cloud.console('grace').create('sql-instance', 'orders')
    expect(
      (await refusal(finish(there.cloud.databases.rename({ ref, name: 'orders' }, key('rename'))))).details.refusal,
    ).toBe('name-taken')
  })
})

describe('credentials', () => {
  it('AWS 20: RDS changes the password that it keeps, once for a key, and no value is read', async () => {
    await using there = await account()
    const { ref } = await made(there)
    await finish(there.cloud.databases.rotateMasterPassword({ ref }, key('rotate')))
    await finish(there.cloud.databases.rotateMasterPassword({ ref }, key('rotate')))
    expect(calls(there, 'ModifyDBInstance')).toHaveLength(1)
    expect(calls(there, 'GetSecretValue')).toEqual([])
  })

  it('AWS 20: a token is signed for one user of one instance, where it takes tokens', async () => {
    await using there = await account()
    const { ref } = await made(there, { 'provider.iam_database_authentication_enabled': true })
    const token = await there.cloud.databases.authToken({ ref, username: 'app' })
    expect(token).toMatch(/^prod-main\..*:5432\/\?Action=connect.*DBUser=app.*X-Amz-Signature=/)
    there.aws.cloud.console('grace').create('sql-instance', 'without')
    const { id: _id, ...place } = ref
    expect(
      (await refusal(there.cloud.databases.authToken({ ref: { ...place, name: 'without' }, username: 'app' }))).details
        .refusal,
    ).toBe('unsupported')
  })
})
