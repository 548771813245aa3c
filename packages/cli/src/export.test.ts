import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandLine, importedShop } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

/** A shop whose export lies in ledger.jsonl. */
async function exportedShop(): Promise<CommandLine> {
  const cli = await importedShop()
  const { code, stdout } = await cli.run(['export'])
  expect(code).toBe(0)
  await cli.write('ledger.jsonl', stdout)
  return cli
}

const restore = ['import', 'ledger', 'ledger.jsonl', '--ledger', 'copy.db']

describe('taking a ledger out and in again', () => {
  it('LEAVE 10: export and import ledger make a ledger that answers the same', async () => {
    const cli = await exportedShop()
    const report = await cli.json(restore)
    expect(report).toMatchObject({ restored: expect.any(Number), alreadyThere: 0, ledger: join(cli.folder, 'copy.db') })
    for (const question of [['verify'], ['graph'], ['timeline'], ['why', 'sql-instance/main', 'backup.retentionDays']])
      expect(await cli.json([...question, '--ledger', 'copy.db'])).toEqual(await cli.json(question))
    expect((await cli.run(restore)).stdout).toMatch(
      /copy\.db: 0 events restored \(\d+ were there already\), \d+ in 1 stream in all, exported \S+Z\n$/,
    )
  })

  it('LEAVE 10: --output writes a file, and replaces it', async () => {
    const cli = await exportedShop()
    await cli.write('out.jsonl', 'an earlier export')
    expect(await cli.run(['export', '--output', 'out.jsonl'])).toEqual({
      code: 0,
      stdout: 'Wrote out.jsonl.\n',
      stderr: '',
    })
    const lines = (file: Buffer): readonly string[] => file.toString().split('\n').slice(1)
    expect(lines(await cli.bytes('out.jsonl'))).toEqual(lines(await cli.bytes('ledger.jsonl')))
    expect(existsSync(join(cli.folder, 'out.jsonl.unfinished'))).toBe(false)
    expect(await cli.run(['export', '--output', 'no/such/folder.jsonl', '--json'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('output-failed'),
    })
    expect(await cli.run(['export', '--json'])).toMatchObject({ code: 64, stdout: '' })
  })

  it('LEAVE 10: an export comes from standard input, too', async () => {
    const cli = await exportedShop()
    const stdin = (await cli.bytes('ledger.jsonl')).toString()
    expect(await cli.run(['import', 'ledger', '-', '--ledger', 'copy.db'], { stdin })).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(await cli.json(['verify', '--ledger', 'copy.db'])).toEqual(await cli.json(['verify']))
  })

  it.each<[what: string, change: (text: string) => string, code: string, says: string]>([
    [
      'edited',
      (text) => text.replace('prod', 'stage'),
      'ledger-not-intact',
      'ledger.jsonl: the export is not intact: on line 2',
    ],
    ['cut off', (text) => text.slice(0, text.length / 2), 'input-invalid', 'ledger.jsonl: '],
    ['empty', () => '', 'input-invalid', 'it is empty'],
    ['another file', () => '{"version":4}', 'input-invalid', 'line 1 of the export'],
  ])(
    'LEAVE 10, CLI 14: an export that is %s is refused whole, and no ledger is made',
    async (_, change, code, says) => {
      const cli = await exportedShop()
      await cli.write('ledger.jsonl', change((await cli.bytes('ledger.jsonl')).toString()))
      const { code: exit, stdout, stderr } = await cli.run([...restore, '--json'])
      expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' })
      expect(JSON.parse(stderr)).toMatchObject({ error: { code, message: expect.stringContaining(says) } })
      expect(existsSync(join(cli.folder, 'copy.db'))).toBe(false)
    },
  )

  it.each([
    ['nowhere.jsonl', 'it is not there'],
    ['.', 'it is a folder'],
  ])('names a file that cannot be read: %s', async (file, problem) => {
    const cli = await commandLine()
    const { code, stderr } = await cli.run(['import', 'ledger', file, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'file-unreadable', message: expect.stringContaining(problem) },
    })
    expect(existsSync(join(cli.folder, 'infra.db'))).toBe(false)
  })

  it('LEAVE 5: a ledger that holds something else is refused, and left as it is', async () => {
    const cli = await exportedShop()
    await cli.run(['import', 'terraform', 'one.tfstate', '--env', 'other', '--as', 'ada', '--ledger', 'copy.db'])
    const before = await cli.json(['verify', '--ledger', 'copy.db'])
    const { code, stderr } = await cli.run([...restore, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'store-not-empty' } })
    expect(await cli.json(['verify', '--ledger', 'copy.db'])).toEqual(before)
  })

  it('LEAVE 7: the graph of an environment goes out as Terraform import blocks', async () => {
    const cli = await importedShop()
    const { code, stdout } = await cli.run(['export', '--format', 'terraform-import'])
    expect(code).toBe(0)
    expect(stdout).toContain('import {\n  to = aws_db_instance.main\n  id = "main"\n}\n')
    await cli.run(['export', '--format', 'terraform-import', '--output', 'imports.tf'])
    expect((await cli.bytes('imports.tf')).toString()).toBe(stdout)
  })
})
