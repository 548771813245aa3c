import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitPush, isLedgerError, openLedger, user } from '@infraledger/core'
import type { DeploymentHandle } from '@infraledger/core'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { fakeCloud, isSimulatedCrash, virtualClock } from '@infraledger/testkit'
import { mermaid } from './mermaid.ts'
import { shop } from './shop.ts'
import { narrator } from './telling.ts'

const ada = { actor: user('ada') }
const grace = { actor: user('grace') }

const { chapter, say, block, table } = narrator(
  (line) => console.log(line),
  process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
)
const folder = mkdtempSync(join(tmpdir(), 'infraledger-story-'))
const file = join(folder, 'infra.db')

// A simulated cloud on a clock that jumps over every wait: hours of cloud time pass in seconds.
const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
const cloud = fakeCloud({ clock })
const open = () => openLedger({ store: sqliteEventStore({ file }), clouds: [cloud.provider], clock })
let ledger = open()
const executor = ledger.runDeployments()

/** Digest of the plan that waits for approval, once it is another one than `before`. */
async function planThatWaits(deployment: DeploymentHandle, before?: string): Promise<string> {
  for await (const progress of deployment.progress())
    if (progress.type === 'waiting-for-approval' && progress.digest !== before) return progress.digest
  throw new Error('it did not wait')
}

const code = (error: unknown): string => (isLedgerError(error) ? error.code : String(error))
const time = (iso: string | undefined): string => (iso ?? '').slice(0, 16).replace('T', ' ')

chapter('Ada pushes the first commit')
let prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
await prod.grantRole({ subject: 'grace', role: 'member' }, ada)
const first = shop({ checkoutImage: 'checkout@sha256:01aa', analytics: true })
const preview = await prod.plan({ model: first, commit: 'a1f3' })
say(`The plan has ${preview.steps.length} steps; among them:`)
block(
  preview
    .text()
    .split('\n')
    .filter((line) => /^ {2}[+·] /.test(line))
    .join('\n'),
)

const deployment = await prod.deploy({ trigger: gitPush({ commit: 'a1f3', ref: 'main', pusher: 'ada' }), model: first })
for await (const progress of deployment.progress()) {
  if (progress.type === 'phase-completed') say(`${progress.phase} complete at ${time(progress.at)}`)
}
const created = await prod.graph()
const graphAfterFirstDeployment = created.version
table(
  ['node', 'version', 'ownership', 'since'],
  created.nodes().map(({ id, version, ownership, recordedAt }) => [id, String(version), ownership, time(recordedAt)]),
)

chapter('Grace changes the database in the console')
await clock.advance(3 * 60 * 60_000)
cloud.console('grace').modify('prod-main', { 'backup.retentionDays': 14, deletionProtection: false })
await clock.advance(60 * 60_000)
const scan = await prod.reconcile()
say(`The ledger looked, adopted ${scan.counts.adopted} properties as they are, and wrote nothing to the cloud:`)
const differences = await prod.diff({ from: graphAfterFirstDeployment })
table(
  ['property', 'was', 'is', 'cause', 'by'],
  differences.nodes.flatMap(({ properties }) =>
    properties.map(({ property, from, to, by }) => [
      property,
      JSON.stringify(from),
      JSON.stringify(to),
      by.cause.type,
      scan.attributed[0]?.principal === 'unknown' ? 'unknown' : (scan.attributed[0]?.principal.id ?? 'unknown'),
    ]),
  ),
)
for (const alert of await prod.alerts({ open: true })) {
  say(`ALERT (${alert.severity}): ${alert.message}`)
  await prod.acknowledgeAlert({ alert: alert.alert, comment: 'Grace is about to retire it' }, ada)
}

chapter('Ada asks for 30 days, somebody sets 5 in the console, Grace pushes')
await prod.requestChange(
  { node: 'sql-instance/main', set: { 'backup.retentionDays': 30 }, reason: 'the auditors ask for a month' },
  ada,
)
cloud.console('mallory').modify('prod-main', { 'backup.retentionDays': 5 })
const suppressed = await prod.reconcile()
say(`Ada's request is pending, so the 5 days are not adopted (${suppressed.counts.suppressed} difference suppressed).`)
const second = await prod.deploy({
  trigger: gitPush({ commit: 'b2e4', ref: 'main', pusher: 'grace' }),
  model: shop({ checkoutImage: 'checkout@sha256:02bb', analytics: true }),
})
const shipped = await second.completed()
const [request] = await prod.requests()
say(
  `Grace's push of ${shipped.commit} took along ${shipped.requests.length} request of ${request?.requester.id}: it is ${request?.status}.`,
)
say(`At the provider: ${JSON.stringify(cloud.inspect.resource('prod-main')?.properties['backup.retentionDays'])} days.`)

chapter('The code stops using the analytics database')
const without = shop({ checkoutImage: 'checkout@sha256:02bb', analytics: false })
await (
  await prod.deploy({ trigger: gitPush({ commit: 'c3d5', ref: 'main', pusher: 'ada' }), model: without })
).completed()
say('The service is gone; what holds data stays until a person confirms its deletion:')
block((await prod.plan({ model: without, commit: 'c3d5' })).notices.map(({ message }) => message).join('\n'))
for (const node of ['sql-database/analytics', 'sql-instance/analytics'] as const) {
  await prod.confirmDeletion({ node, reason: 'moved to the warehouse' }, grace)
}
cloud.console('grace').modify('sql-instance/prod-analytics', { deletionProtection: false })
say('Grace confirmed, and switched the deletion protection off in the console, which nobody else may do for her.')

chapter('The machine dies in the middle of the next deployment')
cloud.faults.crash({ operation: 'remove', kind: 'sql-instance' }, 'between-call-and-answer')
const third = await prod.deploy({
  trigger: gitPush({ commit: 'd4c6', ref: 'main', pusher: 'ada' }),
  model: shop({ checkoutImage: 'checkout@sha256:03cc', analytics: false }),
})
await executor.stopped.catch((error: unknown) => {
  if (!isSimulatedCrash(error)) throw error
})
await ledger.close()
say('The removal was called, its answer never came. A new process opens the ledger and goes on:')
ledger = open()
ledger.runDeployments()
prod = ledger.environment('prod')
const resumed = await prod.deployment(third.id).completed()
say(
  `deployment of ${resumed.commit}: ${resumed.status}; removals at the provider: ${cloud.calls({ operation: 'remove', kind: 'sql-instance', effect: true }).length}`,
)
say(
  `last copy kept: ${cloud.inspect
    .snapshots()
    .map(({ name }) => name)
    .join(', ')}`,
)

chapter('Why 30 days?')
block(
  (await prod.why('sql-instance/main', 'backup.retentionDays'))
    .text()
    .replaceAll(/([0-9a-f]{8})-[0-9a-f-]{27}/g, '$1…'),
)

chapter('Who may do what with the orders?')
cloud
  .console('mallory')
  .create('grant', 'backdoor', { operations: ['admin'] }, { on: ['identity/prod-checkout', 'prod-orders'] })
await prod.reconcile()
table(
  ['identity', 'may', 'since', 'because of'],
  (await prod.grants({ resource: 'sql-database/orders' })).map(({ identity, operations, why }) => [
    identity ?? '?',
    operations.join(', '),
    time(why.recordedAt),
    why.deployment === undefined
      ? `nothing: ${typeof why.drift?.attribution === 'object' ? why.drift.attribution.id : 'somebody'} made it in the console`
      : `commit ${why.deployment.commit}`,
  ]),
)
say('The code does not ask for what mallory granted, and the identity is ours. The next plan takes it away:')
block(
  (await prod.plan({ model: shop({ checkoutImage: 'checkout@sha256:03cc', analytics: false }), commit: 'd4c6' }))
    .text()
    .split('\n')
    .filter((line) => line.startsWith('  - '))
    .join('\n'),
)

chapter('Production wants a second pair of eyes')
await prod.grantRole({ subject: 'grace', role: 'admin' }, ada)
await prod.changePolicies({ approvals: { required: 1, fourEyes: true }, drift: [] }, ada)
await prod.requestChange(
  {
    node: 'sql-instance/main',
    set: { 'storage.gib': 500 },
    when: { type: 'next-deployment' },
    reason: 'the Christmas sale',
  },
  ada,
)
const fourth = await prod.deploy({
  trigger: gitPush({ commit: 'e5d7', ref: 'main', pusher: 'ada' }),
  model: shop({ checkoutImage: 'checkout@sha256:04dd', analytics: false }),
})
const read = await planThatWaits(fourth)
say('The plan waits for one approval of somebody who is neither its trigger nor its requester:')
block(
  (await fourth.steps())
    .map(({ operation, node, impact, origins }) => `${operation} ${node} (${impact}; ${origins[0]?.type})`)
    .join('\n'),
)
await fourth.approve({ digest: read }, ada).catch((error: unknown) => say(`Ada may not: ${code(error)}.`))
cloud.console('linus').modify('prod-main', { 'storage.gib': 200 })
await fourth.approve({ digest: read, comment: 'fine' }, grace)
say('Grace approves it. Meanwhile Linus has given the same machine more storage in the console:')
const readAgain = await planThatWaits(fourth, read)
for (const { moved } of (await fourth.read()).voidings)
  for (const { input, from, to, by } of moved) say(`the approval is void: ${input}, ${from}, is at ${to} by ${by}`)
const change = (await fourth.steps()).find(({ node }) => node === 'sql-instance/main')
say(
  `The plan is made again from what is there now: storage.gib ${JSON.stringify(change?.expected['storage.gib'])} → ${JSON.stringify(change?.changes['storage.gib'])}`,
)
await fourth.approve({ digest: readAgain, comment: 'fine, too' }, grace)
const approved = await fourth.completed()
say(
  `Grace approves that one: ${approved.status}; at the provider: ${JSON.stringify(cloud.inspect.resource('prod-main')?.properties['storage.gib'])} GiB`,
)

chapter('What ran on the first day?')
const then = await prod.graph({ at: graphAfterFirstDeployment })
say(
  `graph version ${then.version}: ${then.size.nodes} nodes, ${then.size.edges} edges; retention ${then.node('sql-instance/main')?.properties['backup.retentionDays']} days`,
)
const now = await prod.graph()
say(
  `graph version ${now.version}: ${now.size.nodes} nodes, ${now.size.edges} edges; retention ${now.node('sql-instance/main')?.properties['backup.retentionDays']} days`,
)
const drawing = join(process.env['INFRALEDGER_STORY_OUTPUT'] ?? tmpdir(), 'infraledger-story.mmd')
writeFileSync(drawing, mermaid(now))
say(
  `drawn as a mermaid graph: ${process.env['INFRALEDGER_STORY_OUTPUT'] === undefined ? drawing : 'infraledger-story.mmd'}`,
)

chapter('Is the ledger intact?')
const verification = await ledger.verify()
say(
  verification.intact
    ? `yes: ${verification.events} events, every hash in its place`
    : `no: ${verification.problem?.problem}`,
)
await ledger.close()
rmSync(folder, { recursive: true })
