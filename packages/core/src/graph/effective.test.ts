import { expect, test } from 'vitest'
import type { LedgerEvent } from '../environment/catalogue.ts'
import type { Cause } from './cause.ts'
import { effectiveView } from './effective.ts'
import { ledger, minute } from './graph.fixture.ts'
import type { Ledger } from './graph.fixture.ts'
import type { GraphView } from './view.ts'

const drift = (lastSeenAt?: string): Cause => ({
  type: 'drift',
  observation: 'o1',
  ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
})

function world(told: Ledger, at: string, version = told.state.graph.version): GraphView {
  return effectiveView(told.state, { effectiveAt: new Date(at), at: version, lastObserved: () => 'never' })
}

/** Created at 10, deployment at 30, and at 40 drift was found that came after 20. */
function drifted(): Ledger {
  return ledger()
    .change((draft) => draft.nodeVersion('sql-instance/main', { set: { tier: 'small', 'backup.retentionDays': 7 } }), {
      at: minute(10),
    })
    .change((draft) => draft.nodeVersion('sql-instance/main', { set: { tier: 'large' } }), { at: minute(30) })
    .change(
      (draft) =>
        draft.nodeVersion('sql-instance/main', {
          set: { 'backup.retentionDays': 1 },
          cause: drift(minute(20)),
          effectiveAt: minute(40),
        }),
      {
        at: minute(41),
      },
    )
}

test('a change counts from when it took effect in the world', () => {
  const told = drifted()
  expect(world(told, minute(9)).nodes()).toEqual([])
  expect(world(told, minute(10)).node('sql-instance/main')).toMatchObject({
    version: 1,
    properties: { tier: 'small', 'backup.retentionDays': 7 },
    effective: { from: minute(10), to: minute(30), certain: true },
  })
  expect(world(told, minute(40)).node('sql-instance/main')).toMatchObject({
    version: 3,
    properties: { tier: 'large', 'backup.retentionDays': 1 },
  })
})

test('where the moment of a drift is not known, the answer says between which bounds it lies', () => {
  const node = world(drifted(), minute(35)).node('sql-instance/main')
  expect(node?.properties).toEqual({ tier: 'large', 'backup.retentionDays': 7 })
  expect(node?.effective).toEqual({
    from: minute(30),
    to: minute(40),
    certain: false,
    between: { after: minute(20), before: minute(40) },
  })
})

test('late attribution moves the moment: before a change that was recorded earlier', () => {
  const told = drifted()
  const before = world(told, minute(25))
  told.append([attributed(3, ['backup.retentionDays'], minute(22))], { at: minute(50) })
  const node = world(told, minute(25)).node('sql-instance/main')
  expect(node).toMatchObject({ properties: { tier: 'small', 'backup.retentionDays': 1 }, effective: { certain: true } })
  expect(world(told, minute(21)).node('sql-instance/main')?.properties['backup.retentionDays']).toBe(7)
  // The view that was made before the attribution does not know of it.
  expect(before.node('sql-instance/main')).toMatchObject({
    properties: { 'backup.retentionDays': 7 },
    effective: { certain: false },
  })
})

test('an attribution of a later difference to the same version moves nothing', () => {
  const told = drifted().append([attributed(3, ['backup.retentionDays'], minute(45))], { at: minute(50) })
  expect(world(told, minute(35)).node('sql-instance/main')?.effective.certain).toBe(false)
})

test('now in the world is now in the ledger, whatever the order of moments', () => {
  const told = drifted()
  told.change(
    (draft) =>
      draft.nodeVersion('sql-instance/main', { set: { tier: 'medium' }, cause: drift(), effectiveAt: minute(12) }),
    { at: minute(60) },
  )
  expect(world(told, minute(99)).node('sql-instance/main')?.properties.tier).toBe('medium')
})

test('a vanished node is there, uncertainly, until it was seen to be gone', () => {
  const told = ledger()
    .change((draft) => draft.nodeVersion('bucket/a', {}), { at: minute(10) })
    .change(
      (draft) => draft.retireNode('bucket/a', 'vanished', { cause: drift(minute(20)), effectiveAt: minute(40) }),
      { at: minute(41) },
    )
  expect(world(told, minute(15)).node('bucket/a')?.effective).toEqual({
    from: minute(10),
    to: minute(40),
    certain: true,
  })
  expect(world(told, minute(30)).node('bucket/a')?.effective).toMatchObject({
    certain: false,
    between: { after: minute(20), before: minute(40) },
  })
  expect(world(told, minute(40)).node('bucket/a')).toBeUndefined()
})

test('imported states are true from when they were made; between two of them a change is uncertain', () => {
  const told = ledger()
  for (const [id, made, days] of [
    ['i1', 1, 7],
    ['i2', 5, 14],
  ] as const) {
    const source = { type: 't', name: 'states', digest: id }
    told.append([
      { type: 'ImportStarted', data: { import: id, source, nodes: 1, edges: 0, effectiveAt: minute(made) } },
    ])
    const change = { set: { 'backup.retentionDays': days }, effectiveAt: minute(made) }
    told.change((draft) => draft.nodeVersion('sql-instance/main', change), { cause: { type: 'import', import: id } })
    told.append([{ type: 'ImportCompleted', data: { import: id, recorded: 1, unchanged: 0, retired: 0 } }])
  }
  const days = (n: number) => world(told, minute(n)).node('sql-instance/main')?.properties['backup.retentionDays']
  expect([days(0), days(1), days(4), days(5)]).toEqual([undefined, 7, 7, 14])
  expect(world(told, minute(3)).node('sql-instance/main')?.effective).toMatchObject({
    certain: false,
    between: { after: minute(1), before: minute(5) },
  })
})

test('what the ledger knew at a version of the world at a moment: both times together', () => {
  expect(world(drifted(), minute(45), 2).node('sql-instance/main')?.properties['backup.retentionDays']).toBe(7)
})

test('edges take effect and end in the world, and end with their nodes', () => {
  const told = ledger()
    .change(
      (draft) => {
        draft.nodeVersion('service/shop', {})
        draft.nodeVersion('bucket/a', {})
        draft.edgeVersion('uses', 'service/shop', 'bucket/a')
      },
      { at: minute(10) },
    )
    .change(
      (draft) => draft.retireNode('bucket/a', 'vanished', { cause: drift(minute(20)), effectiveAt: minute(40) }),
      { at: minute(41) },
    )
  expect(world(told, minute(9)).edges()).toEqual([])
  expect(world(told, minute(15)).edges()).toHaveLength(1)
  expect(world(told, minute(30)).edges()).toMatchObject([{ effective: { certain: false } }])
  expect(world(told, minute(40)).edges()).toEqual([])
  expect(
    world(told, minute(15))
      .dependents('bucket/a')
      .map(({ id }) => id),
  ).toEqual(['service/shop'])
})

test('OWN 1 | ownership in the world follows when the hand-over was recorded', () => {
  const told = drifted().append([{ type: 'NodeManaged', data: { node: 'sql-instance/main', reason: 'ours' } }], {
    at: minute(50),
  })
  expect(world(told, minute(45)).node('sql-instance/main')?.ownership).toBe('observed')
  expect(world(told, minute(50)).node('sql-instance/main')?.ownership).toBe('managed')
})

function attributed(
  version: number,
  properties: string[],
  at: string,
): { type: 'DriftAttributed'; data: LedgerEvent<'DriftAttributed'>['data'] } {
  const activity = { id: 'a1', operation: 'ModifyDBInstance', at }
  return {
    type: 'DriftAttributed',
    data: { node: 'sql-instance/main', version, properties, principal: { type: 'user', id: 'eve' }, activity },
  }
}
