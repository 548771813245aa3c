import { describe, expect, test } from 'vitest'
import {
  ambientInputs,
  emptyNames,
  fileLength,
  importCycles,
  packageBoundaries,
  roomOrder,
} from './architecture-rules.ts'
import { parseSource, sourceFiles, type SourceFile } from './source-files.ts'

const sources = sourceFiles('packages/*/src/**/*.ts')
const everything = sourceFiles('packages/**/*.ts', 'examples/**/*.ts', 'benchmarks/**/*.ts', 'checks/**/*.ts', '*.ts')

const none = (violations: readonly string[]): void => expect(violations, violations.join('\n')).toEqual([])

describe('the repository', () => {
  test('each package imports only what its place allows', () => none(packageBoundaries(sources)))
  test('imports inside core go one way, by room', () => none(roomOrder(sources)))
  test('no value imports inside core lead round in a cycle', () => none(importCycles(sources)))
  test('no file is longer than 300 lines', () => none(fileLength(everything)))
  test('no file or folder is called utils, common, helpers or misc', () => none(emptyNames(everything)))
  test('core reads no clock, chance or environment variable of the machine', () => none(ambientInputs(sources)))
  test('the check finds the source it judges', () => expect(sources.length).toBeGreaterThan(10))
})

const core = (path: string, text: string): SourceFile => parseSource(`packages/core/src/${path}`, text)

describe('a violation is found', () => {
  test.each([
    ['packages/core/src/graph/kind.ts', `import { readFile } from 'node:fs'`],
    ['packages/core/src/graph/kind.ts', `import type { Fake } from '@infraledger/testkit'`],
    ['packages/core/src/graph/kind.ts', `import { x } from '../../../testkit/src/index.ts'`],
    ['packages/store-sqlite/src/index.ts', `export * from '@infraledger/testkit'`],
    ['packages/testkit/src/fake-cloud.ts', `import { test } from 'vitest'`],
    ['packages/testkit/src/fake-cloud.ts', `import { Client } from 'pg'`],
    ['packages/adapters-aws/src/index.ts', `await import('@infraledger/store-sqlite')`],
  ])('when %s has %s', (path, text) => {
    expect(packageBoundaries([parseSource(path, text)])).toHaveLength(1)
  })

  test.each([
    ['packages/core/src/adapter.ts', `import { z } from 'zod'; import { createHash } from 'node:crypto'`],
    ['packages/core/src/graph/kind.test.ts', `import { fakeCloud } from '@infraledger/testkit'`],
    ['packages/store-sqlite/src/index.ts', `import { DatabaseSync } from 'node:sqlite'`],
    ['packages/testkit/src/conformance/vitest-binding.ts', `import { test } from 'vitest'`],
    ['packages/testkit/src/postgresql/databases.ts', `import { Client } from 'pg'`],
    ['packages/cli/src/main.ts', `import { awsCloud } from '@infraledger/adapters-aws'`],
  ])('and not when %s has %s', (path, text) => {
    expect(packageBoundaries([parseSource(path, text)])).toEqual([])
  })

  test.each([
    ['drift/state.ts', './decide.ts'],
    ['drift/events.ts', '../ledger/open-ledger.ts'],
    ['drift/state.ts', '../environment/state.ts'],
    ['drift/decide.ts', '../environment/decide.ts'],
    ['deployments/decide-steps.ts', './execution/executor.ts'],
    ['environment/state.ts', '../drift/decide.ts'],
    ['deployments/executor.ts', '../ledger/execute.ts'],
    ['graph/diff.ts', '../ledger/open-ledger.ts'],
  ])('when core/src/%s imports %s', (path, imported) => {
    expect(roomOrder([core(path, `import type { X } from '${imported}'`)])).toHaveLength(1)
  })

  test('when two core files import values of each other, and not when one imports types', () => {
    const a = core('a.ts', `import { b } from './b.ts'`)
    expect(importCycles([a, core('b.ts', `export { a } from './a.ts'`)])).toEqual(['a.ts -> b.ts -> a.ts'])
    expect(importCycles([a, core('b.ts', `import type { A } from './a.ts'`)])).toEqual([])
  })

  test('when core reads the clock, and not when a comment or a test does', () => {
    expect(ambientInputs([core('graph/at.ts', 'const now = Date.now()\nconst then = new Date()')])).toHaveLength(2)
    expect(ambientInputs([core('graph/at.ts', '// Date.now()\nconst then = new Date(0)')])).toEqual([])
    expect(ambientInputs([core('graph/at.test.ts', 'Date.now()')])).toEqual([])
  })

  test('when a file is too long or its name says nothing', () => {
    expect(fileLength([core('graph/at.ts', 'x\n'.repeat(301))])).toHaveLength(1)
    expect(
      emptyNames([core('utils/at.ts', ''), core('graph/helpers.ts', ''), core('graph/common-tags.ts', '')]),
    ).toEqual([
      'packages/core/src/utils/at.ts: name it for what it is',
      'packages/core/src/graph/helpers.ts: name it for what it is',
    ])
  })
})
