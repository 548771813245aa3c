import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, importedShop, PASSWORD, shop } from './command-line.fixture.ts'

const imported = ['import', 'terraform', 'one.tfstate', '--environment', 'prod', '--as', 'user:ada']

describe('importing Terraform states', () => {
  it('CLI 4: the first import makes the ledger and the environment; whoever imports is its first Admin', async () => {
    const cli = await commandLine()
    await cli.write('one.tfstate', shop(1))
    const { code, stdout, stderr } = await cli.run(imported)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^prod\nSTATE +SERIAL +GRAPH .*\none\.tfstate +1 +1 +2 +0 +0\n$/)
    expect(stderr).toContain('Created environment prod (development); user ada is its first Admin.')
    expect(await cli.json(['environments'])).toMatchObject([
      { name: 'prod', type: 'development', roles: { ada: ['admin'] } },
    ])
    expect(
      await cli.json(['import', 'terraform', 'one.tfstate', '--env', 'live', '--type', 'production', '--as', 'api:ci']),
    ).toMatchObject({ created: true })
    expect(await cli.json(['environments'])).toMatchObject([
      { name: 'prod' },
      { name: 'live', type: 'production', roles: { 'api-client:ci': ['admin'] } },
    ])
  })

  it('CLI 4: an import into a new ledger names the environment that it makes', async () => {
    const cli = await commandLine()
    await cli.write('one.tfstate', shop(1))
    const { code, stderr } = await cli.run(['import', 'terraform', 'one.tfstate', '--as', 'ada'])
    expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining('--environment <name>') })
    expect(existsSync(join(cli.folder, 'infra.db'))).toBe(false)
  })

  it('reads a state from standard input', async () => {
    const cli = await commandLine()
    const { code } = await cli.run(['import', 'terraform', '-', '--env', 'prod', '--as', 'ada'], { stdin: shop(1) })
    expect(code).toBe(0)
    expect(await cli.json(['why', 'sql-instance/main'])).toMatchObject({
      import: { source: { name: 'standard input' } },
    })
  })

  it.each([
    ['a name that is not there', ['one.tfstate', 'tow.tfstate'], 'tow.tfstate cannot be read: it is not there'],
    ['a folder', ['one.tfstate', '.'], 'it is a folder'],
    ['a state that is cut off', ['one.tfstate', 'cut.tfstate'], 'cut.tfstate: '],
    ['an older version', ['one.tfstate', 'old.tfstate'], 'old.tfstate: '],
    ['two contents of one serial', ['one.tfstate', 'other.tfstate'], 'one.tfstate, other.tfstate: '],
  ])('CLI 14: an import with %s says which file, and leaves nothing behind', async (_, files, problem) => {
    const cli = await commandLine()
    await cli.write('one.tfstate', shop(1))
    await cli.write('cut.tfstate', shop(2).slice(0, 500))
    await cli.write('old.tfstate', JSON.stringify({ version: 3, serial: 1, lineage: 'x', modules: [] }))
    await cli.write('other.tfstate', shop(1, { retention: 30 }))
    const { code, stdout, stderr } = await cli.run(['import', 'terraform', ...files, '--env', 'prod', '--as', 'ada'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(problem)
    expect(existsSync(join(cli.folder, 'infra.db'))).toBe(false)
    expect(existsSync(join(cli.folder, 'infra.db.key'))).toBe(false)
  })

  it('CLI 5: a whole series again, with one more state, takes in that one; what was imported before is nothing new', async () => {
    const cli = await importedShop()
    await cli.write('three.tfstate', shop(3, { retention: 30 }))
    const series = ['import', 'terraform', 'one.tfstate', 'two.tfstate', 'three.tfstate', '--as', 'ada']
    expect(await cli.json(series)).toMatchObject({
      imports: [
        { serial: 1, recorded: 0, importedBefore: true },
        { serial: 2, recorded: 0, importedBefore: true },
        { serial: 3, recorded: 1, importedBefore: false, graphVersion: 3 },
      ],
    })
    expect((await cli.run(series)).stdout).toMatch(
      /one\.tfstate +1 +- +0 +2 +0\n(?:.*\n)+Nothing new: imported before\.\n$/,
    )
    await cli.write('late.tfstate', shop(2, { retention: 3 }))
    const { code, stderr } = await cli.run(['import', 'terraform', 'late.tfstate', '--as', 'ada'])
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('serial 3 was imported already'),
    })
  })

  it('says how far it came when a later state is refused', async () => {
    const cli = await importedShop()
    await cli.write(
      'elsewhere.tfstate',
      shop(1).replaceAll('7c9f6a51', '8c9f6a51').replaceAll('db-ABCDEFGHIJKL', 'db-OTHER').replaceAll('sg-1', 'sg-2'),
    )
    await cli.write('stale.tfstate', shop(1, { retention: 3 }))
    const { code, stdout, stderr } = await cli.run([
      'import',
      'terraform',
      'elsewhere.tfstate',
      'stale.tfstate',
      '--as',
      'ada',
    ])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/1 state of 2 imported; the next one was refused\.\ninfraledger: /)
  })

  it('CLI 15: shows its progress on a terminal, and only there', async () => {
    const cli = await commandLine()
    await cli.write('one.tfstate', shop(1))
    expect((await cli.run(imported, { columns: 80 })).stderr).toContain('Importing 1 of 1: one.tfstate, 2 resources')
    await cli.write('two.tfstate', shop(2))
    expect((await cli.run(['import', 'terraform', 'two.tfstate', '--as', 'ada'])).stderr).toBe('')
  })
})

describe('secrets', () => {
  it('CLI 6: none reaches the ledger, its key, or any output', async () => {
    const cli = await importedShop()
    const outputs = await Promise.all(
      [
        ['graph', '--json'],
        ['node', 'sql-instance/main'],
        ['node', 'sql-instance/main', '--json'],
        ['timeline', '--json'],
        ['history', 'sql-instance/main', '--json'],
        ['diff', '0', '--json'],
      ].map((args) => cli.run(args)),
    )
    expect(outputs[1]?.stdout).toMatch(/masterPassword +secret [0-9a-f]{8}\n/)
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(PASSWORD)
    for (const file of ['infra.db', 'infra.db.key']) expect((await cli.bytes(file)).includes(PASSWORD)).toBe(false)
  })

  it('CLI 6: a broken state that holds a secret is refused without quoting it', async () => {
    const cli = await commandLine()
    await cli.write('cut.tfstate', shop(1).slice(0, -20))
    await cli.write('bad.tfstate', shop(1).replace(`"${PASSWORD}"`, `"${PASSWORD}`))
    for (const file of ['cut.tfstate', 'bad.tfstate']) {
      const { code, stderr } = await cli.run(['import', 'terraform', file, '--env', 'prod', '--as', 'ada', '--json'])
      expect({ code, leaks: stderr.includes(PASSWORD) }).toEqual({ code: 1, leaks: false })
    }
  })

  it('CLI 6: fingerprints of two imports can be compared: the key beside the ledger is made once, for its owner only', async () => {
    const cli = await importedShop()
    const key = await cli.bytes('infra.db.key')
    expect(statSync(join(cli.folder, 'infra.db.key')).mode & 0o777).toBe(0o600)
    await cli.write('same.tfstate', shop(3, { retention: 14 }))
    await cli.write('changed.tfstate', shop(4, { retention: 14, password: 'another' }))
    await cli.run(['import', 'terraform', 'same.tfstate', 'changed.tfstate', '--as', 'ada'])
    expect(await cli.bytes('infra.db.key')).toEqual(key)
    expect(await cli.json(['history', 'sql-instance/main'])).toMatchObject([
      { version: 1 },
      { version: 2 },
      { version: 3, changes: [{ property: 'masterPassword' }], import: { source: { serial: 4 } } },
    ])
  })

  it('CLI 6: a key in the environment variable is used instead of a file, and a short one is refused', async () => {
    const cli = await commandLine()
    await cli.write('one.tfstate', shop(1))
    const short = await cli.run(imported, { env: { INFRALEDGER_FINGERPRINT_KEY: 'too-short' } })
    expect(short).toMatchObject({ code: 1, stdout: '' })
    expect(short.stderr).toContain('at least 16')
    expect(short.stderr).not.toContain('too-short')
    expect(await cli.run(imported, { env: { INFRALEDGER_FINGERPRINT_KEY: 'sixteen bytes or more' } })).toMatchObject({
      code: 0,
    })
    expect(existsSync(join(cli.folder, 'infra.db.key'))).toBe(false)
  })

  it('CLI 6: a key file that is none is refused', async () => {
    const cli = await importedShop()
    await cli.write('infra.db.key', 'hello')
    const { code, stderr } = await cli.run(['import', 'terraform', 'one.tfstate', '--as', 'ada', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'key-invalid' } })
  })
})
