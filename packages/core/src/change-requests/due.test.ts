import { describe, expect, test } from 'vitest'
import type { Given } from '@infraledger/testkit'
import type { DomainEvent, EventData } from '../environment/catalogue.ts'
import { environment, made } from '../planning/planning.fixture.ts'
import { dueRequests } from './due.ts'

type Request = EventData<'ChangeRequested'>

const SUNDAY_AT_3 = '2026-01-11T03:30:00.000Z'
const MONDAY = '2026-01-12T12:00:00.000Z'

const request = (id: string, data: Partial<Request>): DomainEvent => ({
  type: 'ChangeRequested',
  data: {
    request: id,
    node: 'sql-instance/main',
    set: { [`labels["${id}"]`]: 'x' },
    baseVersion: 1,
    reason: 'audit',
    impact: 'online',
    downtimeAcknowledged: false,
    when: { type: 'next-deployment' },
    ...data,
  },
})

const withWindow = (window: string): Given =>
  environment().given(made('sql-instance/main', { 'maintenance.window': window }))

function due(story: Given, selection: Parameters<typeof dueRequests>[1], now = MONDAY): readonly string[] | string {
  const requests = dueRequests(story.state, selection, now)
  return 'code' in requests ? requests.code : requests.map((one) => one.request)
}

describe('which requests a deployment takes along', () => {
  test('CHANGE 4: a pending request rides along with whatever deploys next, in the order of the requests', () => {
    const story = withWindow('sun:03:00-sun:04:00').given(request('b', {})).given(request('a', {}))
    expect(due(story, 'due')).toEqual(['b', 'a'])
    expect(due(story, 'none')).toEqual([])
  })

  test('CHANGE 5: a request stays due when its deployment has failed', () => {
    const story = withWindow('sun:03:00').given(request('a', {}))
    story.given({ type: 'DeploymentFailed', data: { deployment: 'd1', reason: 'the provider refused' } })
    expect(due(story, 'due')).toEqual(['a'])
  })

  test('CHANGE 5: a request of which only a part was applied stays pending with the rest', () => {
    const story = withWindow('sun:03:00').given(request('a', { set: { tier: 'large', 'storage.gib': 200 } }))
    story.given({ type: 'ChangeApplied', data: { request: 'a', deployment: 'd1', properties: ['storage.gib'] } })
    expect(due(story, 'due')).toEqual(['a'])
    story.given({ type: 'ChangeApplied', data: { request: 'a', deployment: 'd2', properties: ['tier'] } })
    expect(due(story, 'due')).toEqual([])
  })

  test('CHANGE 8: what waits for the maintenance window is due inside it alone', () => {
    const story = withWindow('sun:03:00-sun:04:00')
    story.given(request('restart', { impact: 'restart', when: { type: 'maintenance-window' } }))
    expect(due(story, 'due', MONDAY)).toEqual([])
    expect(due(story, 'due', SUNDAY_AT_3)).toEqual(['restart'])
  })

  test('CHANGE 8: without a window that is known it is never due, and still taken when it is named', () => {
    const story = withWindow('whenever').given(
      request('restart', { impact: 'restart', when: { type: 'maintenance-window' } }),
    )
    expect(due(story, 'due', SUNDAY_AT_3)).toEqual([])
    expect(due(story, ['restart'], MONDAY)).toEqual(['restart'])
  })

  test('CHANGE 8: where the provider itself waits for its window it is due at any time', () => {
    const story = withWindow('sun:03:00').given(
      request('a', { impact: 'maintenance-window', when: { type: 'maintenance-window' } }),
    )
    expect(due(story, 'due', MONDAY)).toEqual(['a'])
  })

  test('CHANGE 8: what is wanted not before a moment is due from that moment on', () => {
    const story = withWindow('sun:03:00').given(
      request('a', { when: { type: 'not-before', at: '2026-01-12T12:00:00Z' } }),
    )
    expect(due(story, 'due', '2026-01-12T11:59:59.999Z')).toEqual([])
    expect(due(story, 'due', MONDAY)).toEqual(['a'])
  })

  test('CHANGE 8: named requests are taken whatever their time, and nothing beside them', () => {
    const story = withWindow('sun:03:00')
      .given(request('a', {}))
      .given(request('b', { when: { type: 'not-before', at: '2027-01-01T00:00:00Z' } }))
    expect(due(story, ['b', 'b'])).toEqual(['b'])
  })

  test('CHANGE 8: a named request that is unknown or no longer pending is refused', () => {
    const story = withWindow('sun:03:00')
      .given(request('a', {}))
      .given({ type: 'ChangeWithdrawn', data: { request: 'a', reason: 'x' } })
    expect(due(story, ['nope'])).toBe('change-not-found')
    expect(due(story, ['a'])).toBe('change-not-pending')
  })
})
