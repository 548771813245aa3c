import { describeSuite } from '../suite.ts'
import type { SuiteOptions } from '../suite.ts'
import { cloudProviderCases } from './cases.ts'
import type { CloudProviderHarness } from './harness.ts'

/**
 * Runs the conformance suite of cloud providers, each case on a fresh harness. A known gap is expected to fail: once it passes, its
 * test fails until it is taken from `knownGaps`. Cases on what the sample leaves out (protection, snapshots…) pass by saying nothing.
 *
 * @example
 * describeCloudProvider('my cloud', createHarness, { describe, it, knownGaps: ['update-deferred'] })
 */
export function describeCloudProvider(
  name: string,
  createHarness: () => Promise<CloudProviderHarness>,
  options: SuiteOptions,
): void {
  describeSuite(name, cloudProviderCases, createHarness, options)
}
