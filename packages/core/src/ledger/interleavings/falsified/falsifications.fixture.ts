import type { RuleId } from '../rules/judge.fixture.ts'
import { falsifiedAccess } from './access.fixture.ts'
import { falsifiedChanges } from './changes.fixture.ts'
import { falsifiedDeployments } from './deployments.fixture.ts'
import { falsifiedDrift } from './drift.fixture.ts'
import { falsifiedEnding } from './ending.fixture.ts'
import type { Falsify } from './falsify.fixture.ts'
import { falsifiedGraph } from './graph.fixture.ts'
import { falsifiedOwnership } from './ownership.fixture.ts'
import { falsifiedProtection } from './protection.fixture.ts'

/** What each rule has to object to: a true tape that was falsified in one place. */
export type Falsified = readonly (readonly [rule: RuleId, how: string, falsify: Falsify])[]

/** Of every rule at least one. */
export const falsifications: Falsified = [
  ...falsifiedGraph,
  ...falsifiedOwnership,
  ...falsifiedChanges,
  ...falsifiedDrift,
  ...falsifiedDeployments,
  ...falsifiedProtection,
  ...falsifiedEnding,
  ...falsifiedAccess,
]
