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
  'review-deployment',
  'trigger-emergency',
  'approve-policy-change',
  'reject-policy-change',
  'withdraw-policy-change',
  'destroy-environment',
  'delete-environment',
  'approve-external',
  'reject-external',
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
  'review-drift',
  'propose-external',
  'withdraw-external',
  'report-external-apply',
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
    expect(bySystem).toHaveLength(15)
    expect(new Set(ask(system))).toEqual(
      new Set([
        ...bySystem,
        'create-environment',
        'import-graph',
        'record-model',
        'trigger-deployment',
        'cancel-deployment',
        'propose-external',
      ]),
    )
    for (const action of bySystem) expect(ask(user('x'), { roles: ['admin'] })).not.toContain(action)
  })

  test('ACCESS 1: pull requests deploy previews, end their own, and nothing else anywhere', () => {
    const environment = { name: 'pr:12', type: 'preview' } as const
    const inPreview = ask(pullRequest(12), { environment })
    expect(inPreview).toEqual([
      'create-environment',
      'withdraw-change',
      'record-model',
      'trigger-deployment',
      'cancel-deployment',
      'destroy-environment',
      'propose-external',
      'withdraw-external',
      'report-external-apply',
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

  test('ACCESS 1, PROTECT 11: a preview goes by its own pull request, the library or an Admin, and nothing else by automation', () => {
    const destroys = (actor: Actor, name: string, type: 'preview' | 'production' = 'preview'): boolean =>
      ask(actor, { environment: { name, type } }).includes('destroy-environment')
    for (const name of ['pr:12', 'pr:12-2']) expect(destroys(pullRequest(12), name)).toBe(true)
    for (const name of ['pr:120', 'pr:1', 'xpr:12', 'pr:12x', 'pr:12.2', 'pr:12-', 'pr:12-prod', 'pr:2-12'])
      expect(destroys(pullRequest(12), name)).toBe(false)
    expect(destroys(pullRequest(12), 'pr:12', 'production')).toBe(false)
    for (const actor of [user('12'), apiClient('12'), apiClient('pr:12')]) expect(destroys(actor, 'pr:12')).toBe(false)
    expect(destroys(system, 'pr:12')).toBe(true)
    expect(destroys(system, 'prod', 'production')).toBe(false)
    for (const roles of [['admin'], ['member']] as const)
      expect(ask(apiClient('ci'), { roles, environment: { name: 'pr:12', type: 'preview' } })).toEqual(
        roles[0] === 'admin'
          ? expect.arrayContaining(['destroy-environment'])
          : expect.not.arrayContaining(['destroy-environment']),
      )
  })

  test('ACCESS 1, PROTECT 2: a member confirms what is unused, an Admin what is in use, for the destruction', () => {
    const confirms = (roles: AuthorizationRequest['roles'], forDestruction?: true): boolean => {
      const target = { type: 'node', id: 'bucket/a', ...(forDestruction === true ? { forDestruction } : {}) } as const
      return ask(user('x'), { roles, target }).includes('confirm-deletion')
    }
    expect([confirms(['member']), confirms(['admin']), confirms(['viewer'])]).toEqual([true, true, false])
    expect([confirms(['member'], true), confirms(['admin'], true)]).toEqual([false, true])
  })

  test('ACCESS 1: the library carries a wish to cancel out, whoever’s deployment it is; others cancel their own', () => {
    const target = { type: 'deployment', id: 'd', triggeredBy: user('ada'), requesters: [] } as const
    const cancels = (actor: Actor, more: Partial<AuthorizationRequest> = {}): boolean =>
      ask(actor, { target, ...more }).includes('cancel-deployment')
    expect(cancels(system)).toBe(true)
    const environment = { name: 'pr:12', type: 'preview' } as const
    expect(cancels(pullRequest(12), { environment })).toBe(false)
    expect(cancels(pullRequest(12), { environment, target: { ...target, triggeredBy: pullRequest(12) } })).toBe(true)
  })

  test('ACCESS 1: of an external deployment, who proposed it takes it back and tells that it ran; others as Admins', () => {
    const target = { type: 'external-deployment', id: 'e', proposedBy: user('ada') } as const
    for (const action of ['withdraw-external', 'report-external-apply'] as const) {
      expect(ask(user('ada'), { target, roles: ['member'] })).toContain(action)
      expect(ask(user('linus'), { target, roles: ['member'] })).not.toContain(action)
      expect(ask(user('linus'), { target, roles: ['admin'] })).toContain(action)
    }
  })

  test('ACCESS 2: everything that an Admin decides for good takes a proven identity where one is asked for', () => {
    const proven = actions.filter((action) => COMMAND_ACCESS[action].proven === true)
    const byOthers = ['confirm-deletion', 'review-drift']
    expect(new Set(proven)).toEqual(new Set([...byAdmins.filter((action) => action !== 'manage'), ...byOthers]))
    for (const action of proven) expect(COMMAND_ACCESS[action].watched).toBe(true)
  })
})
