import { describe, expect, it } from 'vitest'
import { importedShop, shop } from './command-line.fixture.ts'

describe('asking a ledger', () => {
  it('CLI 5: states of one lineage become graph versions in the order of their serials, whatever their order on the command line', async () => {
    const cli = await importedShop()
    expect(await cli.json(['diff', '1', '2'])).toMatchObject({
      from: 1,
      to: 2,
      nodes: [
        {
          type: 'changed',
          node: 'sql-instance/main',
          properties: [{ property: 'backup.retentionDays', from: 7, to: 14, by: { actor: { id: 'ada' } } }],
        },
      ],
      edges: [],
    })
  })

  it('CLI 5: the same state again changes nothing', async () => {
    const cli = await importedShop()
    const again = await cli.json(['import', 'terraform', 'two.tfstate', '--as', 'ada'])
    expect(again).toMatchObject({
      environment: 'prod',
      created: false,
      imports: [{ graphVersion: 2, recorded: 0, retired: 0 }],
    })
  })

  it('CLI 1: every question is answered with exactly one JSON document on stdout, and nothing on stderr', async () => {
    const cli = await importedShop()
    const questions = [
      ['environments'],
      ['graph'],
      ['graph', '--at', '1', '--kind', 'sql-instance'],
      ['graph', '--format', 'json'],
      ['node', 'sql-instance/main'],
      ['history', 'sql-instance/main'],
      ['why', 'sql-instance/main'],
      ['why', 'sql-instance/main', 'backup.retentionDays'],
      ['diff', '0'],
      ['timeline'],
      ['timeline', '--after', '100000'],
      ['caused-by', '--user', 'ada'],
      ['drift'],
      ['requests'],
      ['deployments'],
      ['versions'],
      ['versions', '--at', '1'],
      ['alerts'],
      ['grants'],
      ['grants', '--resource', 'sql-instance/main', '--at', '1'],
      ['verify'],
    ]
    for (const question of questions) {
      const { code, stdout, stderr } = await cli.run([...question, '--json'])
      expect({ question, code, stderr }).toEqual({ question, code: 0, stderr: '' })
      expect(() => JSON.parse(stdout), question.join(' ')).not.toThrow()
    }
  })

  it('CLI 1: what --json says is what the library answers', async () => {
    const cli = await importedShop()
    expect(await cli.json(['node', 'sql-instance/main'])).toMatchObject({
      id: 'sql-instance/main',
      ownership: 'observed',
      properties: { 'backup.retentionDays': 14, engine: 'postgres' },
      outgoing: [{ kind: 'depends-on', to: 'aws_security_group/web' }],
      incoming: [],
    })
    expect(await cli.json(['why', 'sql-instance/main', 'backup.retentionDays'])).toMatchObject({
      value: 14,
      previous: 7,
      actor: { id: 'ada' },
      import: { source: { name: 'two.tfstate', serial: 2 } },
    })
    expect(await cli.json(['history', 'sql-instance/main'])).toMatchObject([
      { type: 'created' },
      { type: 'changed', changes: [{ property: 'backup.retentionDays', from: 7, to: 14 }] },
    ])
    expect(await cli.json(['verify'])).toMatchObject({
      intact: true,
      heads: { 'environment-prod': { revision: expect.any(Number) } },
    })
  })

  it('answers people in words', async () => {
    const cli = await importedShop()
    const text = async (...args: string[]) => (await cli.run(args)).stdout
    expect(await text('graph')).toMatch(/^prod, graph version 2, recorded \S+Z: 2 nodes, 1 edge\n\nNODE +OWNERSHIP/)
    expect(await text('graph', '--edges')).toMatch(/sql-instance\/main +depends-on +aws_security_group\/web/)
    expect(await text('node', 'sql-instance/main')).toMatch(/backup\.retentionDays +14/)
    expect(await text('history', 'sql-instance/main')).toMatch(
      /v2 {2}changed by import, user ada\n {4}graph version 2, recorded \S+\n {4}backup\.retentionDays {2}7 → 14\n/,
    )
    expect(await text('why', 'sql-instance/main', 'backup.retentionDays')).toMatch(
      /^backup\.retentionDays of sql-instance\/main is 14 \(was 7\)\n.*\n {2}imported from two\.tfstate by user ada\n/,
    )
    expect(await text('diff', '1', '2')).toMatch(
      /^prod, graph version 1 → 2: 1 node and 0 edges differ\n~ sql-instance\/main .*\n {4}backup\.retentionDays {2}7 → 14\n$/,
    )
    expect(await text('timeline', '--limit', '1')).toMatch(
      /^ {5}0 {2}\S+Z {2}user ada: environment prod \(development\) created\n$/,
    )
    expect(await text('drift')).toMatch(
      /^prod, never observed\n\n1 node was never observed: sql-instance\/main\n$|2 nodes were never observed/,
    )
    expect(await text('requests')).toBe('Nobody has requested a change yet.\n')
    expect(await text('deployments')).toBe('Nothing was deployed yet.\n')
    expect(await text('alerts')).toBe('No alert is open.\n')
    expect(await text('grants')).toBe('No grant.\n')
    expect(await text('verify')).toMatch(/^Intact: \d+ events in 1 stream\n/)
    expect(await text('caused-by', '--user', 'ada')).toMatch(/^\d+ versions, 0 deployments, 0 change requests\n/)
  })

  it('asks about earlier points: a version, a time, and the world', async () => {
    const cli = await importedShop()
    expect(await cli.json(['node', 'sql-instance/main', '--at', '1'])).toMatchObject({
      properties: { 'backup.retentionDays': 7 },
    })
    expect(await cli.json(['graph', '--at', '2020-01-01'])).toMatchObject({ version: 0, nodes: [] })
    expect(await cli.json(['graph', '--effective-at', '2100-01-01T00:00:00Z'])).toMatchObject({
      version: 2,
      effectiveAt: '2100-01-01T00:00:00.000Z',
    })
  })

  it('says of a node that is not there at that point when it was', async () => {
    const cli = await importedShop()
    const early = await cli.run(['node', 'sql-instance/main', '--at', '0'])
    expect(early).toMatchObject({ code: 1, stdout: '' })
    expect(early.stderr).toContain('it came with graph version 1')
    await cli.write('three.tfstate', shop(3).replace('"aws_db_instance"', '"aws_docdb_instance"'))
    await cli.run(['import', 'terraform', 'three.tfstate', '--as', 'ada'])
    const gone = await cli.run(['node', 'sql-instance/main', '--json'])
    expect(JSON.parse(gone.stderr)).toMatchObject({
      error: { code: 'node-retired', details: { node: 'sql-instance/main', graphVersion: 3 } },
    })
    expect(gone.stderr).toContain('--at 2')
  })

  it('CLI 2: diff ends with 2 where there is a difference, but only with --detailed-exitcode', async () => {
    const cli = await importedShop()
    expect((await cli.run(['diff', '1', '2'])).code).toBe(0)
    expect((await cli.run(['diff', '1', '2', '--detailed-exitcode'])).code).toBe(2)
    expect((await cli.run(['diff', '2', '2', '--detailed-exitcode'])).code).toBe(0)
    expect((await cli.run(['diff', '1', '7', '--detailed-exitcode'])).code).toBe(1)
  })

  it('goes on with a timeline after the revision where one stopped', async () => {
    const cli = await importedShop()
    const all = (await cli.json(['timeline'])) as readonly { readonly revision: number }[]
    const rest = await cli.json(['timeline', '--after', String(all[1]?.revision)])
    expect(rest).toEqual(all.slice(2))
    expect(await cli.json(['timeline', '--limit', '2'])).toEqual(all.slice(0, 2))
  })
})
