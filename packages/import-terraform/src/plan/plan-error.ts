import { LedgerError } from '@infraledger/core/adapter'

/** What the plan is called in messages. */
export function planName(name: string): string {
  return `Terraform plan ${name}`
}

/** A refusal of a plan: what is wrong, where (a field, or a resource's address and field), and what to do. */
export function invalidPlan(
  name: string,
  issues: readonly { readonly path: string; readonly problem: string }[],
  advice: string,
): LedgerError<'input-invalid'> {
  const what = planName(name)
  const said = issues.map(({ path, problem }) => `${path}: ${problem}`).join('; ')
  return new LedgerError('input-invalid', `${what} cannot be read: ${said}. ${advice}`, { what, issues })
}
