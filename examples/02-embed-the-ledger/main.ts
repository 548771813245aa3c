// A platform team's own "deploy" tool in sixty lines: plan, ask for approval, run, and answer who did what.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitPush, isLedgerError, openLedger, user } from '@infraledger/core'
import type { ApplicationModelInput } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { fakeCloud, virtualClock } from '@infraledger/testkit'

// Your own cloud adapter goes here; the simulated one needs no account.
const clock = virtualClock({ start: '2026-04-01T08:00:00Z', autoAdvance: true })
const cloud = fakeCloud({ clock })

const folder = mkdtempSync(join(tmpdir(), 'infraledger-embed-'))
const ledger = openLedger({
  store: sqliteEventStore({ file: join(folder, 'infra.db') }),
  clouds: [cloud.provider],
  clock,
})
const staging = await ledger.createEnvironment(
  { name: 'staging', type: 'development', clouds: [cloud.target], approvals: { required: 1 } },
  { actor: user('ada') },
)
await staging.grantRole({ subject: 'grace', role: 'member' }, { actor: user('ada') })

// An executor runs what is recorded: in this process, or in another one on the same file.
const executor = ledger.runDeployments()

const model: ApplicationModelInput = {
  services: [
    { name: 'api', image: 'api@sha256:9f86', uses: [{ need: 'sql-database/accounts', operations: ['read', 'write'] }] },
  ],
  needs: ['sql-database/accounts'],
}

console.log((await staging.plan({ model })).text().replace(/^Plan \w+/m, 'Plan'))

const deployment = await staging.deploy({ trigger: gitPush({ commit: '4be1', ref: 'main', pusher: 'grace' }), model })
for await (const progress of deployment.progress()) {
  if (progress.type === 'waiting-for-approval') {
    console.log('waiting for an Admin')
    try {
      await deployment.approve({ digest: progress.digest }, { actor: user('grace') })
    } catch (error) {
      if (!isLedgerError(error, 'role-required')) throw error
      console.log(`refused: ${error.message.replace(deployment.id, '<deployment>')}`)
    }
    await deployment.approve({ digest: progress.digest, comment: 'looks right' }, { actor: user('ada') })
  } else if (progress.type === 'step-succeeded') console.log(`done: ${progress.step}`)
}

const { status, approvals } = await deployment.completed()
console.log(`${status}, approved by ${approvals.map(({ by }) => by.id).join(', ')}`)

await executor.stop()
await ledger.close()
rmSync(folder, { recursive: true })
