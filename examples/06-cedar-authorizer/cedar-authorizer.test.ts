import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inMemoryEventStore, openLedger, system, user } from '@infraledger/core'
import type { Action, Actor, AuthorizationRequest } from '@infraledger/core'
import { expect, onTestFinished, test } from 'vitest'
import { cedarAuthorizer } from './cedar-authorizer.ts'

const groups = (subject: string): readonly string[] => (subject === 'linus' ? ['sre'] : [])
const policies = new URL('policies.cedar', import.meta.url)
const [NOON, NIGHT] = ['2026-04-01T12:00:00.000Z', '2026-04-01T23:00:00.000Z']

async function ask(actor: Actor, action: Action, more: Partial<AuthorizationRequest> = {}): Promise<[boolean, string]> {
  const environment = { name: 'prod', type: 'production' } as const
  const request: AuthorizationRequest = { actor, action, environment, roles: [], at: NOON, ...more }
  const { allowed, policy } = await cedarAuthorizer(policies, groups).authorize(request)
  return [allowed, policy]
}

/** A file with policies that is gone after the test. */
function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cedar-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'policies.cedar'), text)
  return join(folder, 'policies.cedar')
}

test('ACCESS 1: a decision names the policy that made it; what none permits is denied', async () => {
  expect(await ask(user('linus'), 'approve-deployment')).toEqual([true, 'cedar: sre-approves'])
  expect(await ask(user('ada'), 'approve-deployment', { roles: ['admin'] })).toEqual([false, 'cedar'])
  expect(await ask(user('ada'), 'grant-role', { roles: ['admin'] })).toEqual([true, 'cedar: admins-govern'])
  expect(await ask(system, 'start-step')).toEqual([true, 'cedar: the-library-does-its-work'])
  expect(await ask(user('eve'), 'request-change')).toEqual([false, 'cedar'])
})

test('ACCESS 1: what a policy forbids is denied, whatever others permit', async () => {
  const target = { type: 'deployment', id: 'd', triggeredBy: user('linus'), requesters: [] } as const
  expect(await ask(user('linus'), 'approve-deployment', { target })).toEqual([
    false,
    'cedar: nobody-approves-their-own',
  ])
  const riding = { type: 'deployment', id: 'd', triggeredBy: user('ada'), requesters: [user('linus')] } as const
  expect(await ask(user('linus'), 'approve-deployment', { target: riding })).toEqual([
    false,
    'cedar: nobody-approves-their-own',
  ])
})

test('ACCESS 1: by night members deploy to development alone', async () => {
  const night = { roles: ['member'], at: NIGHT } as const
  const development = { name: 'sandbox', type: 'development' } as const
  expect(await ask(user('ada'), 'trigger-deployment', { roles: ['member'] })).toEqual([
    true,
    'cedar: members-ask-and-deploy',
  ])
  expect(await ask(user('ada'), 'trigger-deployment', night)).toEqual([false, 'cedar: nights-are-for-development'])
  expect(await ask(user('ada'), 'trigger-deployment', { ...night, environment: development })).toEqual([
    true,
    'cedar: members-ask-and-deploy',
  ])
})

test('ACCESS 1: policies that cannot be read are told at once; one that fails when it is asked allows nothing, and nothing is written', async () => {
  expect(() => cedarAuthorizer(fileWith('permit (principal'), groups)).toThrow()
  const broken = '@id("broken") permit (principal, action, resource) when { context.nothing > 1 };'
  const store = inMemoryEventStore()
  const ledger = openLedger({ store, authorizer: cedarAuthorizer(fileWith(broken), groups) })
  await expect(
    ledger.createEnvironment({ name: 'prod', type: 'production' }, { actor: user('ada') }),
  ).rejects.toMatchObject({ code: 'authorizer-failed' })
  expect(await ledger.environments()).toEqual([])
})
