import type { Progress } from '@infraledger/core'
import { count, plain, showMoment } from './text.ts'

/** What happened in a deployment, and in which environment. */
export type ToldProgress = Progress & { readonly environment: string }

/** One thing that happened, on a line. */
export function showProgress(told: ToldProgress): string {
  return `${showMoment(told.at)} ${plain(told.environment)} ${plain(told.deployment)} ${plain(describe(told))}`
}

function describe(told: ToldProgress): string {
  switch (told.type) {
    case 'triggered':
      return `triggered, commit ${told.commit}`
    case 'planned':
      return `planned: ${count(told.steps, 'step')}, plan ${told.digest}`
    case 'waiting-for-approval':
      return `waits for approval: infraledger approve ${told.deployment} --digest ${told.digest} --environment ${told.environment}`
    case 'approved':
      return `approved by ${told.by}${told.sections === undefined ? '' : ` (${told.sections.join(', ')})`}`
    case 'approval-voided':
      return `approvals void: ${told.reason}`
    case 'revised':
      return `${told.step} is planned anew: ${told.reason}`
    case 'phase-started':
      return `${told.phase} begins`
    case 'phase-completed':
      return `${told.phase} is complete`
    case 'step-started':
      return told.attempt > 1 ? `${told.step} begins, attempt ${told.attempt}` : `${told.step} begins`
    case 'step-succeeded':
      return `${told.step} is done`
    case 'step-deferred':
      return `${told.step} is put off by the provider`
    case 'step-failed':
      return `${told.step} failed (${told.outcome}): ${told.message}`
    case 'cancelling':
      return `is being cancelled: ${told.reason}`
    case 'succeeded':
      return `succeeded at graph version ${told.graphVersion}`
    default:
      return `${told.type}: ${told.reason}`
  }
}
