import { join } from 'node:path'
import { openLedger, user } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { commandLine } from './command-line.fixture.ts'
import type { CommandLine } from './command-line.fixture.ts'

const model = { services: [], needs: ['topic/sales', 'identity/checkout'] }
const policies = { approvals: { required: 1, fourEyes: true, sections: { iam: 1 } }, drift: [] }

/** A ledger whose environment has two Admins and a cloud; the command line records, and `execute` runs what is approved. */
async function governed(): Promise<CommandLine & { readonly execute: () => Promise<void> }> {
  const cli = await commandLine()
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const open = () =>
    openLedger({ store: sqliteEventStore({ file: join(cli.folder, 'infra.db') }), clouds: [cloud.provider], clock })
  const ledger = open()
  const prod = await ledger.createEnvironment(
    { name: 'prod', type: 'production', clouds: [cloud.target] },
    { actor: user('ada') },
  )
  await prod.grantRole({ subject: 'grace', role: 'admin' }, { actor: user('ada') })
  await ledger.close()
  await cli.write('model.json', JSON.stringify(model))
  await cli.write('policies.json', JSON.stringify(policies))
  await cli.write('none.json', JSON.stringify({ approvals: { required: 0 }, drift: [] }))
  return {
    ...cli,
    /** Runs an executor until the newest deployment has ended, or waits for approval. */
    async execute() {
      const running = open()
      const executor = running.runDeployments()
      const [newest] = await running.environment('prod').deployments()
      if (newest === undefined) throw new Error('nothing was deployed')
      for await (const { type } of running.environment('prod').deployment(newest.id).progress())
        if (type === 'waiting-for-approval' && newest.approvals.length === 0) break
      await executor.stop()
      await running.close()
    },
  }
}

type Deployed = { readonly deployment: string }
type Read = { readonly planDigest: string; readonly status: string }

it('DEPLOY 4, DEPLOY 6: plans, deploys, approves by section, and tells what is missing and who may not', async () => {
  const cli = await governed()
  expect((await cli.run(['change-policies', 'policies.json', '--as', 'ada'])).stdout).toBe(
    'The policies are changed.\n',
  )
  expect((await cli.run(['policies'])).stdout).toMatch(/^approvals: 1\n {2}four eyes: .*\n {2}iam: 1, by name\n/)
  const recorded = (await cli.json(['deploy', 'model.json', '--commit', 'c1', '--as', 'ada'])) as Deployed
  await cli.execute()
  const { planDigest } = (await cli.json(['deployment', recorded.deployment])) as Read
  const approve = ['approve', recorded.deployment, '--digest', planDigest]
  const refused = await cli.run([...approve, '--as', 'ada', '--json'])
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'four-eyes-required' } })
  expect((await cli.run([...approve, '--as', 'grace'])).stdout).toMatch(/; it waits for more: 1 for iam\.\n$/)
  expect((await cli.run(['deployment', recorded.deployment])).stdout).toMatch(
    /create topic\/sales +planned\n[^]*approved by user grace, .*\n {2}waits for 1 more for iam, by name/,
  )
  const named = await cli.run([...approve, '--sections', 'iam', '--comment', 'least privilege', '--as', 'grace'])
  expect(named.stdout).toMatch(/; nothing is missing, .*\n$/)
  await cli.execute()
  expect(await cli.json(['deployment', recorded.deployment])).toMatchObject({ status: 'succeeded' })
})

it('DEPLOY 13: an emergency is listed until somebody else has reviewed it', async () => {
  const cli = await governed()
  await cli.run(['change-policies', 'policies.json', '--as', 'ada'])
  const urgent = ['deploy', 'model.json', '--commit', 'c1', '--emergency', 'orders are lost', '--as', 'ada']
  const { deployment } = (await cli.json(urgent)) as Deployed
  await cli.execute()
  expect(await cli.json(['deployments', '--unreviewed'])).toMatchObject([{ id: deployment, status: 'succeeded' }])
  expect((await cli.run(['review', deployment, '--comment', 'mine', '--as', 'ada'])).code).toBe(1)
  expect((await cli.run(['review', deployment, '--comment', 'was right', '--as', 'grace'])).code).toBe(0)
  expect((await cli.run(['deployments', '--unreviewed'])).stdout).toBe('No emergency waits for a review.\n')
  expect((await cli.run(['deployment', deployment])).stdout).toContain('reviewed by user grace: was right')
})

it('ACCESS 4: weaker policies are proposed, listed, and approved by somebody else, withdrawn or turned down', async () => {
  const cli = await governed()
  await cli.run(['change-policies', 'policies.json', '--as', 'ada'])
  const propose = async () =>
    (await cli.json(['change-policies', 'none.json', '--as', 'ada'])) as { readonly proposal: string }
  const first = await propose()
  expect((await cli.run(['policies'])).stdout).toMatch(
    /proposed by user ada .*0 of 1 approvals:\n {2}weaker: 0 instead/,
  )
  const withdrawn = await cli.run(['withdraw-policies', first.proposal, '--reason', 'no', '--as', 'ada'])
  expect(withdrawn.stdout).toContain('is withdrawn')
  const second = await propose()
  expect((await cli.run(['reject-policies', second.proposal, '--reason', 'no', '--as', 'grace'])).code).toBe(0)
  const { proposal } = await propose()
  expect((await cli.run(['approve-policies', proposal, '--as', 'ada'])).code).toBe(1)
  expect((await cli.run(['approve-policies', proposal, '--as', 'grace'])).stdout).toBe('The policies are changed.\n')
  expect((await cli.run(['change-policies', 'none.json', '--as', 'ada'])).stdout).toBe('They are so already.\n')
})

it('CLI 2: files that are no model, or no policies, are refused with what is wrong, and nothing is written', async () => {
  const cli = await governed()
  const before = await cli.json(['timeline'])
  await cli.write('bad.json', '{"approvals":{"required":-1},"drift":[]}')
  await cli.write('broken.json', '{"approvals":')
  for (const args of [
    ['change-policies', 'bad.json', '--as', 'ada'],
    ['change-policies', 'broken.json', '--as', 'ada'],
    ['deploy', 'bad.json', '--commit', 'c1', '--as', 'ada'],
    ['plan', 'bad.json'],
  ]) {
    const { code, stderr } = await cli.run([...args, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'input-invalid' } })
  }
  const unknown = await cli.run(['approve', 'x', '--digest', 'y', '--sections', 'money', '--as', 'ada'])
  expect(unknown).toMatchObject({ code: 64, stderr: expect.stringContaining('infrastructure, iam or deletions') })
  expect(await cli.json(['timeline'])).toEqual(before)
})
