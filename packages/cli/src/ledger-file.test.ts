import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, importedShop, shop } from './command-line.fixture.ts'
import { commands } from './commands.ts'

const WORDS: Readonly<Record<string, string>> = {
  node: 'sql-instance/main',
  from: '1',
  request: 'r-1',
  need: 'sql-database/a',
  resource: 'sql-instance/main',
  assignment: 'tier="x"',
  deployment: 'd-1',
  model: 'model.json',
  plan: 'plan.json',
  policies: 'policies.json',
  proposal: 'p-1',
  subject: 'bob',
  role: 'member',
  action: 'approve-deployment',
  event: 'environment-prod@1',
  file: 'copy.db',
  version: '2',
}
/** What options take that do not take any text. */
const VALUES: Readonly<Record<string, string>> = { from: '2026-01-01', to: '2026-04-01' }
const MAKING: readonly string[] = ['reconcile', 'create', 'keygen']
const asking = commands.filter(({ name }) => !name.startsWith('import') && !MAKING.includes(name))

describe('the file of a ledger', () => {
  it.each(asking.map((command) => [command.name, command] as const))(
    'CLI 3: %s refuses a ledger that is not there, and makes none',
    async (_, { name, arguments: taken, options }) => {
      const cli = await commandLine()
      const words = Object.entries(taken).flatMap(([key, { presence }]) =>
        presence === 'optional' ? [] : [WORDS[key] ?? ''],
      )
      const needed = Object.entries(options).flatMap(([key, { required }]) =>
        required === true ? [`--${key}`, VALUES[key] ?? 'x'] : [],
      )
      const one = name === 'caused-by' ? ['--user', 'ada'] : []
      const { code, stdout, stderr } = await cli.run([
        ...name.split(' '),
        ...words,
        ...needed,
        ...one,
        '--as',
        'ada',
        '--ledger',
        'infar.db',
        '--json',
      ])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: 'ledger-missing', message: expect.stringContaining('infar.db') },
      })
      expect(existsSync(join(cli.folder, 'infar.db'))).toBe(false)
    },
  )

  it('is named by --ledger, else by INFRALEDGER_LEDGER, else it is infra.db', async () => {
    const cli = await importedShop()
    await cli.write('one.tfstate', shop(1))
    await cli.run(['import', 'terraform', 'one.tfstate', '--env', 'other', '--as', 'ada', '--ledger', 'team.db'])
    const env = { INFRALEDGER_LEDGER: 'team.db' }
    expect((await cli.run(['graph'])).stdout).toMatch(/^prod,/)
    expect((await cli.run(['graph'], { env })).stdout).toMatch(/^other,/)
    expect((await cli.run(['graph', '--ledger', 'infra.db'], { env })).stdout).toMatch(/^prod,/)
  })

  it('CLI 13: a ledger that is cut off is refused or found not to be intact', async () => {
    const cli = await importedShop()
    const whole = await cli.bytes('infra.db')
    await cli.write('header.db', whole.subarray(0, 60))
    await cli.write('half.db', whole.subarray(0, Math.floor(whole.byteLength / 2)))
    for (const file of ['header.db', 'half.db']) {
      for (const command of ['graph', 'verify']) {
        const { code, stdout, stderr } = await cli.run([command, '--ledger', file, '--json'])
        expect({ file, code, stdout }).toEqual({ file, code: 1, stdout: '' })
        expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'store-damaged' } })
      }
    }
  })

  it('CLI 13: a file of somebody else is refused and left as it is, by questions and by imports', async () => {
    const cli = await commandLine()
    await cli.write('one.tfstate', shop(1))
    await cli.write('notes.txt', 'these are my notes\n'.repeat(20))
    const foreign = new DatabaseSync(join(cli.folder, 'foreign.db'))
    foreign.exec('create table people (name text)')
    foreign.close()
    for (const file of ['notes.txt', 'foreign.db']) {
      const before = await cli.bytes(file)
      for (const command of [['graph'], ['import', 'terraform', 'one.tfstate', '--env', 'prod', '--as', 'ada']]) {
        const { code, stderr } = await cli.run([...command, '--ledger', file, '--json'])
        expect(code).toBe(1)
        expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'store-foreign' } })
      }
      expect(await cli.bytes(file)).toEqual(before)
    }
  })

  it('CLI 2: verify ends with 1 when an event was edited, and says which', async () => {
    const cli = await importedShop()
    const database = new DatabaseSync(join(cli.folder, 'infra.db'))
    // Whoever edits history puts the guards back, or the store would not open it at all.
    const guards = database.prepare(`select name, sql from sqlite_schema where type = 'trigger'`).all()
    for (const { name } of guards) database.exec(`drop trigger "${String(name)}"`)
    database.exec(`update events set data = replace(data, 'development', 'production') where position = 1`)
    for (const { sql } of guards) database.exec(String(sql))
    database.close()
    const { code, stdout } = await cli.run(['verify', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      intact: false,
      problem: { kind: 'edited', stream: 'environment-prod', revision: 0, position: '1' },
    })
    expect((await cli.run(['verify'])).stdout).toMatch(
      /^Not intact: revision 0 of environment-prod \(position 1, edited\)/,
    )
  })
})
