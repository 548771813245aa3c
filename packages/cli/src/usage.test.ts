import { describe, expect, it } from 'vitest'
import { commandLine, importedShop } from './command-line.fixture.ts'
import { commands } from './commands.ts'

describe('how it is called', () => {
  it.each([[[]], [['--help']], [['help']]])(
    'CLI 12: infraledger %j lists every command, with examples and exit codes',
    async (args) => {
      const { code, stdout, stderr } = await (await commandLine()).run(args)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      for (const { name, summary } of commands)
        expect(stdout).toMatch(new RegExp(`^  ${name} .*${summary.slice(0, 20)}`, 'm'))
      expect(stdout).toContain('Examples:')
      expect(stdout).toContain('64 wrong usage')
    },
  )

  it.each(commands.map(({ name }) => name))(
    'CLI 12: %s --help shows its usage, its options, and two examples',
    async (name) => {
      const cli = await commandLine()
      const { code, stdout } = await cli.run([...name.split(' '), '--help'])
      expect(code).toBe(0)
      expect(stdout).toMatch(new RegExp(`^Usage: infraledger ${name}`))
      expect(stdout).toContain('--environment <name>')
      expect(stdout.match(/^ {2}\$ .*infraledger /gm)).toHaveLength(2)
      expect((await cli.run(['help', ...name.split(' ')])).stdout).toBe(stdout)
    },
  )

  it('says which version it is', async () => {
    expect((await (await commandLine()).run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it.each([
    [['grahp'], 'Did you mean graph?'],
    [['help', 'grahp'], 'Did you mean graph?'],
    [['graph', '--fromat', 'dot'], 'Did you mean --format?'],
    [['import'], 'infraledger import terraform, or infraledger import rds'],
    [['import', 'terrafrom', 'x'], 'Did you mean terraform?'],
    [['node'], "missing required argument 'node'"],
    [['node', 'a/b', 'c/d'], 'too many arguments'],
    [['graph', '--at', 'yesterday'], '2026-03-01T14:02:00Z'],
    [['graph', '--format', 'png'], 'table, json, mermaid or dot'],
    [['graph', '--format', 'dot', '--json'], 'contradict'],
    [['timeline', '--limit', '0'], 'whole number from 1'],
    [['graph', '--as', 'two words'], 'user:ada'],
    [['versions', '--at', 'yesterday'], '2026-03-01T14:02:00Z'],
    [['caused-by'], 'exactly one of'],
    [['caused-by', '--user', 'ada', '--commit', 'c1'], 'exactly one of'],
    [['request', 'sql-instance/main', 'backup.retentionDays=14', '--as', 'ada'], '--reason'],
    [['request', 'sql-instance/main', 'tier=db.m6g.large', '--reason', 'x', '--as', 'ada'], `'tier="db.m6g.large"'`],
    [['graph', '--ledger', 'mysql://me:secret@host/db'], 'there is no store for mysql yet'],
  ])('CLI 2: %j is wrong usage: exit code 64, and a word on what is right', async (args, hint) => {
    const { code, stdout, stderr } = await (await importedShop()).run(args)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toContain(hint)
    if (!args.includes('--json')) expect(stderr).toMatch(/^infraledger: .*\n"infraledger .*--help" shows examples\.\n$/)
    expect(stderr).not.toContain('secret')
  })

  it('CLI 1: with --json a failure is one JSON document on stderr, and stdout stays empty', async () => {
    const cli = await importedShop()
    for (const args of [
      ['grahp'],
      ['node', 'sql-instance/mian'],
      ['graph', '--ledger', 'none.db'],
      ['why', 'sql-instance/main', 'backup.retention'],
    ]) {
      const { stdout, stderr } = await cli.run(['--json', ...args])
      expect(stdout).toBe('')
      expect(JSON.parse(stderr)).toEqual({
        error: { code: expect.any(String), message: expect.any(String), details: expect.any(Object) },
      })
    }
  })

  it.each([
    [['node', 'sql-instance/mian'], 'sql-instance/main'],
    [['history', 'main'], 'sql-instance/main'],
    [['why', 'sql-instance/main', 'backup.retention'], 'backup.retentionDays'],
    [['graph', '--environment', 'pord'], 'prod'],
  ])('CLI 7: %j is answered with the closest that there is', async (args, closest) => {
    const { code, stderr } = await (await importedShop()).run(args)
    expect(code).toBe(1)
    expect(stderr).toMatch(/did you mean/)
    expect(stderr).toContain(closest)
  })

  it('CLI 8: the environment is needed once there are two, and --env is short for it', async () => {
    const cli = await importedShop()
    expect((await cli.run(['graph'])).code).toBe(0)
    await cli.run(['import', 'terraform', 'one.tfstate', '--env', 'staging', '--as', 'ada'])
    const unclear = await cli.run(['graph'])
    expect(unclear).toMatchObject({ code: 64, stdout: '' })
    expect(unclear.stderr).toContain('there are prod, staging')
    expect((await cli.run(['graph', '--env', 'staging'])).stdout).toMatch(/^staging, graph version 1/)
  })

  it.each([
    ['request', ['request', 'sql-instance/main', 'backup.retentionDays=14', '--reason', 'audit']],
    ['withdraw', ['withdraw', 'r-1', '--reason', 'x']],
    ['reject', ['reject', 'r-1', '--reason', 'x']],
    ['bind', ['bind', 'sql-database/a', 'sql-instance/main', '--reason', 'x']],
    ['manage', ['manage', 'sql-instance/main', '--reason', 'x']],
    ['confirm-deletion', ['confirm-deletion', 'sql-instance/main', '--reason', 'x']],
    ['deploy', ['deploy', 'model.json', '--commit', 'c1']],
    ['approve', ['approve', 'd-1', '--digest', 'x']],
    ['review', ['review', 'd-1', '--comment', 'x']],
    ['change-policies', ['change-policies', 'policies.json']],
    ['import terraform', ['import', 'terraform', 'one.tfstate']],
  ])('CLI 11: %s refuses without somebody who acts, and writes nothing', async (_, args) => {
    const cli = await importedShop()
    const before = await cli.json(['timeline'])
    const { code, stderr } = await cli.run(args)
    expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining('--as user:ada') })
    expect(await cli.json(['timeline'])).toEqual(before)
  })
})
