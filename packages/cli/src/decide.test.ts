import { describe, expect, it } from 'vitest'
import { importedShop } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

async function managedShop(): Promise<CommandLine> {
  const cli = await importedShop()
  const { code, stdout } = await cli.run([
    'manage',
    'sql-instance/main',
    '--reason',
    'Terraform gave it up',
    '--as',
    'ada',
  ])
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'sql-instance/main is managed now: deployments may change it.\n',
  })
  return cli
}

type Request = { readonly request: string; readonly status: string }

describe('deciding', () => {
  it('hands a node over, and why says who did', async () => {
    const cli = await managedShop()
    expect(await cli.json(['node', 'sql-instance/main'])).toMatchObject({ ownership: 'managed' })
    expect((await cli.run(['manage', 'sql-instance/main', '--reason', 'again', '--as', 'ada'])).code).toBe(1)
  })

  it('requests a change, lists it, and takes it back', async () => {
    const cli = await managedShop()
    const wish = ['request', 'sql-instance/main', 'backup.retentionDays=30', '--reason', 'audit', '--as', 'user:ada']
    const requested = (await cli.json(wish)) as Request
    expect(requested).toMatchObject({
      node: 'sql-instance/main',
      set: { 'backup.retentionDays': 30 },
      status: 'pending',
      requester: { id: 'ada' },
    })
    expect((await cli.run(['requests', '--status', 'pending'])).stdout).toMatch(
      /pending +sql-instance\/main +backup\.retentionDays=30 +user ada/,
    )
    expect((await cli.run(['why', 'sql-instance/main', 'backup.retentionDays'])).stdout).toContain('waits')
    expect(await cli.json(['caused-by', '--request', requested.request])).toMatchObject({
      requests: [{ id: requested.request }],
      versions: [],
    })
    expect((await cli.run(['withdraw', requested.request, '--reason', 'no', '--as', 'bob'])).code).toBe(1)
    expect(await cli.json(['withdraw', requested.request, '--reason', 'not needed', '--as', 'ada'])).toEqual({
      request: requested.request,
      status: 'withdrawn',
    })
    expect(await cli.json(['requests'])).toMatchObject([{ status: 'withdrawn', outcome: 'not needed' }])
  })

  it('grants and revokes roles, and tells who could and who tried', async () => {
    const cli = await managedShop()
    expect(await cli.json(['grant-role', 'bob', 'member', '--as', 'ada'])).toMatchObject({ granted: true })
    expect(await cli.json(['grant-role', 'api:ci', 'viewer', '--as', 'ada'])).toMatchObject({
      subject: 'api-client:ci',
    })
    expect((await cli.run(['grant-role', 'eve', 'admin', '--as', 'bob'])).code).toBe(1)
    expect((await cli.run(['grant-role', 'eve', 'owner', '--as', 'ada'])).code).toBe(64)
    expect((await cli.run(['revoke-role', 'bob', 'member', '--as', 'ada'])).stdout).toBe('bob is no longer member.\n')
    expect(await cli.json(['activity'])).toMatchObject([
      { actor: { id: 'bob' }, data: { action: 'grant-role', code: 'role-required', target: { id: 'eve' } } },
    ])
    expect((await cli.run(['activity'])).stdout).toContain('user bob: grant-role on role eve refused: role-required')
    const { stdout } = await cli.run(['who-could', 'request-change'])
    expect(stdout).toMatch(/^ada {2}from .* on {2}as admin, granted by ada$/m)
    expect(stdout).toMatch(/^bob {2}from .* to .* {2}as member, granted by ada; member revoked by ada$/m)
    expect((await cli.run(['who-could', 'aprove-deployment'])).stderr).toContain('approve-deployment')
  })

  it('turns a request down', async () => {
    const cli = await managedShop()
    expect((await cli.run(['grant-role', 'bob', 'member', '--as', 'ada'])).stdout).toBe('bob is member now.\n')
    const { request } = (await cli.json([
      'request',
      'sql-instance/main',
      'backup.retentionDays=30',
      '--reason',
      'audit',
      '--as',
      'bob',
    ])) as Request
    expect((await cli.run(['reject', request, '--reason', 'too expensive', '--as', 'ada'])).stdout).toBe(
      `Change request ${request} is rejected.\n`,
    )
    expect(await cli.json(['requests', '--status', 'rejected'])).toMatchObject([{ request }])
  })

  it.each([
    [['request', 'aws_security_group/web', 'name="x"', '--reason', 'x'], 'node-observed'],
    [['request', 'sql-instance/main', 'backup.retentionDay=3', '--reason', 'x'], 'property-unknown'],
    [['request', 'sql-instance/main', 'backup.retentionDays="many"', '--reason', 'x'], 'property-invalid'],
    [['bind', 'sql-database/orders', 'sql-instance/main', '--reason', 'x'], 'need-not-found'],
    [['confirm-deletion', 'aws_security_group/web', '--reason', 'x'], 'confirmation-refused'],
    [['withdraw', 'no-such', '--reason', 'x'], 'change-not-found'],
    [['reject', 'no-such', '--reason', 'x'], 'change-not-found'],
  ])('CLI 2: %j is refused by the library, with its code and exit code 1', async (args, code) => {
    const cli = await managedShop()
    const refused = await cli.run([...args, '--as', 'ada', '--json'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code } })
  })
})
