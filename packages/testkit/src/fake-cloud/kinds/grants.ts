import type { KindOverrides } from './standard-behaviours.ts'

/** How grants behave in a cloud that knows these operations and no other. */
export function grantsOf(operations: readonly string[] | undefined): KindOverrides {
  if (operations === undefined) return {}
  return {
    grant: {
      impact: { identity: 'replace', resource: 'replace' },
      problem({ operations: wanted }) {
        if (!Array.isArray(wanted)) return undefined
        const unknown: unknown[] = wanted.filter((operation) => !operations.includes(operation))
        if (unknown.length === 0) return undefined
        return `it knows no operation ${JSON.stringify(unknown[0])}; it knows ${operations.join(', ')}`
      },
    },
  }
}
