import { existsSync, globSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))
const realInputs = fileURLToPath(new URL('../shared/real-inputs', import.meta.url))
const packages = readdirSync(new URL('packages', import.meta.url)).filter((name) =>
  existsSync(`${root}/packages/${name}/package.json`),
)

// The source condition comes first, so that tests run what is written, not what was last built.
// No `import` among them: they are handed on to Node, whose `require` would then be given ES modules (pg does that). No `module`
// either: that is for bundlers, and what it leads to in the AWS SDK Node cannot load.
const conditions = ['@infraledger/source', 'node']
const shared = { resolve: { conditions }, ssr: { resolve: { conditions } } }
const project = (name: string, include: string[], exclude: string[] = []) => ({
  ...shared,
  extends: false as const,
  test: {
    name,
    root,
    include,
    exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
    pool: 'forks' as const,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})

const ofRealInputs = ['packages/*/src/**/*.real-inputs.test.ts']
const withRealInputs = existsSync(realInputs)
const leftOut = withRealInputs ? [] : globSync(ofRealInputs, { cwd: root })
if (leftOut.length > 0)
  console.log(`real-inputs: left out ${leftOut.length} test file(s), because ../shared/real-inputs is not there`)

export default defineConfig({
  test: {
    projects: [
      ...packages.map((name) => project(name, [`packages/${name}/src/**/*.test.ts`], ofRealInputs)),
      ...(withRealInputs ? [project('real-inputs', ofRealInputs)] : []),
      project('examples', ['examples/*/*.test.ts']),
      project('checks', ['checks/**/*.test.ts']),
    ],
    maxWorkers: 2,
    passWithNoTests: true,
  },
})
