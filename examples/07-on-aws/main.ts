// The same ledger on Amazon RDS: the official SDK over HTTP, against an AWS account in memory. With credentials and without
// `endpoint`, these lines work on a real one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gitPush, openLedger, user } from '@infraledger/core'
import type { DeploymentHandle } from '@infraledger/core'
import { awsCloud } from '@infraledger/adapters-aws'
import { sqliteEventStore } from '@infraledger/store-sqlite'
import { virtualClock } from '@infraledger/testkit'
import { startFakeAws, whenSocketsQuiet } from '@infraledger/testkit/aws'

const ada = { actor: user('ada') }
const grace = { actor: user('grace') }
const say = (text: string): void => console.log(`   ${text}`)
let chapters = 0
const chapter = (title: string): void => console.log(`\n${(chapters += 1)}. ${title}`)

// Minutes of RDS pass in milliseconds, and never while an answer is under way.
const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true, settle: whenSocketsQuiet })
const aws = await startFakeAws({
  clock,
  principals: { deployer: { type: 'assumed-role', role: 'deployer', session: 'run-1' } },
})
aws.cloud.console('ada').create('aws_db_subnet_group', 'private', { subnet_ids: ['subnet-1', 'subnet-2'] })

const folder = mkdtempSync(join(tmpdir(), 'infraledger-on-aws-'))
const open = () =>
  openLedger({
    store: sqliteEventStore({ file: join(folder, 'infra.db') }),
    clock,
    clouds: [
      awsCloud({
        region: 'eu-west-1',
        endpoint: aws.endpoint,
        credentials: { accessKeyId: 'deployer', secretAccessKey: 'any' },
        defaults: { subnetGroup: 'private' },
        clock,
      }),
    ],
  })
let ledger = open()
const executor = new AbortController()
const running = ledger.runDeployments({ signal: executor.signal })

const calls = (action: string): number => aws.trail.filter(({ name }) => name === action).length
const push = (commit: string, needs: readonly string[]) => {
  const declared = needs.map((need) => ({
    node: need as `sql-instance/${string}`,
    properties: { tier: 'db.t4g.medium' },
  }))
  return prod.deploy({
    trigger: gitPush({ commit, ref: 'main', pusher: 'ada' }),
    model: { services: [], needs: declared },
  })
}
/** Waits for the end of a deployment. */
async function follow(deployment: DeploymentHandle): Promise<void> {
  const { status, commit } = await deployment.completed()
  say(`deployment of ${commit}: ${status} at ${clock.now().toISOString().slice(11, 16)}`)
}

chapter('Ada pushes, and RDS makes a database')
let prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [aws.target] }, ada)
await prod.grantRole({ subject: 'grace', role: 'member' }, ada)
await follow(await push('a1f3', ['sql-instance/main']))
const asked = aws.trail.find(({ name }) => name === 'CreateDBInstance')?.request ?? {}
for (const parameter of [
  'multiAZ',
  'backupRetentionPeriod',
  'storageEncrypted',
  'publiclyAccessible',
  'deletionProtection',
  'manageMasterUserPassword',
  'dBSubnetGroupName',
])
  say(`${parameter.padEnd(24)} ${JSON.stringify(asked[parameter])}`)

chapter('Grace changes it in the console, and CloudTrail knows')
aws.cloud.console('grace').modify('prod-main', { 'backup.retentionDays': 3, deletionProtection: false })
await clock.advance(10 * 60_000)
await prod.reconcile()
for (const property of ['backup.retentionDays', 'deletionProtection']) {
  const { drift } = await prod.why('sql-instance/main', property)
  const who = typeof drift?.attribution === 'object' ? drift.attribution.id : drift?.attribution
  say(
    `${property}: ${who}, by ${drift?.activity?.operation} with ${drift?.activity?.tool} from ${drift?.activity?.sourceAddress}`,
  )
}
for (const alert of await prod.alerts({ open: true })) say(`ALERT: ${alert.message}`)

chapter('A flag alone makes nothing public')
aws.cloud
  .console('mallory')
  .create('aws_security_group', 'sg-open', { ingress: [{ protocol: 'tcp', from: 5432, to: 5432, cidr: '0.0.0.0/0' }] })
const exposed = async (): Promise<string> => {
  await prod.reconcile()
  const properties = (await prod.graph()).node('sql-instance/main')?.properties
  const open = (await prod.drift()).open.find(({ property }) => property === 'network.publicAccess')
  return `flag ${JSON.stringify(properties?.['provider.publicly_accessible'])}, public ${JSON.stringify(open?.observed ?? properties?.['network.publicAccess'])}`
}
aws.cloud.console('mallory').modify('prod-main', { 'network.publicAccess': true })
say(await exposed())
aws.cloud.console('mallory').modify('prod-main', { 'provider.vpc_security_group_ids': ['sg-open'] })
say(await exposed())

chapter('The process ends while RDS is at work')
await prod.requestChange(
  {
    node: 'sql-instance/main',
    set: { tier: 'db.r6g.large' },
    when: { type: 'next-deployment' },
    acknowledgeDowntime: true,
    reason: 'the sale',
  },
  grace,
)
const second = await push('b2e4', ['sql-instance/main'])
for await (const progress of second.progress()) if (progress.type === 'step-started') break
executor.abort()
await running.stopped
await ledger.close()
ledger = open()
prod = ledger.environment('prod')
ledger.runDeployments()
await follow(prod.deployment(second.id))
const properties = aws.cloud.inspect.resource('prod-main')?.properties
say(
  `tier ${JSON.stringify(properties?.['tier'])}, public ${JSON.stringify(properties?.['network.publicAccess'])}; RDS was asked to modify ${calls('ModifyDBInstance')} time(s)`,
)

chapter('Why this machine?')
for (const line of (await prod.why('sql-instance/main', 'tier'))
  .text()
  .replaceAll(/([0-9a-f]{8})-[0-9a-f-]{27}/g, '$1…')
  .split('\n'))
  say(line)

chapter('Is the ledger intact?')
const { intact, events } = await ledger.verify()
say(`${intact ? 'yes' : 'no'}: ${events} events, every hash in its place`)
await ledger.close()
await aws.close()
rmSync(folder, { recursive: true })
