import { describe, expect, it } from 'vitest'
import { importedShop, PASSWORD, shop } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

const database = (retention: number): object => ({
  id: 'db-ABCDEFGHIJKL',
  arn: 'arn:aws:rds:eu-west-1:111122223333:db:main',
  identifier: 'main',
  resource_id: 'db-ABCDEFGHIJKL',
  engine: 'postgres',
  backup_retention_period: retention,
  password: PASSWORD,
})

/** The plan that sets the retention of the shop's database. */
const plan = (retention: number, before = 14): string =>
  JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.9.5',
    planned_values: {},
    resource_changes: [
      {
        address: 'aws_db_instance.main',
        mode: 'managed',
        type: 'aws_db_instance',
        name: 'main',
        provider_name: 'registry.terraform.io/hashicorp/aws',
        change: {
          actions: [retention === before ? 'no-op' : 'update'],
          before: database(before),
          after: database(retention),
          after_unknown: {},
          before_sensitive: { password: true },
          after_sensitive: { password: true },
        },
      },
    ],
  })

type Shown = { readonly id: string; readonly digest: string; readonly status: string }

async function proposed(): Promise<{ readonly cli: CommandLine; readonly shown: Shown }> {
  const cli = await importedShop()
  await cli.write('plan.json', plan(30))
  const shown = (await cli.json([
    'external',
    'propose',
    'plan.json',
    '--commit',
    '4f2a',
    '--ref',
    'main',
    '--as',
    'ada',
  ])) as Shown
  return { cli, shown }
}

describe('a Terraform plan on the command line', () => {
  it('EXTERNAL 14, CLI 1: is proposed, approved, and what is imported after names it', async () => {
    const { cli, shown } = await proposed()
    expect(shown).toMatchObject({
      proposed: true,
      status: 'approved',
      commit: '4f2a',
      trigger: { type: 'git-push', pusher: 'ada' },
    })
    const text = (await cli.run(['external', 'show', shown.id])).stdout
    expect(text).toContain('backup.retentionDays: 14 → 30')
    expect(text).toContain(`digest ${shown.digest}`)
    expect(text).not.toContain(PASSWORD)
    const approval = ['external', 'approve', shown.id, '--digest', shown.digest, '--comment', 'fine', '--as', 'ada']
    expect(await cli.run(approval)).toMatchObject({ code: 0, stdout: `External deployment ${shown.id} is approved.\n` })
    expect((await cli.run(['external', 'list', '--open'])).stdout).toMatch(/approved +plan\.json +4f2a +push by ada/)
    await cli.write('three.tfstate', shop(3, { retention: 30 }))
    expect((await cli.run(['import', 'terraform', 'three.tfstate', '--as', 'ada'])).code).toBe(0)
    const why = (await cli.run(['why', 'sql-instance/main', 'backup.retentionDays'])).stdout
    expect(why).toContain(`external deployment ${shown.id} of commit 4f2a, triggered by a push of ada to main`)
    expect(why).toContain('approved by user ada: fine')
    expect(await cli.run(['external', 'show', shown.id, '--detailed-exitcode'])).toMatchObject({ code: 0 })
    expect(await cli.json(['external', 'list', '--open'])).toEqual([])
    expect((await cli.run(['diff', '2', '3'])).stdout).toContain('external deployment')
  })

  it('CLI 2: exit codes tell what it changes, what is refused, and that there is nothing to propose', async () => {
    const { cli, shown } = await proposed()
    expect((await cli.run(['external', 'show', shown.id, '--detailed-exitcode'])).code).toBe(2)
    await cli.write('other.json', plan(60))
    const other = ['external', 'propose', 'other.json', '--commit', 'c', '--as', 'ada']
    const refused = await cli.run(other)
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('withdraw that, or have it superseded')
    expect((await cli.run([...other, '--supersede', '--detailed-exitcode'])).code).toBe(2)
    expect(
      await cli.run(['external', 'propose', '-', '--commit', 'c', '--as', 'ada', '--detailed-exitcode'], {
        stdin: plan(14),
      }),
    ).toMatchObject({
      code: 0,
      stdout: 'standard input changes nothing: there is nothing to propose.\n',
    })
    await cli.write('state.json', shop(3))
    const wrong = await cli.run(['external', 'propose', 'state.json', '--commit', 'c', '--as', 'ada'])
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('it is a state, not a plan')
    expect(
      (await cli.run(['external', 'propose', 'plan.json', '--commit', 'c', '--ref', 'main', '--as', 'api:ci'])).code,
    ).toBe(64)
  })

  it('EXTERNAL 7: rejects, withdraws, and takes the word that it ran', async () => {
    const { cli, shown } = await proposed()
    expect(
      (await cli.run(['external', 'reject', shown.id, '--digest', 'x', '--reason', 'no', '--as', 'ada'])).code,
    ).toBe(1)
    expect(
      (await cli.run(['external', 'approve', shown.id, '--digest', shown.digest, '--as', 'bob'])).stderr,
    ).toContain('needs the role admin')
    expect(await cli.json(['external', 'applied', shown.id, '--as', 'ada'])).toMatchObject({ status: 'partly-applied' })
    expect((await cli.run(['external', 'show', shown.id])).stdout).toContain('not seen yet: 1 change')
    expect(await cli.json(['external', 'withdraw', shown.id, '--reason', 'planned anew', '--as', 'ada'])).toMatchObject(
      { status: 'withdrawn' },
    )
    expect((await cli.run(['external', 'show', 'nope'])).code).toBe(1)
  })
})
