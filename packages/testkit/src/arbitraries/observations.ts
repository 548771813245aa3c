import type { ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import fc from 'fast-check'
import { sqlInstancePatches, sqlInstanceProperties } from './sql-instances.ts'

/** Refs of the fake cloud's `sql-instance`s: names repeat, ids tell them apart. */
export function sqlInstanceRefs(): fc.Arbitrary<ProviderRef> {
  return fc.record({
    provider: fc.constant('fake'),
    account: fc.constant('main'),
    region: fc.constant('somewhere-1'),
    type: fc.constant('sql-instance'),
    name: fc.constantFrom('main', 'orders', 'reports'),
    id: fc.integer({ min: 1, max: 9 }).map((number) => `sql-instance-${number}`),
  })
}

/** What a provider may say of a `sql-instance`: at rest or on its way, with and without changes that were put off. */
export function sqlInstanceObservations(): fc.Arbitrary<ResourceObservation> {
  const state = fc.constantFrom(
    { status: 'available', settled: true },
    { status: 'available', settled: true },
    { status: 'modifying', settled: false },
    { status: 'stopped', settled: true },
    { status: 'a-status-of-tomorrow', settled: false },
  )
  const restorable = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  return fc
    .tuple(sqlInstanceRefs(), sqlInstanceProperties(), restorable, state, fc.option(sqlInstancePatches()))
    .map(([ref, properties, at, { status, settled }, deferred]) => ({
      ref,
      kind: 'sql-instance',
      properties: { ...properties, 'provider.latestRestorableTime': at.toISOString() },
      volatile: ['provider.latestRestorableTime'],
      completeMaps: ['labels', 'parameters'],
      deferred: deferred ?? {},
      status,
      settled,
    }))
}
