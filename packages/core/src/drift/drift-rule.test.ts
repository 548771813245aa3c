import { expect, test } from 'vitest'
import { PRODUCTION_DRIFT_RULES } from '../environment/policies.ts'
import type { DriftRule } from '../environment/policies.ts'
import { driftRuleFor } from './drift-rule.ts'

const NOW = '2026-01-05T10:00:00.000Z'
const ignore = (rule: Partial<DriftRule>): DriftRule => ({ decision: 'ignore', reason: JSON.stringify(rule), ...rule })

test.each<[string, DriftRule, string, boolean]>([
  ['without kind and property, everything', ignore({}), 'tier', true],
  ['its kind', ignore({ kind: 'sql-instance' }), 'tier', true],
  ['no other kind', ignore({ kind: 'bucket' }), 'tier', false],
  ['its property', ignore({ property: 'tier' }), 'tier', true],
  ['no property that only begins so', ignore({ property: 'tier' }), 'tierOne', false],
  ['a prefix with a star', ignore({ property: 'backup.*' }), 'backup.window', true],
  ['all members of a map', ignore({ property: 'labels' }), 'labels["team"]', true],
  ['one member of a map', ignore({ property: 'labels["team"]' }), 'labels["owner"]', false],
  ['until its date', ignore({ until: '2026-01-05T10:00:00.001Z' }), 'tier', true],
  ['not from its date on', ignore({ until: '2026-01-05T10:00:00Z' }), 'tier', false],
])('DRIFT 16: a rule covers %s', (_, rule, property, covered) => {
  expect(driftRuleFor([rule], 'sql-instance', property, NOW) !== undefined).toBe(covered)
})

test('DRIFT 16: the first matching rule wins, and one that ran out gives way to the next', () => {
  const rules = [
    ignore({ until: '2026-01-01T00:00:00Z' }),
    ignore({ property: 'tier' }),
    ignore({ kind: 'sql-instance' }),
  ]
  expect(driftRuleFor(rules, 'sql-instance', 'tier', NOW)).toBe(rules[1])
})

test('DRIFT 7: production enforces that nothing becomes public', () => {
  expect(driftRuleFor(PRODUCTION_DRIFT_RULES, 'sql-instance', 'network.publicAccess', NOW)?.decision).toBe('enforce')
  expect(driftRuleFor(PRODUCTION_DRIFT_RULES, 'bucket', 'publicAccess', NOW)?.decision).toBe('enforce')
})
