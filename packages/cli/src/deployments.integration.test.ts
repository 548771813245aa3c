import { join } from 'node:path'
import { gitPush, openLedger, user } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { describe, expect, it } from 'vitest'
import { commandLine } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

/** A ledger in which commit c1 was deployed, with the change request of bob, after which somebody changed a database in the console. */
async function deployedShop(): Promise<CommandLine & { readonly deployment: string; readonly request: string }> {
  const cli = await commandLine()
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const ledger = openLedger({
    store: sqliteEventStore({ file: join(cli.folder, 'infra.db') }),
    clouds: [cloud.provider],
    clock,
  })
  const prod = await ledger.createEnvironment(
    { name: 'prod', type: 'production', clouds: [cloud.target] },
    { actor: user('ada') },
  )
  for (const subject of ['bob', 'grace']) await prod.grantRole({ subject, role: 'member' }, { actor: user('ada') })
  ledger.runDeployments()
  const model = {
    services: [
      {
        name: 'checkout',
        image: 'checkout@sha256:1',
        uses: [{ need: 'sql-database/orders', operations: ['read', 'write'] }],
      },
    ],
    needs: ['sql-database/orders'],
  } as const
  await (await prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model })).completed()
  const { request } = await prod.requestChange(
    { node: 'sql-instance/main', set: { 'backup.retentionDays': 14 }, reason: 'audit' },
    { actor: user('bob') },
  )
  const { id } = await (
    await prod.deploy({ trigger: gitPush({ commit: 'c2', ref: 'main', pusher: 'grace' }), model })
  ).completed()
  cloud.console('eve').modify('prod-main', { 'backup.retentionDays': 3 })
  const on = ['identity/prod-checkout', 'sql-database/prod-orders']
  cloud.console('mallory').create('grant', 'backdoor', { operations: ['admin'] }, { on })
  await prod.reconcile()
  await ledger.close()
  return { ...cli, deployment: id, request }
}

describe('asking about deployments', () => {
  it('tells what was deployed, what came of it, and who is behind a property', async () => {
    const cli = await deployedShop()
    const text = async (...args: string[]) => (await cli.run(args)).stdout
    expect(await cli.json(['deployments'])).toMatchObject([
      { commit: 'c2', status: 'succeeded' },
      { commit: 'c1', status: 'succeeded' },
    ])
    expect(await text('deployments')).toMatch(/succeeded +c2 +push by grace/)
    expect(await text('why', 'sql-instance/main', 'backup.retentionDays')).toMatch(
      /is 3 \(was 14\)\n.*\n {2}changed outside by user eve/,
    )
    expect(await text('caused-by', '--commit', 'c2')).toMatch(
      /^\d+ versions?, 1 deployment, 0 change requests\n[^]*sql-instance\/main/,
    )
    expect(await cli.json(['caused-by', '--request', cli.request])).toMatchObject({
      deployments: [{ id: cli.deployment }],
      versions: [{ node: 'sql-instance/main', changed: ['backup.retentionDays'] }],
    })
    expect(await text('requests')).toMatch(/applied +sql-instance\/main +backup\.retentionDays=14 +user bob/)
    expect(await cli.json(['node', 'sql-instance/main', '--at', `deployment:${cli.deployment}`])).toMatchObject({
      properties: { 'backup.retentionDays': 14 },
    })
    expect(await text('drift')).toMatch(
      /Adopted of late\n.*\nsql-instance\/main +backup\.retentionDays +14 → 3 +\S+ +user eve +\d +-\n/,
    )
    expect(await text('grants', '--resource', 'sql-database/orders')).toMatch(
      /identity\/checkout +admin .*nothing: given by user mallory[^]*read, write +sql-database\/orders +\S+ +use by service\/checkout, commit c1/,
    )
    expect(await text('drift')).toMatch(/follow from no use.*\n.*\nbackdoor +\["admin"\] +\S+ +user mallory/)
    expect((await cli.run(['drift', '--detailed-exitcode'])).code).toBe(2)
    expect((await cli.run(['caused-by', '--deployment', 'nope'])).stderr).toContain('there is no deployment "nope"')
  })
})
