import { LedgerError } from './ledger-error.ts'
import { locateJsonError } from './json-error-location.ts'

/**
 * Parses JSON text that came from outside. Syntax errors are answered with line and column and never quote the text, because it may
 * hold secrets (the messages of `JSON.parse` do quote it).
 *
 * @param what what the text is, for people: `Terraform state prod.tfstate`
 * @throws LedgerError `input-invalid` for an empty text, a byte order mark, another encoding than UTF-8, and a syntax error
 */
export function parseJsonText(text: string, what: string): unknown {
  const problem = encodingProblem(text)
  if (problem !== undefined) throw invalid(what, 'line 1, column 1', problem)
  try {
    return JSON.parse(text)
  } catch {
    // The cause is left out on purpose: its message quotes the text.
    const found = locateJsonError(text)
    throw invalid(what, `line ${found.line}, column ${found.column}`, found.problem)
  }
}

const BYTE_ORDER_MARK = '\uFEFF'
/** What a decoder leaves where bytes were not UTF-8. */
const REPLACEMENT = '\uFFFD'

function encodingProblem(text: string): string | undefined {
  if (text.trim() === '') return 'the text is empty; check that the command that wrote it succeeded'
  if (/^\s*</.test(text))
    return 'the text is XML or HTML, such as the page of an error; look at what the command that wrote it says'
  if (text.startsWith(BYTE_ORDER_MARK)) return 'the text begins with a byte order mark; save it as UTF-8 without one'
  if (text.startsWith(REPLACEMENT) || text.includes('\0')) {
    return 'the text is not UTF-8 (redirection in Windows PowerShell writes UTF-16); save it as UTF-8'
  }
  return undefined
}

function invalid(what: string, path: string, problem: string): LedgerError {
  return new LedgerError('input-invalid', `${what} is not JSON: ${problem} (${path})`, {
    what,
    issues: [{ path, problem }],
  })
}
