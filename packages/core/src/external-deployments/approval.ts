import type { ExternalDeployment } from './state.ts'

/** What approvals are judged by. */
type Judged = Pick<ExternalDeployment, 'required' | 'approvals' | 'voided' | 'movements' | 'credited' | 'status'>

/** Whether it has the approvals that it needs, and they still count: nothing moved under it before it was carried out. */
export function isApproved({ required, approvals, voided, movements, credited, status }: Judged): boolean {
  if (status === 'rejected' || status === 'withdrawn' || status === 'recording') return false
  return required === 0 || (voided === undefined && approvals.length >= required && (movements === 0 || credited > 0))
}

/** Whether anything of it was carried out, as far as is known. */
export function hasBegun({ credited, reported, changes }: ExternalDeployment): boolean {
  return credited > 0 || reported !== undefined || changes.values().some(({ seen }) => seen)
}
