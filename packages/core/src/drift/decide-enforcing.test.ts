import { describe, expect, test } from 'vitest'
import { decideDrift } from './decide.ts'
import { MAIN, observed, recorded, refOf, requested, seen } from './drift.fixture.ts'

const retention = (days: number) => ({ 'backup.retentionDays': days })

describe('enforcing, alerting, ignoring', () => {
  const grant = 'grant/checkout-reads' as const
  const operations = (...list: string[]) =>
    seen({ operations: list }, { ref: refOf('checkout-reads', undefined, 'grant'), kind: 'grant' })

  test('DRIFT 7: an enforced property is not adopted: it stands, with an alert', () => {
    const story = recorded({ operations: ['read'] }, { node: grant })
      .when(decideDrift, observed(operations('read', 'admin')))
      .then(
        { type: 'DriftDetected', data: { decisions: [{ decision: 'enforced', decidedBy: 'kind' }] } },
        {
          type: 'AlertRaised',
          data: { reason: 'enforced-property-drifted', severity: 'critical', node: grant, property: 'operations' },
        },
      )
      .when(decideDrift, observed(operations('admin', 'read')))
      .thenNothing()
    expect(story.state.drift.open.get(grant)?.get('operations')).toMatchObject({
      recorded: ['read'],
      observed: ['read', 'admin'],
    })
  })

  test('DRIFT 7: a grant of an identity that we do not manage is adopted and alerted (OWN 5)', () => {
    recorded({ operations: ['read'] }, { node: grant, ownership: 'observed' })
      .when(decideDrift, observed(operations('read', 'admin')))
      .then(
        { type: 'DriftDetected', data: { decisions: [{ decision: 'adopted', decidedBy: 'ownership' }] } },
        { type: 'NodeVersionRecorded' },
        { type: 'AlertRaised', data: { reason: 'enforced-property-drifted', severity: 'warning' } },
      )
  })

  test('DRIFT 7: public access under an enforcing policy is alerted even where it is the first reading', () => {
    recorded(
      {},
      { policies: [{ property: 'network.publicAccess', decision: 'enforce', reason: 'production is private' }] },
    )
      .when(decideDrift, observed(seen({ 'network.publicAccess': true })))
      .then(
        { type: 'DriftDetected' },
        { type: 'NodeVersionRecorded' },
        { type: 'AlertRaised', data: { reason: 'posture-weakened' } },
      )
  })

  test.each([
    ['backups off', retention(7), retention(0)],
    ['point-in-time recovery off', { 'backup.pointInTimeRecovery': true }, { 'backup.pointInTimeRecovery': false }],
    ['made zonal', { availability: 'regional' }, { availability: 'zonal' }],
    ['made public', { 'network.publicAccess': false }, { 'network.publicAccess': true }],
  ])('DRIFT 8: %s is adopted and alerted', (_, before, after) => {
    recorded(before)
      .when(decideDrift, observed(seen(after)))
      .then(
        { type: 'DriftDetected' },
        { type: 'NodeVersionRecorded', data: { set: after } },
        { type: 'AlertRaised', data: { reason: 'posture-weakened', severity: 'warning' } },
      )
  })

  test('DRIFT 8: deletion protection switched off outside is a critical alert of its own, also while a request holds the record', () => {
    const off = observed(seen({ deletionProtection: false }))
    const alert = {
      type: 'AlertRaised',
      data: { reason: 'deletion-protection-off', severity: 'critical', node: MAIN },
    } as const
    recorded({ deletionProtection: true })
      .when(decideDrift, off)
      .then({ type: 'DriftDetected' }, { type: 'NodeVersionRecorded' }, alert)
    recorded({ deletionProtection: true })
      .given(requested('r1', { deletionProtection: true }))
      .when(decideDrift, off)
      .then({ type: 'DriftDetected' }, alert)
  })

  test('DRIFT 8: what gets better is adopted in silence, and the same alert is not raised twice while it is open', () => {
    const story = recorded(retention(7)).and(decideDrift, observed(seen(retention(0))))
    const alert = [...story.state.environment.alerts.keys()][0] ?? ''
    story
      .when(decideDrift, observed(seen(retention(7))))
      .then({ type: 'DriftDetected' }, { type: 'NodeVersionRecorded' })
      .when(decideDrift, observed(seen(retention(0))))
      .then({ type: 'DriftDetected' }, { type: 'NodeVersionRecorded' })
      .and(decideDrift, observed(seen(retention(7))))
      .given({ type: 'AlertAcknowledged', data: { alert } })
      .when(decideDrift, observed(seen(retention(0))))
      .thenAmong({ type: 'AlertRaised' })
  })

  test('DRIFT 16: what the policy ignores is noted once with its reason, and adopted when the date has passed', () => {
    const rule = { property: 'tier', decision: 'ignore', until: '2026-02-01T00:00:00Z', reason: 'load test' } as const
    recorded({ tier: 'large' }, { policies: [rule] })
      .when(decideDrift, observed(seen({ tier: 'huge' })))
      .then({ type: 'DriftDetected', data: { decisions: [{ decision: 'ignored', decidedBy: 'load test' }] } })
      .when(decideDrift, observed(seen({ tier: 'huge' })))
      .thenNothing()
      .when(decideDrift, observed(seen({ tier: 'huge' })), { at: '2026-02-01T00:00:01.000Z' })
      .then(
        { type: 'DriftDetected', data: { decisions: [{ decision: 'adopted', decidedBy: 'default' }] } },
        { type: 'NodeVersionRecorded' },
      )
  })
})
