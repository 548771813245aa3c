import { LedgerError } from '@infraledger/core/adapter'

/** What the state is called in messages. */
export function stateName(name: string): string {
  return `Terraform state ${name}`
}

/** A refusal of the content: what is wrong, where (a resource address and field), and what to do. */
export function invalidState(
  name: string,
  issues: readonly { readonly path: string; readonly problem: string }[],
  advice: string,
): LedgerError<'input-invalid'> {
  const what = stateName(name)
  const said = issues.map(({ path, problem }) => `${path}: ${problem}`).join('; ')
  return new LedgerError('input-invalid', `${what} cannot be imported: ${said}. ${advice}`, { what, issues })
}

/** A refusal of the format: a real file, of another sort than this importer reads. */
export function unsupportedState(name: string, problem: string, advice: string): LedgerError<'import-unsupported'> {
  return new LedgerError('import-unsupported', `${stateName(name)} cannot be imported: ${problem}. ${advice}`, {
    source: name,
    problem,
  })
}
