import { expect, test } from 'vitest'
import type { ResourceObservation } from '../../cloud/observation.ts'
import { kindCatalogue } from '../../graph/kind-catalogue.ts'
import { standardKinds } from '../../graph/standard-kinds.ts'
import type { Properties } from '../../json.ts'
import type { Step } from '../../planning/step.ts'
import { movedFrom } from './moved.ts'

const kinds = kindCatalogue(standardKinds)
const days = 'backup.retentionDays'
const ref = { provider: 'fake', type: 'sql-instance', name: 'main', id: 'i1' }

const step = (operation: Step['operation'], expected: Properties = {}): Step => ({
  id: `${operation}:sql-instance/main`,
  phase: 'provision',
  operation,
  infrastructure: true,
  node: 'sql-instance/main',
  nodeVersion: 1,
  ref,
  changes: {},
  expected,
  impact: 'online',
  when: 'now',
  origins: [],
  edges: [],
  retiredEdges: [],
  after: [],
})
const there = (properties: Properties): ResourceObservation => ({
  ref,
  kind: 'sql-instance',
  properties,
  volatile: [],
  completeMaps: ['labels'],
  deferred: {},
  status: 'available',
  settled: true,
})

test('DEPLOY 5: a resource that is as the plan expected it has not moved, whatever else changed', () => {
  const expected = { [days]: 7, engineVersion: '15', 'labels["team"]': null }
  expect(movedFrom(step('update', expected), there({ [days]: 7, engineVersion: '15.4', tier: 'large' }), kinds)).toBe(
    undefined,
  )
})

test('DEPLOY 5: another value, a member that came, or none any more is told; what was not looked at is not', () => {
  const expected = { [days]: 7, tier: 'small', availability: 'zonal', 'labels["team"]': null }
  const moved = movedFrom(step('update', expected), there({ [days]: 8, tier: null, 'labels["team"]': 'core' }), kinds)
  expect(moved?.moved).toEqual([
    { property: days, expected: 7, observed: 8 },
    { property: 'tier', expected: 'small', observed: null },
    { property: 'labels["team"]', expected: null, observed: 'core' },
  ])
})

test('DEPLOY 5: what is gone has moved', () => {
  expect(movedFrom(step('update', { [days]: 7 }), undefined, kinds)?.reason).toContain('gone')
})

test('PROTECT 4: protection that is on again stands before a removal and before its last copy, and before no change', () => {
  const protectedNow = there({ deletionProtection: true })
  for (const operation of ['remove', 'take-last-copy'] as const)
    expect(movedFrom(step(operation), protectedNow, kinds)?.moved).toEqual([
      { property: 'deletionProtection', observed: true },
    ])
  expect(movedFrom(step('update'), protectedNow, kinds)).toBe(undefined)
  expect(movedFrom(step('remove'), there({ deletionProtection: false }), kinds)).toBe(undefined)
})
