import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ruleTitles } from './rule-titles.ts'
import { rulesOf } from './rules-table.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

const rules = rulesOf(read('docs/rules.md'))
const ids = new Set(rules.map(({ id }) => id))
const patterns = [
  'packages/*/src/**/*.{test,test-d}.ts',
  'packages/testkit/src/conformance/**/*.ts',
  'examples/**/*.test.ts',
  'checks/examples.test.ts',
]
const files = globSync(patterns, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] }).toSorted()
const titles = files.flatMap((path) => ruleTitles(path, read(path)))
const proved = new Set(titles.flatMap((title) => title.ids))

const none = (problems: readonly string[]): void => expect(problems, problems.join('\n')).toEqual([])

describe('docs/rules.md', () => {
  test('lists rules, and the tests have titles', () => {
    expect(rules.length).toBeGreaterThan(100)
    expect(titles.length).toBeGreaterThan(rules.length)
  })

  test('lists each rule once, with rule, reason and what enforces it', () => {
    const twice = rules.filter(({ id }, index) => rules.findIndex((other) => other.id === id) !== index)
    const empty = rules.filter(
      ({ cells, enforcers }) => cells.length !== 3 || cells.includes('') || enforcers.length === 0,
    )
    none([
      ...twice.map(({ id, line }) => `docs/rules.md:${line}: ${id} is there twice`),
      ...empty.map(
        ({ id, line }) => `docs/rules.md:${line}: ${id} needs a rule, a reason and a link to what enforces it`,
      ),
    ])
  })

  test('every rule has a test whose title begins with its id', () => {
    const unproved = rules.filter(({ id }) => !proved.has(id))
    none(unproved.map(({ id, line }) => `docs/rules.md:${line}: no title of a test begins with "${id}"`))
  })

  test('every id that a title begins with is a rule', () => {
    const unknown = titles.flatMap(({ path, title, ids: named }) =>
      named
        .filter((id) => !ids.has(id))
        .map((id) => `${path}: "${title}" names ${id}, which docs/rules.md does not list`),
    )
    none(unknown)
  })

  test('what is said to enforce a rule is there', () => {
    const missing = rules.flatMap(({ id, line, enforcers }) =>
      enforcers.flatMap(({ name, path }) => {
        if (!existsSync(join(root, path)))
          return [`docs/rules.md:${line}: ${id} is said to be enforced in ${path}, which is not there`]
        return read(path).includes(name)
          ? []
          : [`docs/rules.md:${line}: ${id} is said to be enforced by ${name}, which ${path} does not hold`]
      }),
    )
    none(missing)
  })
})

describe('the check reads', () => {
  test('titles of tests, tables and cases, with several ids', () => {
    const text = [
      'test("GRAPH 1: a", () => {})',
      'test.each([["DRIFT 3, DRIFT 8: b", 1]])("%s", () => {})',
      'const one = { title: "CLOUD 1 c" }',
      'test(`PROTECT 7: ${what}; PROTECT 2 d`, () => {})',
      '// STORE 1: no title',
      'test("UTF8 text, not OWN 1: e", () => {})',
    ]
    const found = ruleTitles('x.test.ts', text.join('\n')).map((title) => title.ids)
    expect(found).toEqual([['GRAPH 1'], ['DRIFT 3', 'DRIFT 8'], ['CLOUD 1'], ['PROTECT 7']])
  })

  test('rows of the tables, with what enforces them', () => {
    const row = '| OWN 1 | A rule. | A reason. | [`decide`](../packages/core/src/x.ts), [`y`](../y.ts) |'
    const enforcers = [
      { name: 'decide', path: 'packages/core/src/x.ts' },
      { name: 'y', path: 'y.ts' },
    ]
    expect(rulesOf(`| id | rule |\n|---|---|\n${row}`)).toMatchObject([{ id: 'OWN 1', line: 3, enforcers }])
  })
})
