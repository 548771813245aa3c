// Your tooling against a cloud that lies down, forgets, and is edited behind your back, without an account and without waiting.
import assert from 'node:assert/strict'
import { gitPush, inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { Environment } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'

const ada = { actor: user('ada') }

/** The tool under test: asks for at least a month of backups wherever there is less. */
async function requireMonthOfBackups(environment: Environment): Promise<readonly string[]> {
  const asked: string[] = []
  for (const { id, properties } of (await environment.graph()).nodes({ kind: 'sql-instance' })) {
    if ((properties['backup.retentionDays'] ?? 0) >= 30) continue
    await environment.requestChange(
      { node: id as `sql-instance/${string}`, set: { 'backup.retentionDays': 30 }, reason: 'policy' },
      ada,
    )
    asked.push(id)
  }
  return asked
}

/** A fresh world for each test: an environment with one database, on a clock that jumps over every wait. */
async function world() {
  const clock = virtualClock({ start: '2026-05-04T10:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock, seed: 7 })
  const ledger = openLedger({ store: inMemoryEventStore(), clouds: [cloud.provider], clock })
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
  ledger.runDeployments()
  const deploy = async (commit: string) => {
    const trigger = gitPush({ commit, ref: 'main', pusher: 'ada' })
    return (await prod.deploy({ trigger, model: { services: [], needs: ['sql-database/orders'] } })).completed()
  }
  await deploy('c1')
  return { clock, cloud, ledger, prod, deploy }
}

async function test(title: string, run: () => Promise<void>): Promise<void> {
  await run()
  console.log(`ok  ${title}`)
}

await test('asks once, and the next deployment applies it', async () => {
  const { cloud, prod, deploy } = await world()
  assert.deepEqual(await requireMonthOfBackups(prod), ['sql-instance/main'])
  await deploy('c2')
  assert.equal(cloud.inspect.resource('prod-main')?.properties['backup.retentionDays'], 30)
  assert.deepEqual(await requireMonthOfBackups(prod), [])
})

await test('a console edit in between does not win against the pending request', async () => {
  const { cloud, prod, deploy } = await world()
  await requireMonthOfBackups(prod)
  cloud.console('mallory').modify('prod-main', { 'backup.retentionDays': 1 })
  const { counts } = await prod.reconcile()
  assert.deepEqual([counts.adopted, counts.suppressed], [0, 1])
  await deploy('c2')
  assert.equal(cloud.inspect.resource('prod-main')?.properties['backup.retentionDays'], 30)
})

await test('throttling and lost answers change nothing but the time it takes', async () => {
  const { cloud, prod, deploy } = await world()
  await requireMonthOfBackups(prod)
  cloud.faults.retryable({ operation: 'update' }, 2)
  cloud.faults.unknownOutcome({ operation: 'update', nth: 3 })
  await deploy('c2')
  assert.equal(cloud.calls({ operation: 'update', effect: true }).length, 1)
})

await test('a database that vanished is alerted, and never made again by itself', async () => {
  const { cloud, prod, deploy } = await world()
  cloud.console('mallory').modify('prod-main', { deletionProtection: false })
  cloud.console('mallory').remove('prod-main')
  await deploy('c2')
  assert.equal(cloud.inspect.resource('prod-main'), undefined)
  assert.ok((await prod.alerts({ open: true })).some(({ reason }) => reason === 'resource-missing'))
})
