import { describe, expect, test } from 'vitest'
import { decideDrift } from './decide.ts'
import { MAIN, observed, putOff, recorded, requested, seen } from './drift.fixture.ts'

const retention = (days: number) => ({ 'backup.retentionDays': days })

describe('beside pending requests', () => {
  test('DRIFT 4: a difference on a requested property is remembered and not adopted', () => {
    const story = recorded(retention(7))
      .given(requested('r1', retention(14)))
      .when(decideDrift, observed(seen(retention(3))))
      .then({
        type: 'DriftDetected',
        data: { decisions: [{ observed: 3, decision: 'suppressed', decidedBy: 'request r1', request: 'r1' }] },
      })
    expect(story.state.changeRequests.requests.get('r1')?.status).toBe('pending')
  })

  test('DRIFT 4: once the observed value moves on, the newer one is remembered', () => {
    recorded(retention(7))
      .given(requested('r1', retention(14)))
      .and(decideDrift, observed(seen(retention(3))))
      .when(decideDrift, observed(seen(retention(4))))
      .then({ type: 'DriftDetected', data: { decisions: [{ observed: 4, decision: 'suppressed' }] } })
  })

  test('DRIFT 4: a suppressed difference that disappears by itself is resolved', () => {
    const story = recorded(retention(7))
      .given(requested('r1', retention(14)))
      .and(decideDrift, observed(seen(retention(3))))
      .when(decideDrift, observed(seen(retention(7))))
      .then({ type: 'DriftDetected', data: { decisions: [{ decision: 'resolved', decidedBy: 'observation' }] } })
    expect(story.state.drift.open.size).toBe(0)
  })

  test('DRIFT 4: a write that fails after drift was suppressed leaves the request pending and the drift remembered', () => {
    const failure = { attempt: 1, outcome: 'refused', code: 'cloud-refused', message: 'quota' } as const
    const story = recorded(retention(7))
      .given(requested('r1', retention(14)))
      .and(decideDrift, observed(seen(retention(3))))
      .given({ type: 'StepFailed', data: { deployment: 'd1', step: `update:${MAIN}`, node: MAIN, ...failure } })
      .when(decideDrift, observed(seen(retention(3))))
      .thenNothing()
    expect(story.state.changeRequests.requests.get('r1')?.status).toBe('pending')
    expect(story.state.drift.open.get(MAIN)?.size).toBe(1)
  })

  test('DRIFT 5: a request that is observed already has converged, and its value has its lineage', () => {
    const story = recorded({ tier: 'large', ...retention(7) })
      .given(requested('r1', { tier: 'huge', ...retention(14) }))
      .when(decideDrift, observed(seen({ tier: 'large', ...retention(14) }), { observation: 'o1' }))
      .then(
        { type: 'DriftDetected', data: { decisions: [{ decision: 'converged', request: 'r1' }] } },
        {
          type: 'NodeVersionRecorded',
          data: { set: retention(14), cause: { type: 'change-request', request: 'r1', observation: 'o1' } },
        },
        { type: 'ChangeConverged', data: { request: 'r1', observation: 'o1', properties: ['backup.retentionDays'] } },
      )
    expect([...(story.state.changeRequests.requests.get('r1')?.remaining ?? [])]).toEqual(['tier'])
  })

  test('DRIFT 5: a request for what is recorded meanwhile converges without a version', () => {
    recorded(retention(7))
      .given(requested('r1', retention(7)))
      .when(decideDrift, observed(seen(retention(7))))
      .then({ type: 'DriftDetected' }, { type: 'ChangeConverged' })
  })

  test('several causes in one observation make one version each, numbered in order, under one graph version', () => {
    const story = recorded({ tier: 'large', 'backup.window': 'a', ...retention(7) })
      .given(requested('r1', { tier: 'huge' }))
      .given(putOff(retention(14)))
      .when(decideDrift, observed(seen({ tier: 'huge', 'backup.window': 'b', ...retention(14) })))
      .then(
        { type: 'DriftDetected', data: { version: 1, adoptedVersion: 2 } },
        { type: 'NodeVersionRecorded', data: { version: 2, set: { 'backup.window': 'b' }, cause: { type: 'drift' } } },
        { type: 'NodeVersionRecorded', data: { version: 3, set: { tier: 'huge' }, cause: { type: 'change-request' } } },
        {
          type: 'NodeVersionRecorded',
          data: { version: 4, set: retention(14), cause: { type: 'deployment', deployment: 'd1' } },
        },
        { type: 'ChangeConverged' },
      )
    expect(
      new Set(
        story.state.graph.nodes
          .get(MAIN)
          ?.versions.slice(1)
          .map(({ graphVersion }) => graphVersion),
      ).size,
    ).toBe(1)
  })
})

describe('what the provider puts off', () => {
  test('DRIFT 6: what we asked for and the provider put off is in flight, said once', () => {
    const waiting = seen(retention(7), { deferred: retention(14) })
    recorded(retention(7))
      .given(requested('r1', retention(14)))
      .given(putOff(retention(14)))
      .when(decideDrift, observed(waiting))
      .then({
        type: 'DriftDetected',
        data: { decisions: [{ decision: 'in-flight', decidedBy: 'deployment d1', request: 'r1' }] },
      })
      .when(decideDrift, observed(waiting))
      .thenNothing()
  })

  test('DRIFT 6: when it is in force it has landed, with the deployment and request that asked for it', () => {
    const story = recorded(retention(7))
      .given(requested('r1', retention(14)))
      .given(putOff(retention(14)))
      .when(decideDrift, observed(seen(retention(14))))
      .then(
        {
          type: 'DriftDetected',
          data: { decisions: [{ decision: 'landed', decidedBy: 'deployment d1', request: 'r1' }] },
        },
        {
          type: 'NodeVersionRecorded',
          data: { cause: { type: 'deployment', deployment: 'd1', step: `update:${MAIN}`, requests: ['r1'] } },
        },
        { type: 'ChangeApplied', data: { request: 'r1', deployment: 'd1', properties: ['backup.retentionDays'] } },
      )
    expect(story.state.changeRequests.requests.get('r1')?.status).toBe('applied')
    expect(story.state.deployments.deferred.size).toBe(0)
  })

  test('DRIFT 6: what was in flight and is neither in force nor put off any more was dropped', () => {
    recorded(retention(7))
      .given(putOff(retention(14)))
      .and(decideDrift, observed(seen(retention(7), { deferred: retention(14) })))
      .when(decideDrift, observed(seen(retention(7))))
      .then({ type: 'DriftDetected', data: { decisions: [{ decision: 'dropped' }] } })
      .when(decideDrift, observed(seen(retention(7))))
      .thenNothing()
  })

  test('DRIFT 6: a reversal that was put off and has landed ends the difference', () => {
    const story = recorded(
      { 'network.publicAccess': false },
      { policies: [{ decision: 'enforce', reason: 'private' }] },
    )
      .and(decideDrift, observed(seen({ 'network.publicAccess': true })))
      .given(putOff({ 'network.publicAccess': false }))
      .when(decideDrift, observed(seen({ 'network.publicAccess': false })))
      .then({ type: 'DriftDetected', data: { decisions: [{ decision: 'landed', decidedBy: 'deployment d1' }] } })
      .when(decideDrift, observed(seen({ 'network.publicAccess': false })))
      .thenNothing()
    expect(story.state.drift.open.size).toBe(0)
  })
})
