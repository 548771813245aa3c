/** Reads the repository's TypeScript for the architecture check: which files there are and what each imports. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { parseSync } from 'oxc-parser'

export type Import = { readonly specifier: string; readonly typeOnly: boolean }

export type SourceFile = {
  /** Relative to the repository's root, with forward slashes. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** The text with comments blanked out. */
  readonly code: string
}

const root = join(import.meta.dirname, '..')
const ignored = ['node_modules', 'dist']

/** All files that match one of `patterns`, outside of node_modules and dist, sorted by path. */
export function sourceFiles(...patterns: string[]): SourceFile[] {
  const paths = globSync(patterns, {
    cwd: root,
    exclude: (path) => path.split(sep).some((part) => ignored.includes(part)),
  })
  return [...new Set(paths.map((path) => path.split(sep).join('/')))]
    .toSorted()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

/** What the architecture rules need to know of one file's text. */
export function parseSource(path: string, text: string): SourceFile {
  const { module, comments, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path} cannot be parsed: ${errors[0].message}`)
  const statics = module.staticImports.map((statement) => ({
    specifier: statement.moduleRequest.value,
    typeOnly: statement.entries.length > 0 && statement.entries.every((entry) => entry.isType),
  }))
  const reexports = module.staticExports.flatMap((statement) => {
    const [first] = statement.entries
    if (!first?.moduleRequest) return []
    return [{ specifier: first.moduleRequest.value, typeOnly: statement.entries.every((entry) => entry.isType) }]
  })
  const dynamics = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    specifier: text.slice(start, end).replaceAll(/^['"`]|['"`]$/g, ''),
    typeOnly: false,
  }))
  let code = text
  for (const { start, end } of comments) code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end)
  return {
    path,
    lines: text.trimEnd().split('\n').length,
    imports: [...statics, ...reexports, ...dynamics],
    code,
  }
}

/** The path that a relative import of `file` leads to, or undefined for an import of a package. */
export function target(file: SourceFile, { specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  return normalize(join(dirname(file.path), specifier))
    .split(sep)
    .join('/')
}

/** Tests, type tests and fixtures: they may import what they like and read the machine's clock. */
export function isTest({ path }: SourceFile): boolean {
  return /\.(test|test-d|fixture)\.ts$/.test(path)
}
