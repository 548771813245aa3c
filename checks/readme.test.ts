import { execFile } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { anchorsOf, linksOf, namedLinksOf } from './links.ts'
import { comparable, snippetsOf } from './snippets.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const documents = ['README.md', ...globSync('docs/**/*.md', { cwd: root }).toSorted()]
const snippets = documents.flatMap((document) => snippetsOf(document, readFileSync(join(root, document), 'utf8')))

// Inside the repository, so that the packages are found, and outside of node_modules, where Node runs no TypeScript.
const folder = mkdtempSync(join(import.meta.dirname, '.snippets-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const programs = snippets.map((snippet) => {
  const path = join(folder, `${basename(snippet.document, '.md')}-${snippet.line}.ts`)
  // The export makes a module of a program without imports; it stands on a line of its own behind all others.
  writeFileSync(path, `${snippet.text}\nexport {}\n`)
  return { ...snippet, path, name: `${snippet.document}:${snippet.line}` }
})
const compilerOptions = {
  composite: false,
  incremental: false,
  noEmit: true,
  noUnusedLocals: false,
  rewriteRelativeImportExtensions: false,
  allowImportingTsExtensions: true,
}
const tsconfig = { extends: '../../tsconfig.base.json', compilerOptions, include: ['*.ts'] }
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))

/** Whether a link of a document leads to a file of the repository, and to a heading of it where it names one. */
function leadsSomewhere(document: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : join(dirname(document), path)
  if (!existsSync(join(root, target))) return false
  return anchor === undefined || anchorsOf(readFileSync(join(root, target), 'utf8')).has(anchor)
}

describe('the documents', () => {
  test('have programs, and README.md has one that is run before its line 30', () => {
    const [first] = snippets.filter(({ document }) => document === 'README.md')
    expect(first).toMatchObject({ run: true })
    expect(first?.line).toBeLessThan(30)
  })

  test('README.md has at most 120 lines, a guide at most 100', () => {
    const lines = (document: string): number => readFileSync(join(root, document), 'utf8').trimEnd().split('\n').length
    const long = documents.filter((document) => {
      if (document === 'README.md') return lines(document) > 120
      return document.startsWith('docs/guides/') && lines(document) > 100
    })
    expect(long).toEqual([])
  })

  test('lead where they say', () => {
    const broken = documents.concat('CONTRIBUTING.md').flatMap((document) => {
      const markdown = readFileSync(join(root, document), 'utf8')
      return linksOf(markdown)
        .filter((link) => !leadsSomewhere(document, link))
        .map((link) => `${document}: ${link}`)
    })
    expect(broken).toEqual([])
  })

  test('name what is there where they lead', () => {
    const wrong = documents.flatMap((document) =>
      namedLinksOf(readFileSync(join(root, document), 'utf8'))
        .filter(({ name, link }) => {
          const path = join(root, dirname(document), link)
          return !path.includes(name) && !(existsSync(path) && readFileSync(path, 'utf8').includes(name))
        })
        .map(({ name, link }) => `${document}: ${name} in ${link}`),
    )
    expect(wrong).toEqual([])
  })

  test('have programs that compile', { timeout: 60_000 }, async () => {
    const tsc = join(root, 'node_modules', '.bin', 'tsc')
    const { stdout } = await run(tsc, ['-p', folder, '--pretty', 'false']).catch(
      (error: { readonly stdout: string }) => error,
    )
    // The packages themselves are the business of `npm run types`.
    const problems = stdout.split('\n').filter((line) => line.includes(basename(folder)))
    const named = problems.map((line) => {
      const program = programs.find(({ path }) => line.includes(`${basename(path)}(`))
      return `${program?.document}${line.slice(line.indexOf('('))}`
    })
    expect(named).toEqual([])
  })

  test.concurrent.for(programs.filter((program) => program.run))(
    '$name prints what it says',
    { timeout: 60_000 },
    async (program, { expect }) => {
      const cwd = join(folder, basename(program.path, '.ts'))
      mkdirSync(cwd)
      const { stdout } = await run(process.execPath, ['--conditions=@infraledger/source', program.path], { cwd })
      expect(comparable(stdout)).toBe(comparable(program.prints))
    },
  )
})

test('a link names one thing or several of a file', () => {
  const markdown = 'the [`A`, `B_C`](../x.ts) and [`D`](y.ts), not [`E`](z.md)\n```ts\n[`F`](q.ts)\n```\n'
  expect(namedLinksOf(markdown)).toEqual([
    { name: 'A', link: '../x.ts' },
    { name: 'B_C', link: '../x.ts' },
    { name: 'D', link: 'y.ts' },
  ])
})

test('a program is its block and those that continue it, on the lines of the document', () => {
  const markdown = [
    '# a',
    '```ts run',
    'one()',
    '```',
    '```text',
    '1',
    '```',
    'b',
    '```ts continues',
    'two()',
    '```',
    '```sh',
    'ls',
    '```',
  ]
  expect(snippetsOf('a.md', markdown.join('\n'))).toEqual([
    { document: 'a.md', line: 2, text: '\n\none()\n\n\n\n\n\n\ntwo()', run: true, prints: '1\n' },
  ])
})
