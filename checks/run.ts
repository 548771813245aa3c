/**
 * Runs every check in order, says how each went and how long it took, and fails if one failed.
 * `npm test -- lint types` runs only those two; each check is also an npm script of the same name.
 */
import { spawnSync } from 'node:child_process'

const order = ['format', 'lint', 'types', 'architecture', 'unused', 'packages', 'tests']

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !order.includes(name))
if (unknown.length > 0) throw new Error(`No such check: ${unknown.join(', ')}. Checks: ${order.join(', ')}`)

const npm = process.env['npm_execpath']
const [program, prefix] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]

const failed: string[] = []
for (const name of order.filter((check) => wanted.length === 0 || wanted.includes(check))) {
  const start = performance.now()
  const { status, error, stdout, stderr } = spawnSync(program, [...prefix, 'run', '--silent', name], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const passed = status === 0
  if (!passed) failed.push(name)
  if (!passed || name === 'tests') console.log([stdout, stderr, error?.message].filter(Boolean).join('\n').trimEnd())
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.padStart(6)} s`)
}

if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}. Run one alone with \`npm run <name>\`.`)
process.exitCode = failed.length > 0 ? 1 : 0
