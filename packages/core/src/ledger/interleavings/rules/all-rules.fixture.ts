import { accessRules } from './access-rules.fixture.ts'
import { changeRules } from './change-rules.fixture.ts'
import { deployApprovalRules } from './deploy-approval-rules.fixture.ts'
import { deployBaselineRules } from './deploy-baseline-rules.fixture.ts'
import { deployStepRules } from './deploy-step-rules.fixture.ts'
import { deployTriggerRules } from './deploy-trigger-rules.fixture.ts'
import { driftDecisionRules } from './drift-decision-rules.fixture.ts'
import { driftEqualRules } from './drift-equal-rules.fixture.ts'
import { driftPolicyRules } from './drift-policy-rules.fixture.ts'
import { driftScanRules } from './drift-scan-rules.fixture.ts'
import { endingRules } from './ending-rules.fixture.ts'
import { graphRules } from './graph-rules.fixture.ts'
import type { MakeRules } from './judge.fixture.ts'
import { ownRules } from './own-rules.fixture.ts'
import { protectRules } from './protect-rules.fixture.ts'

/** Every rule of the design, by concern. */
export const allRules: readonly MakeRules[] = [
  graphRules,
  ownRules,
  changeRules,
  driftDecisionRules,
  driftPolicyRules,
  driftEqualRules,
  driftScanRules,
  deployTriggerRules,
  deployApprovalRules,
  deployStepRules,
  deployBaselineRules,
  protectRules,
  endingRules,
  accessRules,
]
