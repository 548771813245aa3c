import { describe, expect, test } from 'vitest'
import { scenario } from '@infraledger/testkit'
import type { Given } from '@infraledger/testkit'
import { apiClient, user } from '../access/actor.ts'
import { byRoles } from '../access/by-roles.fixture.ts'
import { decideEnvironment as rules } from './decide-environment.ts'
import { PRODUCTION_DRIFT_RULES } from './policies.ts'

/** The rules as they stand in a ledger: behind the role policy. */
const decideEnvironment = byRoles(rules)

const [grace, linus] = [{ by: user('grace') }, { by: user('linus') }]

const create = (input: object = {}) =>
  ({ type: 'create-environment', input: { name: 'prod', type: 'development', ...input } }) as const
const created = (input: object = {}): Given => scenario().and(decideEnvironment, create(input))
const grant = (subject: string, role: 'admin' | 'member' | 'viewer') => ({ type: 'grant-role', subject, role }) as const
const revoke = (subject: string, role: 'admin' | 'member' | 'viewer') =>
  ({ type: 'revoke-role', subject, role }) as const

describe('creation', () => {
  test('ACCESS 3: whoever creates an environment is its first Admin', () => {
    scenario()
      .when(decideEnvironment, create(), grace)
      .then(
        {
          type: 'EnvironmentCreated',
          data: { name: 'prod', clouds: [], policies: { approvals: { required: 0 }, drift: [] } },
        },
        { type: 'RoleGranted', data: { subject: 'grace', role: 'admin' } },
      )
  })

  test('ACCESS 3: an API client that creates one is known by its type, so that no person has its roles', () => {
    const story = scenario().and(decideEnvironment, create(), { by: apiClient('grace') })
    story.when(decideEnvironment, grant('linus', 'member'), grace).thenRejected('role-required')
    story.when(decideEnvironment, grant('linus', 'member'), { by: apiClient('grace') }).then({ type: 'RoleGranted' })
  })

  test('an environment is created once', () => {
    created().when(decideEnvironment, create()).thenRejected('environment-exists', { environment: 'prod' })
  })

  test('DRIFT 7: production comes with the rules that keep it private, after its own', () => {
    const rule = { property: 'labels["x"]', decision: 'ignore', reason: 'noise' } as const
    const story = created({ type: 'production', drift: [rule] })
    expect(story.state.environment.policies.drift).toEqual([rule, ...PRODUCTION_DRIFT_RULES])
  })

  test('a name that no stream can have is not valid', () => {
    scenario()
      .when(decideEnvironment, create({ name: 'Prod/1' }))
      .thenRejected('input-invalid')
  })
})

describe('policies', () => {
  const policies = { approvals: { required: 2 }, drift: [] }

  test('an Admin changes them, nobody else does, and the same again changes nothing', () => {
    const story = created()
    story
      .when(decideEnvironment, { type: 'change-policies', policies }, grace)
      .thenRejected('role-required', { role: 'admin' })
    story
      .when(decideEnvironment, { type: 'change-policies', policies })
      .then({ type: 'EnvironmentPoliciesChanged', data: { policies } })
    story.when(decideEnvironment, { type: 'change-policies', policies }).thenNothing()
  })

  test('DRIFT 7: the rules of production are never lost with a change', () => {
    const story = created({ type: 'production' }).and(decideEnvironment, { type: 'change-policies', policies })
    expect(story.state.environment.policies.drift).toEqual(PRODUCTION_DRIFT_RULES)
    const { drift } = story.state.environment.policies
    story
      .when(decideEnvironment, { type: 'change-policies', policies: { ...policies, drift: [...drift] } })
      .thenNothing()
  })
})

describe('roles', () => {
  test('ACCESS 3: an Admin grants and revokes them, nobody else does', () => {
    const story = created()
    story.when(decideEnvironment, grant('linus', 'admin'), linus).thenRejected('role-required')
    story.and(decideEnvironment, grant('grace', 'admin')).and(decideEnvironment, grant('linus', 'member'), grace)
    story.when(decideEnvironment, revoke('grace', 'admin'), linus).thenRejected('role-required')
    story
      .when(decideEnvironment, revoke('linus', 'member'), grace)
      .then({ type: 'RoleRevoked', data: { subject: 'linus' } })
  })

  test('ACCESS 3: granting what is held and revoking what is not changes nothing', () => {
    const story = created()
    story.when(decideEnvironment, grant('ada', 'admin')).thenNothing()
    story.when(decideEnvironment, revoke('grace', 'viewer')).thenNothing()
  })

  test('ACCESS 3: the last Admin stays, also when an Admin that was before asks', () => {
    const story = created()
    story.when(decideEnvironment, revoke('ada', 'admin')).thenRejected('last-admin', { subject: 'ada' })
    story.and(decideEnvironment, grant('grace', 'admin')).and(decideEnvironment, revoke('ada', 'admin'))
    story.when(decideEnvironment, revoke('grace', 'admin')).thenRejected('role-required')
    story.when(decideEnvironment, revoke('grace', 'admin'), grace).thenRejected('last-admin', { subject: 'grace' })
  })
})

test('an alert is acknowledged once', () => {
  const story = created()
    .and(decideEnvironment, grant('grace', 'member'))
    .given({
      type: 'AlertRaised',
      data: { alert: 'a1', reason: 'resource-missing', severity: 'critical', message: 'gone' },
    })
  story.when(decideEnvironment, { type: 'acknowledge-alert', alert: 'a2' }).thenRejected('alert-not-found')
  story
    .when(decideEnvironment, { type: 'acknowledge-alert', alert: 'a1', comment: 'seen' }, grace)
    .then({ type: 'AlertAcknowledged' })
  story.when(decideEnvironment, { type: 'acknowledge-alert', alert: 'a1' }).thenNothing()
})
