/** What goes wrong on the command line itself, before the library is asked; public API like the library's own codes. */
export type CommandErrorCode =
  | 'usage-wrong'
  | 'ledger-missing'
  | 'environment-unclear'
  | 'file-unreadable'
  | 'key-invalid'
  | 'configuration-invalid'
  | 'cloud-missing'
  | 'output-failed'

/** A failure of the command line itself. `usage-wrong` and `environment-unclear` end with exit code 64, the others with 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: CommandErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: CommandErrorCode, message: string, details: Readonly<Record<string, unknown>>) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** The error of a command that was called in the wrong way. */
export function wrongUsage(message: string, details: Readonly<Record<string, unknown>> = {}): CommandError {
  return new CommandError('usage-wrong', message, details)
}
