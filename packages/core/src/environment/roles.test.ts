import { expect, test } from 'vitest'
import { scenario } from '@infraledger/testkit'
import { apiClient, pullRequest, system, user } from '../access/actor.ts'
import { actorOfSubject, hasRole, subjectOf } from './roles.ts'

test('ACCESS 3: an Admin may do what a member may, and a member what a viewer may, not the other way round', () => {
  const { state } = scenario().given({ type: 'RoleGranted', data: { subject: 'grace', role: 'member' } })
  const held = (['admin', 'member', 'viewer'] as const).map((role) => hasRole(state, user('grace'), role))
  expect(held).toEqual([false, true, true])
  expect(hasRole(state, user('linus'), 'viewer')).toBe(false)
})

test('ACCESS 3: no two actors are the same subject', () => {
  const actors = [
    user('ci'),
    apiClient('ci'),
    user('api-client:ci'),
    user('user:ci'),
    pullRequest(12),
    user('pull-request:12'),
    user('12'),
    system,
  ]
  const subjects = actors.map(subjectOf)
  expect(new Set(subjects).size).toBe(actors.length)
  expect(subjects.map((subject) => actorOfSubject(subject, 'asserted'))).toEqual(actors)
  expect(subjects.slice(0, 3)).toEqual(['ci', 'api-client:ci', 'user:api-client:ci'])
})
