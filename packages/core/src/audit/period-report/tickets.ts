import { LedgerError } from '../../ledger-error.ts'

/** How tickets read where nothing else is said: `OPS-1234`. */
export const TICKET_PATTERN = '[A-Z][A-Z0-9]+-\\d+'

/** Tickets that one row names; longest pattern. */
const TICKET_LIMITS = { tickets: 20, patternCharacters: 256 } as const

/**
 * Finds tickets by how they read, for the ledger has no field for them: in the caller’s correlation ids, in reasons, and in names of branches. Throws
 * `input-invalid` for a pattern that is no regular expression.
 */
export function ticketFinder(pattern: string = TICKET_PATTERN): (texts: readonly string[]) => readonly string[] {
  const expression = expressionOf(pattern)
  return (texts) => {
    const found = new Set<string>()
    for (const text of texts)
      for (const [ticket] of text.matchAll(expression))
        if (ticket !== '' && found.size < TICKET_LIMITS.tickets) found.add(ticket)
    return [...found]
  }
}

function expressionOf(pattern: string): RegExp {
  try {
    if (pattern.length <= TICKET_LIMITS.patternCharacters) return new RegExp(pattern, 'gu')
  } catch {
    // Said below, in other words than the engine's.
  }
  const problem = `is no regular expression of at most ${TICKET_LIMITS.patternCharacters} characters`
  throw new LedgerError('input-invalid', `the pattern of tickets ${problem}: write one such as ${TICKET_PATTERN}.`, {
    what: 'report',
    issues: [{ path: 'tickets', problem }],
  })
}
