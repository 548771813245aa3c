import type { AnyRow } from '../projection/working-set.ts'

/** Characters of JSON that one statement carries, about; a single row may be larger. */
const PART_CHARACTERS = 4 * 1024 * 1024

/** Rows as texts of JSON arrays, each small enough for one statement. */
export function* parts(rows: readonly AnyRow[]): Generator<string> {
  let [texts, characters]: [string[], number] = [[], 0]
  for (const row of rows) {
    const text = JSON.stringify(row)
    texts.push(text)
    characters += text.length
    if (characters < PART_CHARACTERS) continue
    yield `[${texts.join(',')}]`
    texts = []
    characters = 0
  }
  if (texts.length > 0) yield `[${texts.join(',')}]`
}
