import { describe, expect, it } from 'vitest'
import { commandLine, importedShop, resource, state } from './command-line.fixture.ts'
import { startProgram } from './program.fixture.ts'
import type { Outcome } from './program.fixture.ts'

function infraledger(args: readonly string[], cwd: string, options?: { readonly unread?: boolean }): Promise<Outcome> {
  return startProgram(args, cwd, options).outcome
}

describe('the program itself', () => {
  it('CLI 1, CLI 2: answers on stdout without colours, with its exit code and nothing else on stderr', async () => {
    const { folder } = await importedShop()
    const graph = await infraledger(['graph', '--json'], folder)
    expect(graph).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(graph.stdout)).toMatchObject({ version: 2 })
    expect(await infraledger(['diff', '1', '2', '--detailed-exitcode'], folder)).toMatchObject({ code: 2, stderr: '' })
    expect(await infraledger(['node', 'sql-instance/mian'], folder)).toMatchObject({ code: 1, stdout: '' })
    expect(await infraledger(['grahp'], folder)).toMatchObject({ code: 64, stdout: '' })
    expect((await infraledger([], folder)).stdout).toMatch(/^Usage: infraledger/)
  })

  it('CLI 19: of several processes that import into one new ledger at the same time, all succeed', async () => {
    const cli = await commandLine()
    const names = ['a', 'b', 'c']
    for (const name of names) {
      const id = { id: `sg-0000000${name}`, name }
      await cli.write(`${name}.tfstate`, state(1, [resource('aws_security_group', name, id)], `of ${name}`))
    }
    const outcomes = await Promise.all(
      names.map((name) =>
        infraledger(['import', 'terraform', `${name}.tfstate`, '--env', 'prod', '--as', 'ada'], cli.folder),
      ),
    )
    expect(outcomes.map(({ code, stderr }) => ({ code, refused: /infraledger: .*/.exec(stderr)?.[0] }))).toEqual(
      names.map(() => ({ code: 0, refused: undefined })),
    )
    expect(await cli.json(['graph'])).toMatchObject({ version: 3, nodes: { length: 3 } })
  })

  it('CLI 18: ends quietly when nobody reads any more', async () => {
    const { folder } = await importedShop()
    for (const args of [['timeline'], ['timeline', '--json'], ['graph', '--json']]) {
      expect(await infraledger(args, folder, { unread: true })).toEqual({ code: 0, stdout: '', stderr: '' })
    }
  })
})
