import { describeSuite } from '../suite.ts'
import type { SuiteOptions } from '../suite.ts'
import { eventStoreCases } from './cases.ts'
import type { EventStoreHarness } from './harness.ts'

/**
 * Runs the conformance suite of event stores on stores that `createHarness` makes, a fresh one for each case. A known
 * gap is expected to fail: once it passes, its test fails until it is taken from `knownGaps`.
 *
 * @example
 * describeEventStore('my event store', createHarness, { describe, it, knownGaps: ['read-ends'] })
 */
export function describeEventStore(
  name: string,
  createHarness: () => Promise<EventStoreHarness>,
  options: SuiteOptions,
): void {
  describeSuite(name, eventStoreCases, createHarness, options)
}
