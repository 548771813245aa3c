/** Reads docs/rules.md for the rules check: which rules it lists, and what it says enforces each. */

/** Something that a rule is said to be enforced by: a name, and the file that it is looked for in. */
export type Enforcer = { readonly name: string; readonly path: string }

export type Rule = {
  readonly id: string
  /** Line in docs/rules.md, from 1. */
  readonly line: number
  /** The cells after the id: the rule, why, enforced by. */
  readonly cells: readonly string[]
  readonly enforcers: readonly Enforcer[]
}

const ROW = /^\| (?<id>[A-Z]+ \d+) \| (?<cells>.*) \|$/
const LINK = /\[`(?<name>[^`]+)`\]\(\.\.\/(?<path>[^)]+)\)/g

/** The rows of all tables of docs/rules.md, in order. */
export function rulesOf(markdown: string): Rule[] {
  return markdown.split('\n').flatMap((text, index) => {
    const { id, cells = '' } = ROW.exec(text)?.groups ?? {}
    if (id === undefined) return []
    const columns = cells.split(' | ')
    const enforcers = [...(columns.at(-1) ?? '').matchAll(LINK)].map(({ groups }) => ({
      name: groups?.['name'] ?? '',
      path: groups?.['path'] ?? '',
    }))
    return [{ id, line: index + 1, cells: columns, enforcers }]
  })
}
