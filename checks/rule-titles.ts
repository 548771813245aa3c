/** Finds the titles of tests and conformance cases that begin with the ids of rules. */
import { parseSync, Visitor } from 'oxc-parser'

/** A title that begins with one or more ids, such as `DRIFT 3, DRIFT 8: …`. */
export type RuleTitle = { readonly path: string; readonly title: string; readonly ids: readonly string[] }

const ID = /[A-Z]{2,} \d+/g
const BEGINS_WITH_IDS = /^[A-Z]{2,} \d+(?:(?:, | and )[A-Z]{2,} \d+)*(?=: | )/

/**
 * The titles in one file: every text that begins with an id, wherever it stands, for tests are made from tables too. Comments are none.
 */
export function ruleTitles(path: string, text: string): RuleTitle[] {
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path} cannot be parsed: ${errors[0].message}`)
  const texts: string[] = []
  const visitor = new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && texts.push(value)),
    TemplateLiteral: ({ quasis }) => void texts.push(quasis[0]?.value.cooked ?? ''),
  })
  visitor.visit(program)
  return texts.flatMap((title) => {
    const [beginning] = BEGINS_WITH_IDS.exec(title) ?? []
    return beginning === undefined ? [] : [{ path, title, ids: beginning.match(ID) ?? [] }]
  })
}
