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
