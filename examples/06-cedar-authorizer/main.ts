// Who may do what, decided by Cedar policies (policies.cedar) instead of the ledger's own roles.
import { gitPush, inMemoryEventStore, isLedgerError, openLedger, user } from '@infraledger/core'
import type { Environment } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { cedarAuthorizer } from './cedar-authorizer.ts'

const directory: Readonly<Record<string, readonly string[]>> = { grace: ['sre'], linus: ['sre'] }
const clock = virtualClock({ start: '2026-04-01T16:00:00Z', autoAdvance: true })
const cloud = fakeCloud({ clock })
const ledger = openLedger({
  store: inMemoryEventStore(),
  clouds: [cloud.provider],
  clock,
  authorizer: cedarAuthorizer(new URL('policies.cedar', import.meta.url), (subject) => directory[subject] ?? []),
})
const [ada, grace, linus] = [{ actor: user('ada') }, { actor: user('grace') }, { actor: user('linus') }]

async function begin(name: string, type: 'production' | 'development'): Promise<Environment> {
  const environment = await ledger.createEnvironment(
    { name, type, clouds: [cloud.target], approvals: { required: 1 } },
    ada,
  )
  for (const subject of ['ada', 'grace']) await environment.grantRole({ subject, role: 'member' }, ada)
  return environment
}

async function attempt(what: string, deed: () => Promise<unknown>): Promise<void> {
  try {
    await deed()
    console.log(`${what}: allowed`)
  } catch (error) {
    if (!isLedgerError(error, 'permission-denied')) throw error
    console.log(
      `${what}: refused by ${error.details.policy}${error.details.reason === undefined ? '' : `, ${error.details.reason}`}`,
    )
  }
}

const [prod, sandbox] = [await begin('prod', 'production'), await begin('sandbox', 'development')]
const model = { services: [], needs: ['bucket/receipts'] } as const
const push = (commit: string, pusher: string) => ({ trigger: gitPush({ commit, ref: 'main', pusher }), model })

// In working hours: grace deploys, and everybody tries to approve.
const executor = ledger.runDeployments()
const deployment = await prod.deploy(push('c1', 'grace'))
let digest = ''
for await (const progress of deployment.progress()) {
  if (progress.type !== 'waiting-for-approval') continue
  digest = progress.digest
  break
}
await attempt('ada, an Admin of the ledger, approves', () => deployment.approve({ digest }, ada))
await attempt('grace of sre approves what she deploys', () => deployment.approve({ digest }, grace))
await attempt('linus of sre approves', () => deployment.approve({ digest }, linus))
console.log(`the deployment ${(await deployment.completed()).status}`)
await executor.stop()

// At night.
await clock.advance(5 * 60 * 60_000)
await attempt('grace deploys to prod at night', () => prod.deploy(push('c2', 'grace')))
await attempt('grace deploys to sandbox at night', () => sandbox.deploy(push('c2', 'grace')))
await attempt('linus, no member, asks for a change', () =>
  prod.requestChange({ node: 'bucket/receipts', set: { versioning: true }, reason: 'audit' }, linus),
)

// What allowed it is recorded with it, what was refused is in the activity, and the question works backwards, too.
for await (const { type, actor, authorization } of prod.timeline())
  if (type === 'DeploymentApproved') console.log(`approved by ${actor.id}: ${authorization?.policy}`)
for await (const { actor, data } of prod.activity()) console.log(`refused: ${actor.id} ${data.action}`)
const { subjects } = await prod.whoCould({ action: 'request-change' })
console.log(`could ask for changes: ${subjects.map(({ subject }) => subject).join(', ')}`)
await ledger.close()
