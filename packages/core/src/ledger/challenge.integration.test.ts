import { describe, expect, test } from 'vitest'
import { apiClient, pullRequest, system } from '../access/actor.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { readyToGo, reason } from './destruction.fixture.ts'
import { ada, grace } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

describe('who, and with which words', () => {
  test.each([
    ['destroy prod at graph version VERSION ', 'challenge-mismatch'],
    ['Destroy prod at graph version VERSION', 'challenge-mismatch'],
    ['destroy prоd at graph version VERSION', 'challenge-mismatch'],
    ['destroy prod at graph version ０VERSION', 'challenge-mismatch'],
    ['destroy staging at graph version VERSION', 'challenge-mismatch'],
    ['delete prod at graph version VERSION', 'challenge-mismatch'],
    ['prod', 'challenge-mismatch'],
    ['', 'challenge-mismatch'],
    ['destroy prod at graph version 1', 'challenge-stale'],
  ])('PROTECT 1: %j is not the challenge', async (typed, code) => {
    const set = await readyToGo()
    const { graphVersion } = await set.prod.destruction()
    const challenge = typed.replace('VERSION', String(graphVersion))
    const before = (await set.ledger.verify()).heads.get('environment-prod')
    await expect(set.prod.destroy({ challenge, reason }, ada)).rejects.toMatchObject({ code })
    await expect(set.prod.destroy({ reason }, ada)).rejects.toMatchObject({ code: 'challenge-mismatch' })
    expect((await set.ledger.verify()).heads.get('environment-prod')).toEqual(before)
  })

  test('PROTECT 1: a challenge holds until the graph moves', async () => {
    const set = await readyToGo()
    const { challenge, graphVersion } = await set.prod.destruction()
    set.cloud.console('linus').modify('sql-instance/prod-main', { 'backup.retentionDays': 3 })
    await set.prod.reconcile()
    await expect(set.prod.destroy({ challenge, reason }, ada)).rejects.toMatchObject({
      code: 'challenge-stale',
      details: { given: graphVersion, current: graphVersion + 1 },
    })
  })

  test('PROTECT 1: only an Admin destroys, and no automation', async () => {
    const set = await readyToGo()
    await set.prod.grantRole({ subject: 'api-client:ci', role: 'admin' }, ada)
    const { challenge } = await set.prod.destruction()
    const by = (actor: typeof system) => set.prod.destroy({ challenge, reason }, { actor })
    await expect(by(grace.actor)).rejects.toMatchObject({ code: 'role-required' })
    for (const actor of [pullRequest(12), system])
      await expect(by(actor)).rejects.toMatchObject({ code: 'role-required' })
    await expect(by(apiClient('ci'))).rejects.toMatchObject({ code: 'person-required' })
    await expect(set.prod.destroy({ challenge, reason: ' ' }, ada)).rejects.toMatchObject({ code: 'input-invalid' })
  })

  test('PROTECT 1: no phrase is recorded, only its hash', async () => {
    const set = await readyToGo()
    const { challenge } = await set.prod.destruction()
    await (await set.prod.destroy({ challenge, reason }, ada)).completed()
    let text = ''
    for await (const line of set.ledger.export()) text += line
    expect(text).toContain('phraseHash')
    expect(text).not.toContain(challenge)
  })

  test('PROTECT 1: of two processes that destroy at once, one does', async () => {
    const store = inMemoryEventStore()
    const set = await readyToGo({ store })
    const { challenge } = await set.prod.destruction()
    const other = openLedger({ store, clouds: [set.cloud.provider], clock: set.clock }).environment('prod')
    await other.describe()
    const both = await Promise.allSettled([set.prod, other].map((prod) => prod.destroy({ challenge, reason }, ada)))
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'environment-being-destroyed' },
    })
  })
})
