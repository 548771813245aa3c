import { describe, expect, test } from 'vitest'
import { system, user } from '../access/actor.ts'
import { all, guarded, waiting } from '../access/access.fixture.ts'
import type { Authenticator } from '../access/authenticator.ts'
import { gitPush } from '../deployments/trigger.ts'
import type { Policies } from '../environment/policies.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { ada, grace } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const tokens = {
  ada: { id: 'ada' },
  grace: { id: 'grace', expiresAt: '2026-03-02T10:00:00.000Z' },
  old: { id: 'ada', expiresAt: '2026-03-02T08:59:59.000Z' },
}

const proven = () => guarded({ identities: tokens, creator: (ledger) => ledger.authenticate('ada') })
const ends = (deed: Promise<unknown>) =>
  deed.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code,
  )

describe('an authenticated actor', () => {
  test('ACCESS 2: carries its issuer into every event, and into why', async () => {
    const set = await proven()
    const { deployment, digest } = await waiting(set)
    const actor = await set.ledger.authenticate('ada')
    expect(actor).toEqual({ type: 'user', id: 'ada', assurance: 'authenticated', issuer: 'https://issuer.test' })
    await deployment.approve({ digest }, { actor })
    expect((await all(set.prod.timeline())).at(-1)?.actor).toEqual(actor)
    const executor = set.ledger.runDeployments()
    await deployment.completed()
    await executor.stop()
    const why = await set.prod.why('sql-instance/main')
    expect(why.text()).toContain('approved by user ada (authenticated by https://issuer.test)')
    expect(why.deployment?.approvals[0]?.authorization).toEqual({ policy: 'roles', roles: ['admin'] })
    expect(await set.ledger.verify()).toMatchObject({ intact: true })
  })

  test('ACCESS 2: is told apart in a history from whoever only claimed to be them, and so is the issuer', async () => {
    const { ledger, prod } = await guarded({
      identities: { one: { id: 'ada', issuer: 'https://one.test' }, two: { id: 'ada', issuer: 'https://two.test' } },
      type: 'development',
    })
    const actors = [ada.actor, await ledger.authenticate('one'), await ledger.authenticate('two')]
    for (const [serial, actor] of actors.entries()) {
      const source = { type: 'test', name: 'state', digest: `d${serial}`, lineage: 'l', serial }
      const nodes = [{ address: 'a', kind: 'thing', key: 'a', properties: { serial } }]
      await prod.import({ source, nodes, edges: [] }, { actor })
    }
    const history = await prod.history('thing/a')
    expect(history.map(({ actor }) => actor)).toEqual(actors)
    expect(history[2]?.import?.authorization).toEqual({ policy: 'roles', roles: ['admin'] })
  })

  test('ACCESS 2: is the very value that this ledger answered: copies, forgeries and other ledgers’ actors are refused', async () => {
    const { ledger, prod, store, written } = await proven()
    const actor = await ledger.authenticate('ada')
    const other = openLedger({ store })
    const before = await written()
    const forged = [{ ...actor }, { ...user('ada'), assurance: 'authenticated' as const }]
    for (const one of forged)
      expect(await ends(prod.grantRole({ subject: 'eve', role: 'admin' }, { actor: one }))).toBe(
        'actor-not-authenticated',
      )
    const elsewhere = other.environment('prod').grantRole({ subject: 'eve', role: 'admin' }, { actor })
    expect(await ends(elsewhere)).toBe('actor-not-authenticated')
    expect(() => Object.assign(actor, { id: 'eve' })).toThrow(TypeError)
    expect(await written()).toBe(before)
  })

  test('ACCESS 2: is good until its credential expires, also while it is held', async () => {
    const { ledger, prod, clock, written } = await proven()
    const actor = await ledger.authenticate('grace')
    const before = await written()
    await clock.advance(60 * 60_000 - 1)
    expect(await ends(prod.acknowledgeAlert({ alert: 'none' }, { actor }))).toBe('alert-not-found')
    await clock.advance(1)
    expect(await ends(prod.acknowledgeAlert({ alert: 'none' }, { actor }))).toBe('identity-expired')
    expect(await ends(ledger.authenticate('old'))).toBe('identity-expired')
    expect(await written()).toBe(before)
  })
})

describe('a merely asserted actor', () => {
  test('ACCESS 2: decides nothing in production of a ledger that can authenticate, and asks as before', async () => {
    const set = await proven()
    const { prod, written } = set
    const { deployment, digest } = await waiting(set)
    expect((await prod.describe()).policies).toMatchObject({ identity: 'authenticated' })
    const before = await written()
    const code = 'authentication-required'
    expect(await ends(deployment.approve({ digest }, ada))).toBe(code)
    expect(await ends(deployment.reject({ digest, reason: 'x' }, ada))).toBe(code)
    expect(await ends(prod.changePolicies({ approvals: { required: 0 }, drift: [], identity: 'asserted' }, ada))).toBe(
      code,
    )
    expect(await ends(prod.grantRole({ subject: 'eve', role: 'admin' }, ada))).toBe(code)
    expect(await ends(prod.revokeRole({ subject: 'grace', role: 'member' }, ada))).toBe(code)
    expect(await ends(prod.confirmDeletion({ node: 'sql-instance/main', reason: 'x' }, grace))).toBe(code)
    expect(await written()).toBe(before)
    expect(await ends(deployment.cancel({ reason: 'x' }, ada))).toBe('done')
  })

  test('ACCESS 2: the ledger that reads the environment later need not be able to authenticate for that to hold', async () => {
    const { store } = await proven()
    const prod = openLedger({ store }).environment('prod')
    expect(await ends(prod.grantRole({ subject: 'eve', role: 'admin' }, ada))).toBe('authentication-required')
  })

  test('ACCESS 2: decides where nobody can be authenticated, in development, and where the policy says so', async () => {
    for (const set of [await guarded(), await guarded({ identities: tokens, type: 'development' })]) {
      expect((await set.prod.describe()).policies.identity).toBeUndefined()
      expect(await ends(set.prod.grantRole({ subject: 'eve', role: 'admin' }, ada))).toBe('done')
    }
  })

  test('ACCESS 2: with four eyes also who triggers, requests and proposes is proven: nobody approves their own work under another name', async () => {
    const { prod, ledger } = await proven()
    const by = { actor: await ledger.authenticate('ada') }
    const model = { services: [], needs: [] }
    const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })
    expect(await ends(prod.deploy({ trigger, model }))).toBe('done')
    await prod.changePolicies({ approvals: { required: 1, fourEyes: true }, drift: [] }, by)
    for (const actor of [user('ada'), user('grace'), system])
      expect(await ends(prod.deploy({ trigger, model }, { actor }))).toBe('authentication-required')
    expect(await ends(prod.requestChange({ node: 'bucket/a', set: { versioning: true }, reason: 'x' }, ada))).toBe(
      'authentication-required',
    )
    expect(await ends(prod.deploy({ trigger, model }, by))).toBe('done')
  })

  test('ACCESS 2: a change of other policies leaves this one as it is', async () => {
    const { prod, ledger } = await proven()
    const by = { actor: await ledger.authenticate('ada') }
    await prod.changePolicies({ approvals: { required: 2 }, drift: [] }, by)
    expect((await prod.describe()).policies).toMatchObject({ approvals: { required: 2 }, identity: 'authenticated' })
    const weaker: Policies = { approvals: { required: 2 }, drift: [], identity: 'asserted' }
    expect(await prod.changePolicies(weaker, by)).toMatchObject({ status: 'proposed', required: 2 })
    expect(await ends(prod.grantRole({ subject: 'eve', role: 'admin' }, ada))).toBe('authentication-required')
  })
})

describe('authenticating', () => {
  test('ACCESS 2: without an authenticator, with no credential, or with too long a one, nobody is', async () => {
    const { ledger } = await guarded({ identities: tokens, type: 'development' })
    expect(await ends(openLedger({ store: inMemoryEventStore() }).authenticate('ada'))).toBe('authenticator-missing')
    expect(await ends(ledger.authenticate('nobody'))).toBe('credential-invalid')
    expect(await ends(ledger.authenticate(''))).toBe('credential-invalid')
    expect(await ends(ledger.authenticate('x'.repeat(1024 * 1024)))).toBe('credential-invalid')
    expect(await ends(ledger.authenticate(undefined as unknown as string))).toBe('credential-invalid')
  })

  test.each<[string, () => unknown]>([
    ['throws in its own words', () => Promise.reject(new Error('cannot read secret-token'))],
    ['answers nothing', () => Promise.resolve(undefined)],
    [
      'answers a system',
      () => Promise.resolve({ type: 'system', id: 'x', issuer: 'i', expiresAt: '2027-01-01T00:00:00.000Z' }),
    ],
    ['answers no end', () => Promise.resolve({ type: 'user', id: 'x', issuer: 'i' })],
  ])(
    'ACCESS 2: an authenticator that %s authenticates nobody, and the error quotes no credential',
    async (_, authenticate) => {
      const authenticator = { authenticate } as unknown as Authenticator
      const ledger = openLedger({ store: inMemoryEventStore(), authenticator })
      const error: unknown = await ledger.authenticate('secret-token').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'authenticator-failed' })
      expect(JSON.stringify(error) + String(error) + String((error as Error).cause)).not.toContain('secret-token')
    },
  )
})
