import { describe, expect, test, vi } from 'vitest'
import { apiClient, system, user } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import { all, guarded, waiting } from '../access/access.fixture.ts'
import type { Guarded } from '../access/access.fixture.ts'
import type { Authorizer } from '../access/authorizer.ts'
import { rolePolicy } from '../access/role-policy.ts'
import type { ExternalPlan } from '../external-deployments/external-plan.ts'
import { gitPush } from '../deployments/trigger.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { virtualClock } from '@infraledger/testkit'
import { AUTHORIZER_MS } from './admission.ts'
import type { Environment } from './environment.ts'
import { ada, grace, shop } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { By } from './options.ts'

const policies = { approvals: { required: 0 }, drift: [] }
const node = 'sql-instance/main'
const why = { reason: 'x' }
const plan: ExternalPlan = {
  tool: { name: 'terraform', version: '1.9.5' },
  name: 'plan.json',
  digest: '1'.padStart(64, '0'),
  complete: true,
  drifted: 0,
  changes: [],
}

type Deed = (prod: Environment, by: By) => Promise<unknown>

/** What weighs: an identity has to be proven for each, where one is asked for. */
const weighing: Readonly<Record<string, Deed>> = {
  approve: (prod, by) => prod.deployment('d').approve({ digest: 'x' }, by),
  'reject a deployment': (prod, by) => prod.deployment('d').reject({ digest: 'x', ...why }, by),
  review: (prod, by) => prod.deployment('d').review({ comment: 'x' }, by),
  emergency: (prod, by) =>
    prod.deploy({ trigger: gitPush({ commit: 'c', ref: 'main', pusher: 'ada' }), model: shop, emergency: why }, by),
  'reject a change': (prod, by) => prod.reject({ request: 'r', ...why }, by),
  destroy: (prod, by) => prod.destroy(why, by),
  delete: (prod, by) => prod.delete({ challenge: 'x', ...why }, by),
  'confirm a deletion': (prod, by) => prod.confirmDeletion({ node, ...why }, by),
  'confirm for the destruction': (prod, by) => prod.confirmDeletion({ node, ...why, forDestruction: true }, by),
  'review drift': (prod, by) => prod.reviewDrift({ node, version: 2, comment: 'x' }, by),
  'change policies': (prod, by) => prod.changePolicies(policies, by),
  'approve policies': (prod, by) => prod.approvePolicyChange({ proposal: 'p' }, by),
  'reject policies': (prod, by) => prod.rejectPolicyChange({ proposal: 'p', ...why }, by),
  'withdraw policies': (prod, by) => prod.withdrawPolicyChange({ proposal: 'p', ...why }, by),
  grant: (prod, by) => prod.grantRole({ subject: 'linus', role: 'admin' }, by),
  revoke: (prod, by) => prod.revokeRole({ subject: 'ada', role: 'admin' }, by),
  'approve an external plan': (prod, by) => prod.externalDeployment('e').approve({ digest: 'x' }, by),
  'reject an external plan': (prod, by) => prod.externalDeployment('e').reject({ digest: 'x', ...why }, by),
}

/** Every method that takes somebody who acts. */
const deeds: Readonly<Record<string, Deed>> = {
  ...weighing,
  deploy: (prod, by) => prod.deploy({ trigger: gitPush({ commit: 'c', ref: 'm', pusher: 'ada' }), model: shop }, by),
  cancel: (prod, by) => prod.deployment('d').cancel(why, by),
  'request a change': (prod, by) => prod.requestChange({ node, set: { 'backup.retentionDays': 14 }, ...why }, by),
  'withdraw a change': (prod, by) => prod.withdraw({ request: 'r', ...why }, by),
  import: (prod, by) =>
    prod.import({ source: { type: 't', name: 's', digest: 'd', lineage: 'l' }, nodes: [], edges: [] }, by),
  bind: (prod, by) => prod.bind({ need: 'sql-database/a', resource: node, ...why }, by),
  manage: (prod, by) => prod.manage({ node, ...why }, by),
  acknowledge: (prod, by) => prod.acknowledgeAlert({ alert: 'a' }, by),
  'propose an external plan': (prod, by) => prod.proposeExternal({ plan, commit: 'c' }, by),
  'withdraw an external plan': (prod, by) => prod.externalDeployment('e').withdraw(why, by),
  'tell of an apply': (prod, by) => prod.externalDeployment('e').applied({}, by),
}

async function refused({ prod, written }: Guarded, deed: Deed, by: unknown, code: string): Promise<void> {
  const before = await written()
  // A caller without types may hand over anything.
  await expect(deed(prod, by as By)).rejects.toMatchObject({ code })
  // Of an emergency, the model was recorded: that is what any member may do.
  expect((await written()) - before).toBeLessThanOrEqual(deed === weighing['emergency'] ? 1 : 0)
}

describe('who acts, as a caller says it', () => {
  test.each(Object.keys(deeds))('ACCESS 1: %s by nobody, or by what is no actor, is refused as input', async (name) => {
    const set = await guarded()
    const deed = deeds[name] ?? (() => Promise.resolve())
    const ids = ['', 'x'.repeat(10_000_000), 'ada\n', ' ada', 'a\u200Bda', '\u202Eada', 'ada\u0000', '\uD800', 7]
    const wrong = [
      undefined,
      null,
      'ada',
      { type: 'robot', id: 'r', assurance: 'asserted' },
      { ...ada.actor, issuer: 'https://issuer.test' },
      { ...ada.actor, roles: ['admin'] },
      ...ids.map((id) => ({ ...ada.actor, id })),
    ]
    for (const actor of wrong) await refused(set, deed, { actor }, 'input-invalid')
    await refused(set, deed, {}, 'input-invalid')
    if (name !== 'deploy' && name !== 'emergency') await refused(set, deed, undefined, 'input-invalid')
  })

  test.each(Object.keys(deeds))(
    'ACCESS 2: %s by an actor that says to be authenticated, and was not here',
    async (name) => {
      const set = await guarded({ identities: { t: { id: 'ada' } }, creator: (ledger) => ledger.authenticate('t') })
      const deed = deeds[name] ?? (() => Promise.resolve())
      const proven = await set.ledger.authenticate('t')
      const forged = [
        { ...proven },
        new Proxy(proven, {}),
        { ...system, assurance: 'authenticated' },
        { ...ada.actor, assurance: 'authenticated', issuer: 'https://issuer.test' },
      ]
      for (const actor of forged) await refused(set, deed, { actor }, 'actor-not-authenticated')
    },
  )

  test.each(Object.keys(weighing))('ACCESS 2: %s takes a proven identity where one is asked for', async (name) => {
    const set = await guarded({
      identities: { t: { id: 'ada' } },
      creator: (ledger) => ledger.authenticate('t'),
    })
    const deed = weighing[name] ?? (() => Promise.resolve())
    await refused(set, deed, ada, 'authentication-required')
    // An emergency records its model first, which takes a member.
    if (name === 'emergency') return
    for (const actor of [grace.actor, apiClient('ci'), system])
      await refused(set, deed, { actor }, 'authentication-required')
  })

  test('ACCESS 2: an actor that changes while it is looked at is the one that was looked at first', async () => {
    const set = await guarded({ identities: { t: { id: 'ada' } }, creator: (ledger) => ledger.authenticate('t') })
    let looks = 0
    const turning = { type: 'user', id: 'ada', issuer: undefined } as const
    const actor = Object.defineProperty({ ...turning }, 'assurance', {
      enumerable: true,
      get: () => (looks++ === 0 ? 'asserted' : 'authenticated'),
    })
    const deed: Deed = (prod, by) => prod.grantRole({ subject: 'linus', role: 'admin' }, by)
    await refused(set, deed, { actor }, 'authentication-required')
  })

  test('ACCESS 1: nobody changes who the library is', () => {
    expect(() => Object.assign(system, { type: 'user', id: 'ada' })).toThrow(TypeError)
    expect(system).toEqual({ type: 'system', id: 'infraledger', assurance: 'asserted' })
  })

  test('ACCESS 1: a caller that says to be the library may do what automation may, and decides nothing', async () => {
    const set = await guarded()
    for (const name of Object.keys(weighing))
      await expect((weighing[name] ?? (() => Promise.resolve()))(set.prod, { actor: system })).rejects.toMatchObject({
        code: 'role-required',
      })
  })

  test('ACCESS 3: a role is granted to a subject that can be seen', async () => {
    const set = await guarded()
    for (const subject of ['', 'grace ', 'gra\u200Bce', 'grace\n', 'x'.repeat(10_000_000)])
      await refused(set, (prod, by) => prod.grantRole({ subject, role: 'admin' }, by), ada, 'input-invalid')
  })
})

describe('an authorizer that fails', () => {
  test('ACCESS 1: one that never answers allows nothing, after its time, and what it says later counts for nothing', async () => {
    const store = inMemoryEventStore()
    const { written } = await guarded({ store })
    const before = await written()
    const clock = virtualClock({ start: '2026-03-02T10:00:00Z' })
    let answerLate: ((permission: ReturnType<Authorizer['authorize']>) => void) | undefined
    const authorizer: Authorizer = { authorize: () => new Promise((resolve) => (answerLate = resolve)) }
    const prod = openLedger({ store, clock, authorizer }).environment('prod')
    const granting = prod.grantRole({ subject: 'linus', role: 'admin' }, ada)
    const refusal = expect(granting).rejects.toMatchObject({ code: 'authorizer-failed', retryable: true })
    await vi.waitFor(() => expect(clock.sleeping()).toBe(1))
    await clock.advance(AUTHORIZER_MS)
    answerLate?.({ allowed: true, policy: 'late' })
    await refusal
    expect(await written()).toBe(before)
    expect((await all(prod.activity())).map(({ data }) => data.code)).toEqual(['authorizer-failed'])
    expect(clock.sleeping()).toBe(0)
  })

  test('ACCESS 1: one that answers in time leaves no sleeper behind, and one that answers at once asks no clock', async () => {
    const clock = virtualClock({ start: '2026-03-02T10:00:00Z' })
    const sleep = vi.spyOn(clock, 'sleep')
    const slow = openLedger({
      store: inMemoryEventStore(),
      clock,
      authorizer: { authorize: async (request) => Promise.resolve(rolePolicy().authorize(request)) },
    })
    await slow.createEnvironment({ name: 'dev', type: 'development' }, ada)
    expect(sleep).toHaveBeenCalledTimes(1)
    expect(clock.sleeping()).toBe(0)
    await openLedger({ store: inMemoryEventStore(), clock }).createEnvironment({ name: 'd', type: 'development' }, ada)
    expect(sleep).toHaveBeenCalledTimes(1)
  })

  test.each([
    [
      'an answer that bites',
      () => ({
        get allowed() {
          throw new Error('bite')
        },
        policy: 'p',
      }),
    ],
    [
      'a novel of an error',
      () => {
        throw new Error('x'.repeat(10_000_000))
      },
    ],
    [
      'something that is no error',
      () => {
        throw 'no'
      },
    ],
    ['a promise of nothing', () => Promise.resolve(null)],
  ])('ACCESS 1: %s allows nothing', async (_, authorize) => {
    const ledger = openLedger({ store: inMemoryEventStore(), authorizer: { authorize } as unknown as Authorizer })
    const creation = ledger.createEnvironment({ name: 'dev', type: 'development' }, ada)
    const error: unknown = await creation.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'authorizer-failed' })
    expect(JSON.stringify(error).length + String(error).length).toBeLessThan(5_000)
  })

  test('ACCESS 3: no authorizer lets the last Admin go', async () => {
    const set = await guarded({ authorizer: { authorize: () => ({ allowed: true, policy: 'all' }) } })
    const revoke: Deed = (prod, by) => prod.revokeRole({ subject: 'ada', role: 'admin' }, by)
    for (const actor of [ada.actor, user('nobody'), system]) await refused(set, revoke, { actor }, 'last-admin')
  })

  test('ACCESS 1, DEPLOY 6: no authorizer makes an automation a person, nor lets four eyes be two', async () => {
    const set = await guarded({ authorizer: { authorize: () => ({ allowed: true, policy: 'all' }) } })
    await set.prod.changePolicies({ approvals: { required: 1, fourEyes: true }, drift: [] }, ada)
    const executor = set.ledger.runDeployments()
    const trigger = gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' })
    const deployment = await set.prod.deploy({ trigger, model: shop }, { actor: apiClient('ci') })
    let digest = ''
    for await (const told of deployment.progress())
      if (told.type === 'waiting-for-approval') {
        digest = told.digest
        break
      }
    await executor.stop()
    const approve = (actor: Actor) => deployment.approve({ digest }, { actor })
    await expect(approve(user('ada'))).rejects.toMatchObject({ code: 'four-eyes-required' })
    for (const actor of [apiClient('ci'), system])
      await expect(approve(actor)).rejects.toMatchObject({ code: 'person-required' })
    await approve(user('grace'))
  })
})

test('ACCESS 4: that identities are proven is given up only with the approvals that hold', async () => {
  const set = await guarded({ identities: { t: { id: 'ada' } }, creator: (ledger) => ledger.authenticate('t') })
  const by = { actor: await set.ledger.authenticate('t') }
  const { policies: present } = await set.prod.describe()
  expect(await set.prod.changePolicies({ ...present, identity: 'asserted' }, by)).toMatchObject({
    status: 'proposed',
    weakens: ['identities need not be proven any more'],
  })
})

test('ACCESS 5: a refusal that cannot be written is the refusal all the same', async () => {
  const memory = inMemoryEventStore()
  let full = false
  const store: typeof memory = {
    ...memory,
    append: (...append) => (full ? Promise.reject(new Error('disk full')) : memory.append(...append)),
  }
  const set = await guarded({ store })
  const { deployment, digest } = await waiting(set)
  full = true
  await expect(deployment.approve({ digest }, grace)).rejects.toMatchObject({ code: 'role-required' })
})

test('TELEMETRY 3: what a caller says a destruction belongs to is in its events', async () => {
  const set = await guarded({ type: 'preview' })
  await set.prod.destroy(why, { ...ada, correlationId: 'job-7' })
  const correlated = new Set<string>()
  for await (const { metadata } of set.store.readStream('environment-prod', { backwards: true, limit: 3 }))
    correlated.add(metadata)
  expect([...correlated].every((metadata) => metadata.includes('"job-7"'))).toBe(true)
})
