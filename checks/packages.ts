/** Packs each publishable package as npm would publish it, then lets publint and attw judge the tarball. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const bin = (name: string): string => join(root, 'node_modules', '.bin', name)

const run = (program: string, args: string[], cwd: string): { passed: boolean; output: string } => {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  return { passed: status === 0, output: [stdout, stderr, error?.message].filter(Boolean).join('\n').trim() }
}

const judge = (directory: string, target: string): string[] => {
  const packed = run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', target], directory)
  if (!packed.passed) return [packed.output]
  const tarball = join(target, packed.output.split('\n').at(-1) ?? '')
  const verdicts = [
    run(bin('publint'), ['run', tarball, '--strict'], directory),
    run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-emoji'], directory),
  ]
  return verdicts.filter((verdict) => !verdict.passed).map((verdict) => verdict.output)
}

const target = mkdtempSync(join(tmpdir(), 'infraledger-pack-'))
try {
  for (const name of readdirSync(join(root, 'packages')).toSorted()) {
    const directory = join(root, 'packages', name)
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { private?: boolean }
    if (manifest.private === true) continue
    const problems = judge(directory, target)
    console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`)
    for (const problem of problems) console.log(problem)
    if (problems.length > 0) process.exitCode = 1
  }
} finally {
  rmSync(target, { recursive: true, force: true })
}
