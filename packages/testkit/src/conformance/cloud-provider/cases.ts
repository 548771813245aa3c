import { creatingCases } from './creating.ts'
import { grantingCases } from './granting.ts'
import type { CloudProviderCase } from './harness.ts'
import { readingCases } from './reading.ts'
import { removingCases } from './removing.ts'
import { updatingCases } from './updating.ts'

/** What every cloud provider must do, as data: run each on a fresh harness, with any test runner or none. */
export const cloudProviderCases: readonly CloudProviderCase[] = [
  ...creatingCases,
  ...updatingCases,
  ...removingCases,
  ...readingCases,
  ...grantingCases,
]
