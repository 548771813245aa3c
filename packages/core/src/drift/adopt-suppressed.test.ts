import { describe, expect, test } from 'vitest'
import type { DomainEvent } from '../environment/catalogue.ts'
import { accepted } from '../environment/decision.ts'
import type { Decide } from '../environment/decision.ts'
import { adoptSuppressed } from './adopt-suppressed.ts'
import { decideDrift } from './decide.ts'
import { MAIN, nodeVersion, observed, recorded, requested, seen, underWay } from './drift.fixture.ts'

/** What a withdrawal appends, as the rule of change requests composes it. */
const withdraw: Decide<string> = (state, id, context) => {
  const request = state.changeRequests.requests.get(id)
  const ended: DomainEvent = { type: 'ChangeWithdrawn', data: { request: id, reason: 'changed my mind' } }
  return accepted(request === undefined ? [] : [ended, ...adoptSuppressed(state, request, context)])
}
const retention = (days: number) => ({ 'backup.retentionDays': days })

describe('a request that is withdrawn', () => {
  test('DRIFT 12: lets its suppressed drift be adopted, as of the moment when it was observed', () => {
    const story = recorded({ tier: 'large', ...retention(7) })
      .given(requested('r1', retention(14)))
      .and(
        decideDrift,
        observed(seen({ tier: 'large', ...retention(3) }), {
          observation: 'o1',
          observedAt: '2026-01-05T10:00:00.000Z',
        }),
      )
      .when(withdraw, 'r1')
      .then(
        { type: 'ChangeWithdrawn' },
        {
          type: 'DriftDetected',
          data: {
            observation: 'o1',
            adoptedVersion: 2,
            decisions: [{ decision: 'adopted', recorded: 7, observed: 3 }],
          },
        },
        {
          type: 'NodeVersionRecorded',
          data: {
            set: retention(3),
            cause: { type: 'drift', observation: 'o1', lastSeenAt: '2026-01-05T08:00:00.000Z' },
          },
        },
      )
    expect(story.state.drift.open.size).toBe(0)
    expect(story.state.graph.nodes.get(MAIN)?.versions.at(-1)?.effectiveAt).toBe('2026-01-05T10:00:00.000Z')
    story.when(decideDrift, observed(seen({ tier: 'large', ...retention(3) }))).thenNothing()
  })

  test('DRIFT 12: leaves drift alone that another request holds', () => {
    const { events } = recorded({ tier: 'large', ...retention(7) })
      .given(requested('r1', retention(14)))
      .given(requested('r2', { tier: 'huge' }))
      .and(decideDrift, observed(seen({ tier: 'small', ...retention(3) })))
      .when(withdraw, 'r1')
    const versions = events.flatMap((event) => (event.type === 'NodeVersionRecorded' ? [event.data.set] : []))
    expect(versions).toEqual([retention(3)])
  })

  test('DRIFT 12: leaves it to the next observation while an import or a step holds the node', () => {
    const story = () =>
      recorded(retention(7))
        .given(requested('r1', retention(14)))
        .and(decideDrift, observed(seen(retention(3))))
    const source = { type: 'terraform', name: 'x.tfstate', digest: 'abc' }
    story()
      .given({ type: 'ImportStarted', data: { import: 'i2', source, nodes: 1, edges: 0 } })
      .when(withdraw, 'r1')
      .then({ type: 'ChangeWithdrawn' })
    const deploying = story()
    underWay(deploying.state, MAIN)
    deploying.when(withdraw, 'r1').then({ type: 'ChangeWithdrawn' })
  })

  test('DRIFT 12: has its drift decided again, so that the policy is heard', () => {
    recorded({ tier: 'large' }, { policies: [{ property: 'tier', decision: 'ignore', reason: 'load test' }] })
      .given(requested('r1', { tier: 'huge' }))
      .and(decideDrift, observed(seen({ tier: 'small' })))
      .when(withdraw, 'r1')
      .then(
        { type: 'ChangeWithdrawn' },
        { type: 'DriftDetected', data: { decisions: [{ decision: 'ignored', decidedBy: 'load test' }] } },
      )
  })

  test('DRIFT 12: adopts weakened posture with an alert', () => {
    recorded(retention(7))
      .given(requested('r1', retention(14)))
      .and(decideDrift, observed(seen(retention(0))))
      .when(withdraw, 'r1')
      .thenAmong({ type: 'AlertRaised', data: { reason: 'posture-weakened' } })
  })

  test('DRIFT 12: hands on who made the change, where that is known', () => {
    const activity = { id: 'a1', operation: 'modify', at: '2026-01-05T09:30:00.000Z' }
    const principal = { type: 'user', id: 'grace' } as const
    const story = recorded(retention(7))
      .given(requested('r1', retention(14)))
      .and(decideDrift, observed(seen(retention(3)), { observation: 'o1' }))
      .given({
        type: 'DriftAttributed',
        data: { node: MAIN, version: 1, observation: 'o1', properties: ['backup.retentionDays'], principal, activity },
      })
      .when(withdraw, 'r1')
      .thenAmong({ type: 'DriftAttributed', data: { version: 2, principal, activity } })
    expect(story.state.drift.unattributed.size).toBe(0)
  })

  test('DRIFT 12: has nothing to adopt where nothing was suppressed, or the value was written meanwhile', () => {
    recorded(retention(7))
      .given(requested('r1', retention(14)))
      .when(withdraw, 'r1')
      .then({ type: 'ChangeWithdrawn' })
    recorded(retention(7))
      .given(requested('r1', retention(14)))
      .and(decideDrift, observed(seen(retention(3))))
      .given(nodeVersion(MAIN, { version: 2, set: retention(14) }))
      .when(withdraw, 'r1')
      .then({ type: 'ChangeWithdrawn' })
  })
})
