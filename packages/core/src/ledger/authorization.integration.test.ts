import { describe, expect, test } from 'vitest'
import { apiClient, user } from '../access/actor.ts'
import type { AuthorizationRequest, Authorizer, Permission } from '../access/authorizer.ts'
import { all, guarded, waiting } from '../access/access.fixture.ts'
import { rolePolicy } from '../access/role-policy.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { api } from '../deployments/trigger.ts'
import { ada, grace, shop } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'

const linus = { actor: user('linus') }
const graph = (digest: string) => ({
  source: { type: 'test', name: 'state', digest, lineage: digest },
  nodes: [{ address: 'a', kind: 'thing', key: digest, properties: {} }],
  edges: [],
})

/** The role policy, which also tells what it was asked. */
function listening(): { readonly authorizer: Authorizer; readonly asked: AuthorizationRequest[] } {
  const asked: AuthorizationRequest[] = []
  const authorize = (request: AuthorizationRequest): Permission => {
    asked.push(request)
    return rolePolicy().authorize(request)
  }
  return { authorizer: { authorize }, asked }
}

describe('the authorizer', () => {
  test('ACCESS 1: is asked for every command, also those of the executor, with actor, action, target and roles', async () => {
    const { authorizer, asked } = listening()
    const set = await guarded({ authorizer })
    const { deployment, digest } = await waiting(set)
    await deployment.approve({ digest }, ada)
    expect(new Set(asked.map(({ action }) => action))).toEqual(
      new Set([
        'create-environment',
        'grant-role',
        'record-model',
        'trigger-deployment',
        'claim-execution',
        'complete-observation',
        'plan-deployment',
        'release-execution',
        'approve-deployment',
      ]),
    )
    expect(asked[0]).toMatchObject({
      action: 'create-environment',
      environment: { name: 'prod', type: 'production' },
      roles: [],
    })
    expect(asked.at(-1)).toMatchObject({
      actor: ada.actor,
      action: 'approve-deployment',
      environment: { name: 'prod', type: 'production' },
      target: { type: 'deployment', id: deployment.id, triggeredBy: { id: 'ada' }, requesters: [] },
      roles: ['admin'],
    })
  })

  test('ACCESS 1: is asked again after a conflict, on the state that the winner left', async () => {
    const store = inMemoryEventStore()
    const other = openLedger({ store })
    let meanwhile: (() => Promise<void>) | undefined
    const authorizer: Authorizer = {
      async authorize(request) {
        const between = request.action === 'import-graph' ? meanwhile : undefined
        meanwhile = undefined
        const permission = rolePolicy().authorize(request)
        await between?.()
        return permission
      },
    }
    const { prod, written } = await guarded({ store, authorizer })
    meanwhile = () => other.environment('prod').revokeRole({ subject: 'grace', role: 'member' }, ada)
    const before = await written()
    await expect(prod.import(graph('g'), grace)).rejects.toMatchObject({ code: 'role-required' })
    expect(await written()).toBe(before + 1)
  })

  test('ACCESS 1: what it allowed on one state is not decided on another, which a reader has folded meanwhile', async () => {
    const store = inMemoryEventStore()
    const other = openLedger({ store })
    let asked = 0
    const authorizer: Authorizer = {
      async authorize(request) {
        const permission = rolePolicy().authorize(request)
        if (request.action === 'import-graph' && ++asked === 1) {
          await other.environment('prod').revokeRole({ subject: 'grace', role: 'member' }, ada)
          await prod.describe()
        }
        return permission
      },
    }
    const { prod } = await guarded({ store, authorizer })
    await expect(prod.import(graph('g'), grace)).rejects.toMatchObject({ code: 'role-required' })
    expect(asked).toBe(2)
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('no connection')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no connection'))],
    ['answers nothing', () => undefined],
    ['answers yes in its own way', () => ({ allowed: 'yes', policy: 'p' })],
    ['names no policy', () => ({ allowed: true })],
    ['answers a novel', () => ({ allowed: true, policy: 'p'.repeat(10_000) })],
  ])('ACCESS 1: one that %s allows nothing', async (_, answer) => {
    const store = inMemoryEventStore()
    const { written } = await guarded({ store })
    const before = await written()
    const authorizer = { authorize: answer } as unknown as Authorizer
    const prod = openLedger({ store, authorizer }).environment('prod')
    await expect(prod.import(graph('g'), ada)).rejects.toMatchObject({
      code: 'authorizer-failed',
      details: { action: 'import-graph', subject: 'ada' },
    })
    expect(await written()).toBe(before)
  })

  test('ACCESS 1: another one’s word is told with its reason, and may forbid to create environments', async () => {
    const store = inMemoryEventStore()
    const authorizer: Authorizer = { authorize: () => ({ allowed: false, policy: 'freeze', reason: 'it is Friday' }) }
    const ledger = openLedger({ store, authorizer })
    await expect(ledger.createEnvironment({ name: 'prod', type: 'development' }, ada)).rejects.toMatchObject({
      code: 'permission-denied',
      details: { action: 'create-environment', subject: 'ada', policy: 'freeze', reason: 'it is Friday' },
    })
    expect(await ledger.environments()).toEqual([])
  })
})

test('ACCESS 1, DEPLOY 10: a deployment waits while the authorizer fails, and goes on when it is there again', async () => {
  let failing = 0
  const authorizer: Authorizer = {
    authorize(request) {
      if (request.action === 'finish-step' && failing++ < 3) throw new Error('no connection')
      return rolePolicy().authorize(request)
    },
  }
  const set = await guarded({ authorizer })
  const { deployment, digest } = await waiting(set)
  await deployment.approve({ digest }, ada)
  const executor = set.ledger.runDeployments()
  expect(await deployment.completed()).toMatchObject({ status: 'succeeded' })
  expect(failing).toBeGreaterThan(3)
  await executor.stop()
})

describe('who may not', () => {
  test('ACCESS 1: strangers, members and API clients with a person’s id are refused with the role that is missing, and nothing is written', async () => {
    const set = await guarded()
    const { deployment, digest } = await waiting(set)
    const { prod, written } = set
    const before = await written()
    const refused = async (deed: Promise<unknown>, code: string, details: object): Promise<void> => {
      await expect(deed).rejects.toMatchObject({ code, details })
      expect(await written()).toBe(before)
    }
    const admin = { role: 'admin' }
    await refused(deployment.approve({ digest }, linus), 'role-required', {
      ...admin,
      subject: 'linus',
      action: 'approve',
    })
    await refused(deployment.approve({ digest }, grace), 'role-required', { ...admin, subject: 'grace' })
    await refused(deployment.approve({ digest }, { actor: apiClient('ada') }), 'role-required', {
      subject: 'api-client:ada',
    })
    await refused(deployment.reject({ digest, reason: 'x' }, grace), 'role-required', admin)
    await refused(deployment.cancel({ reason: 'x' }, grace), 'role-required', admin)
    await refused(prod.grantRole({ subject: 'linus', role: 'admin' }, linus), 'role-required', admin)
    await refused(prod.changePolicies({ approvals: { required: 0 }, drift: [] }, grace), 'role-required', admin)
    await refused(prod.import(graph('g'), linus), 'role-required', { role: 'member' })
    await refused(prod.deploy({ trigger: api({ commit: 'c', client: 'ci' }), model: shop }), 'role-required', {
      role: 'member',
      subject: 'api-client:ci',
    })
    await refused(prod.confirmDeletion({ node: 'sql-instance/main', reason: 'x' }, linus), 'role-required', {
      role: 'member',
    })
  })

  test('ACCESS 1: an API client deploys once a role is granted under its own subject', async () => {
    const { prod } = await guarded()
    await prod.grantRole({ subject: 'api-client:ci', role: 'member' }, ada)
    const deployment = await prod.deploy({ trigger: api({ commit: 'c', client: 'ci' }), model: shop })
    expect(await deployment.read()).toMatchObject({ triggeredBy: { type: 'api-client', id: 'ci' } })
  })

  test('ACCESS 3: a role that is none, and an actor that is none, are refused as input', async () => {
    const { prod, written } = await guarded()
    const before = await written()
    // A caller without types may hand over anything.
    const owner = { subject: 'linus', role: 'owner' } as unknown as Parameters<typeof prod.grantRole>[0]
    await expect(prod.grantRole(owner, ada)).rejects.toMatchObject({ code: 'input-invalid' })
    for (const actor of [undefined, 'ada', { type: 'robot', id: 'r', assurance: 'asserted' }, { ...ada.actor, id: '' }])
      await expect(prod.import(graph('g'), { actor } as unknown as typeof ada)).rejects.toMatchObject({
        code: 'input-invalid',
        details: { what: 'the actor' },
      })
    expect(await written()).toBe(before)
  })
})

test('ACCESS 1: the decision is recorded with every event of the command, and shown where its actor is', async () => {
  const set = await guarded()
  const { deployment, digest } = await waiting(set)
  await deployment.approve({ digest, comment: 'fine' }, ada)
  const entries = await all(set.prod.timeline())
  expect(entries.every(({ authorization }) => authorization?.policy === 'roles')).toBe(true)
  expect(entries.at(-1)).toMatchObject({ type: 'DeploymentApproved', authorization: { roles: ['admin'] } })
  expect(entries[0]).toMatchObject({ type: 'EnvironmentCreated', authorization: { roles: [] } })
  expect(await deployment.read()).toMatchObject({
    triggeredAuthorization: { policy: 'roles', roles: ['admin'] },
    approvals: [{ by: ada.actor, authorization: { policy: 'roles', roles: ['admin'] } }],
  })
})
