import { describe, expect, test } from 'vitest'
import { apiClient, pullRequest, system, user } from './actor.ts'
import type { Actor } from './actor.ts'
import type { Action, AuthorizationRequest } from './authorizer.ts'
import { COMMAND_ACCESS } from './command-access.ts'
import { rolePolicy } from './role-policy.ts'

const actions = Object.keys(COMMAND_ACCESS) as Action[]

function ask(actor: Actor, more: Partial<AuthorizationRequest> = {}): Action[] {
  const environment = { name: 'e', type: 'production' } as const
  const request = { actor, environment, roles: [], at: '2026-03-02T09:00:00.000Z', ...more }
  return actions.filter((action) => rolePolicy().authorize({ ...request, action }).allowed)
}

const byAdmins = [
  'change-policies',
  'grant-role',
  'revoke-role',
  'manage',
  'reject-change',
  'approve-deployment',
  'reject-deployment',
]
const byMembers = [
  'create-environment',
  'acknowledge-alert',
  'import-graph',
  'bind',
  'request-change',
  'withdraw-change',
  'record-model',
  'trigger-deployment',
  'cancel-deployment',
  'confirm-deletion',
]
const bySystem = actions.filter((action) => COMMAND_ACCESS[action].permitted === 'system')

describe('the role policy', () => {
  test('ACCESS 1: an Admin decides, a member asks and deploys, a viewer and a stranger only create what is their own', () => {
    expect(new Set(ask(user('x'), { roles: ['admin'] }))).toEqual(new Set([...byMembers, ...byAdmins]))
    expect(new Set(ask(user('x'), { roles: ['member'] }))).toEqual(new Set(byMembers))
    expect(ask(user('x'), { roles: ['viewer'] })).toEqual(['create-environment'])
    expect(ask(user('x'))).toEqual(['create-environment'])
    expect(ask(apiClient('ci'))).toEqual(['create-environment'])
  })

  test('ACCESS 1: what executor and reconciler do is theirs alone, and they decide nothing', () => {
    expect(bySystem).toHaveLength(11)
    expect(new Set(ask(system))).toEqual(
      new Set([...bySystem, 'create-environment', 'import-graph', 'record-model', 'trigger-deployment']),
    )
    for (const action of bySystem) expect(ask(user('x'), { roles: ['admin'] })).not.toContain(action)
  })

  test('ACCESS 1: pull requests deploy previews, and nothing else anywhere', () => {
    const environment = { name: 'pr:12', type: 'preview' } as const
    const inPreview = ask(pullRequest(12), { environment })
    expect(inPreview).toEqual([
      'create-environment',
      'withdraw-change',
      'record-model',
      'trigger-deployment',
      'cancel-deployment',
    ])
    expect(ask(pullRequest(12))).toEqual(['create-environment'])
    expect(ask(user('12'), { environment })).toEqual(['create-environment'])
  })

  test('ACCESS 1: a member takes back their own, an Admin anyone’s', () => {
    const target = { type: 'deployment', id: 'd', triggeredBy: user('ada'), requesters: [] } as const
    const cancels = (actor: Actor, roles: AuthorizationRequest['roles']): boolean =>
      ask(actor, { roles, target }).includes('cancel-deployment')
    expect(cancels(user('ada'), ['member'])).toBe(true)
    expect(cancels(user('ada'), [])).toBe(false)
    expect(cancels(apiClient('ada'), ['member'])).toBe(false)
    expect(cancels(user('linus'), ['member'])).toBe(false)
    expect(cancels(user('linus'), ['admin'])).toBe(true)
  })
})
