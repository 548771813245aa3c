import { describe, expect, it } from 'vitest'
import { commandLine } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

/** What "aws rds describe-db-instances" answers for one instance. */
function answer(changes: Readonly<Record<string, unknown>> = {}): string {
  const instance = {
    DBInstanceIdentifier: 'orders',
    DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
    DbiResourceId: 'db-ABCDEFGHIJKL',
    DBInstanceStatus: 'available',
    DBInstanceClass: 'db.t4g.small',
    Engine: 'postgres',
    EngineVersion: '16.4',
    AllocatedStorage: 20,
    BackupRetentionPeriod: 7,
    DeletionProtection: true,
    MultiAZ: true,
    PubliclyAccessible: false,
    LatestRestorableTime: '2026-03-01T10:00:00Z',
    ...changes,
  }
  return JSON.stringify({ DBInstances: [instance] })
}

/** The same for several instances. */
function listing(...names: readonly string[]): string {
  const instances = names.map((name) =>
    JSON.parse(
      answer({
        DBInstanceIdentifier: name,
        DbiResourceId: `db-${name.toUpperCase()}`,
        DBInstanceArn: `arn:aws:rds:eu-west-1:111122223333:db:${name}`,
      }),
    ),
  ) as readonly { readonly DBInstances: readonly unknown[] }[]
  return JSON.stringify({ DBInstances: instances.flatMap(({ DBInstances }) => DBInstances) })
}

async function readings(): Promise<CommandLine> {
  const cli = await commandLine()
  await cli.write('monday.json', answer())
  await cli.write(
    'tuesday.json',
    answer({ BackupRetentionPeriod: 3, DeletionProtection: false, LatestRestorableTime: '2026-03-02T10:00:00Z' }),
  )
  return cli
}

const both = ['import', 'rds', 'monday.json', 'tuesday.json', '--environment', 'prod', '--as', 'ada']

describe('importing recorded answers of RDS', () => {
  it('CLI 9: the second reading shows what changed since the first, property by property, and nothing that churns by itself', async () => {
    const cli = await readings()
    const { code, stdout } = await cli.run(both)
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'monday.json: 1 resource, 1 new',
        '  no drift',
        'tuesday.json: 1 resource',
        '  NODE                 PROPERTY              WAS → IS      DECISION  DECIDED BY',
        '  sql-instance/orders  backup.retentionDays  7 → 3         adopted   default',
        '  sql-instance/orders  deletionProtection    true → false  adopted   default',
        '',
      ].join('\n'),
    )
    expect((await cli.run(['drift'])).stdout).toMatch(
      /Adopted of late\n(?:.*\n)+sql-instance\/orders +backup\.retentionDays +7 → 3/,
    )
    expect((await cli.run(['alerts'])).stdout).toMatch(/critical .*deletionProtection of sql-instance\/orders/)
    expect((await cli.run(['why', 'sql-instance/orders', 'deletionProtection'])).stdout).toMatch(
      /is false \(was true\)/,
    )
  })

  it('CLI 9: as data, with exit code 2 for who asks for it', async () => {
    const cli = await readings()
    const { code, stdout } = await cli.run([...both, '--json', '--detailed-exitcode'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      environment: 'prod',
      created: true,
      readings: [
        { reading: 'monday.json', imported: 1, decisions: [], missing: [] },
        {
          reading: 'tuesday.json',
          imported: 0,
          counts: { adopted: 2 },
          decisions: [
            {
              node: 'sql-instance/orders',
              property: 'backup.retentionDays',
              recorded: 7,
              observed: 3,
              decision: 'adopted',
            },
            {
              node: 'sql-instance/orders',
              property: 'deletionProtection',
              recorded: true,
              observed: false,
              decision: 'adopted',
            },
          ],
        },
      ],
    })
    // The same again is no news: nothing differs from what is recorded.
    expect((await cli.run(['import', 'rds', 'tuesday.json', '--detailed-exitcode'])).code).toBe(0)
  })

  it('CLI 2: an instance that is gone is drift too', async () => {
    const cli = await readings()
    await cli.write(
      'gone.json',
      answer({
        DBInstanceIdentifier: 'other',
        DbiResourceId: 'db-OTHER',
        DBInstanceArn: 'arn:aws:rds:eu-west-1:111122223333:db:other',
      }),
    )
    await cli.run(both)
    const { code, stdout } = await cli.run(['import', 'rds', 'gone.json', '--detailed-exitcode'])
    expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringContaining('missing: sql-instance/orders') })
    expect((await cli.run(['drift', '--detailed-exitcode'])).code).toBe(2)
    expect((await cli.run(['drift'])).stdout).toMatch(/Missing at the provider\n.*\nsql-instance\/orders/)
  })

  it('CLI 9: pages of one listing are one reading, however many files they are; alone, a page says nothing of what it lacks', async () => {
    const cli = await commandLine()
    await cli.write('all.json', listing('a', 'b', 'c'))
    await cli.write('one.json', listing('a', 'b').replace('}]}', '}],"Marker":"more"}'))
    await cli.write('two.json', listing('c'))
    await cli.run(['import', 'rds', 'all.json', '--env', 'prod', '--as', 'ada'])
    const { stdout } = await cli.run(['import', 'rds', 'one.json', 'two.json'])
    expect(stdout).toBe('one.json and following: 3 resources\n  no drift\n')
    expect((await cli.run(['import', 'rds', 'one.json'])).stdout).toBe(
      'one.json: 2 resources\n  no drift\n  undecided: sql-instance/c: one.json does not hold it, and is not a whole listing\n',
    )
    // What comes twice is no next page, and neither is what lives elsewhere.
    expect(await cli.json(['import', 'rds', 'one.json', 'all.json'])).toMatchObject({ readings: { length: 2 } })
    await cli.write('elsewhere.json', listing('d').replaceAll('eu-west-1', 'us-east-1'))
    expect(await cli.json(['import', 'rds', 'one.json', 'elsewhere.json'])).toMatchObject({ readings: { length: 2 } })
  })

  it('CLI 9: with --partial an answer says nothing of what it does not list', async () => {
    const cli = await commandLine()
    await cli.write('all.json', listing('a', 'b', 'c'))
    await cli.write('some.json', listing('b'))
    await cli.run(['import', 'rds', 'all.json', '--env', 'prod', '--as', 'ada'])
    const partial = await cli.run(['import', 'rds', 'some.json', '--partial', '--detailed-exitcode'])
    expect(partial.code).toBe(0)
    expect(partial.stdout).toContain('undecided: sql-instance/a, sql-instance/c: some.json does not hold it')
    const whole = await cli.run(['import', 'rds', 'some.json', '--detailed-exitcode'])
    expect(whole.code).toBe(2)
    expect(whole.stdout).toMatch(/missing: sql-instance\/a\n {2}missing: sql-instance\/c\n.*--partial/)
  })

  it('CLI 9: a tag that somebody added and a setting that was not set before are drift, not first readings', async () => {
    const cli = await commandLine()
    await cli.write('before.json', answer({ TagList: [] }))
    await cli.write('after.json', answer({ TagList: [{ Key: 'owner', Value: '' }], MaxAllocatedStorage: 100 }))
    const { stdout } = await cli.run(['import', 'rds', 'before.json', 'after.json', '--env', 'prod', '--as', 'ada'])
    expect(stdout).toMatch(/labels\["owner"\] +- → "" +adopted +default\n/)
    expect(stdout).toMatch(/provider\.max_allocated_storage +- → 100 +adopted +default\n/)
  })

  it('CLI 9: an answer without instances does not tell where it is from, and says so', async () => {
    const cli = await readings()
    await cli.run(both)
    await cli.write('none.json', '{"DBInstances":[]}')
    expect((await cli.run(['import', 'rds', 'none.json'])).stdout).toMatch(
      /^none\.json: 0 resources\n {2}nothing was seen\nAn answer without instances does not tell its account/,
    )
  })

  it('CLI 9: answers without ARNs are compared all the same', async () => {
    const cli = await commandLine()
    for (const [file, days] of [
      ['before.json', 7],
      ['after.json', 3],
    ] as const)
      await cli.write(file, answer({ DBInstanceArn: undefined, BackupRetentionPeriod: days }))
    const { stdout } = await cli.run(['import', 'rds', 'before.json', 'after.json', '--env', 'prod', '--as', 'ada'])
    expect(stdout).toMatch(/backup\.retentionDays +7 → 3 +adopted/)
  })

  it('GRAPH 5: what a large reading brings in is in imports of one append each, so that a killed process leaves none open', async () => {
    const cli = await commandLine()
    const names = Array.from({ length: 250 }, (_, index) => `db${index}`)
    await cli.write('large.json', listing(...names))
    const large = ['import', 'rds', 'large.json', '--env', 'prod', '--as', 'ada']
    expect(await cli.json(large)).toMatchObject({ readings: [{ imported: 250, counts: { resources: 250 } }] })
    const timeline = (await cli.json(['timeline'])) as readonly { readonly type: string; readonly revision: number }[]
    const [begun, completed] = ['ImportStarted', 'ImportCompleted'].map((type) =>
      timeline.filter((entry) => entry.type === type).map(({ revision }) => revision),
    )
    expect(completed?.map((revision, index) => revision - (begun?.[index] ?? 0))).toEqual([101, 101, 51])
    expect(await cli.json(large)).toMatchObject({ readings: [{ imported: 0, counts: { unchanged: 250 } }] })
  })

  it('says what it could not decide', async () => {
    const cli = await readings()
    await cli.write('busy.json', answer({ DBInstanceStatus: 'modifying', BackupRetentionPeriod: 30 }))
    await cli.run(both)
    expect((await cli.run(['import', 'rds', 'busy.json'])).stdout).toBe(
      'busy.json: 1 resource\n  no drift\n  undecided: sql-instance/orders: not settled: modifying\n',
    )
  })

  it('needs nobody who acts, but somebody who makes an environment', async () => {
    const cli = await readings()
    expect(await cli.run(['import', 'rds', 'monday.json', '--env', 'prod'])).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--as user:ada'),
    })
    await cli.run(both)
    expect((await cli.run(['import', 'rds', '-', '--env', 'prod'], { stdin: answer() })).code).toBe(0)
  })

  it('refuses what is no such answer, and says which file', async () => {
    const cli = await readings()
    await cli.write('state.json', '{"version":4}')
    const { code, stderr } = await cli.run([
      'import',
      'rds',
      'monday.json',
      'state.json',
      '--env',
      'prod',
      '--as',
      'ada',
    ])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('state.json') })
  })
})
