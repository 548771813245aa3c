import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gitPush, openLedger, user } from '@infraledger/core'
import type { ApplicationModelInput, CloudProvider, Environment, EventStore, Ledger } from '@infraledger/core'
import { collect, fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, VirtualClock } from '@infraledger/testkit'
import { sqliteEventStore } from './sqlite-event-store.ts'

const START = '2026-03-02T09:00:00.000Z'
export const ada = { actor: user('ada') }

const orders = { need: 'sql-database/orders', operations: ['read', 'write'] } as const
const checkout = (image: number): ApplicationModelInput['services'][number] => ({
  name: 'checkout',
  image: `checkout@sha256:${image}`,
  uses: [orders],
})
const base = ['sql-database/orders', 'bucket/receipts', 'network/old'] as const

/** What runs before: an instance with its database, and one more of each that goes later. */
export const before: ApplicationModelInput = {
  services: [checkout(1), { name: 'reports', uses: [{ need: 'sql-database/old', operations: ['read'] }] }],
  needs: [...base, { node: 'sql-database/old', dependsOn: ['sql-instance/old'] }],
}

/** What the killed deployment rolls out: creations at once, a change that the provider puts off, a new image, and removals. */
export const after: ApplicationModelInput = {
  services: [checkout(2)],
  needs: [
    'sql-database/orders',
    'bucket/receipts',
    { node: 'sql-instance/main', properties: { tier: 'large' } },
    'topic/a',
    'topic/b',
    { node: 'bucket/more', properties: { versioning: true } },
  ],
}

/** One process' world: the ledger and the cloud of a folder, on a clock that goes on where they stopped. */
export type Opened = {
  readonly clock: VirtualClock
  readonly cloud: FakeCloud
  readonly store: EventStore
  readonly prod: Environment
  readonly open: (store: EventStore, provider: CloudProvider) => Ledger
}

/** Opens the ledger and the cloud of a folder; every change of the cloud is on the disk before its caller hears of it. */
export async function openFolder(folder: string): Promise<Opened> {
  const store = sqliteEventStore({ file: join(folder, 'infra.db'), synchronous: 'normal' })
  const [last] = (await collect(store.readAll())).slice(-1)
  const clock = virtualClock({ start: last?.recordedAt ?? START, autoAdvance: true })
  const file = join(folder, 'cloud.json')
  const saved = readIfThere(file)
  const cloud: FakeCloud = fakeCloud({
    clock,
    ...(saved === undefined ? {} : { saved }),
    onChange() {
      writeFileSync(`${file}.next`, cloud.save())
      renameSync(`${file}.next`, file)
    },
  })
  const open = (through: EventStore, provider: CloudProvider): Ledger =>
    openLedger({ store: through, clouds: [provider], clock })
  return { clock, cloud, store, open, prod: open(store, cloud.provider).environment('prod') }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Everything until the last deployment is triggered, which nobody runs yet. */
export async function prepare(folder: string): Promise<void> {
  const { cloud, store, open } = await openFolder(folder)
  const ledger = open(store, cloud.provider)
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
  const executor = ledger.runDeployments()
  const push = (commit: string) => gitPush({ commit, ref: 'main', pusher: 'ada' })
  await (await prod.deploy({ trigger: push('c1'), model: before })).completed()
  const unused = { services: [checkout(1)], needs: [...base] }
  await (await prod.deploy({ trigger: push('c2'), model: unused })).completed()
  cloud.console('grace').modify('sql-instance/prod-old', { deletionProtection: false })
  await prod.reconcile()
  for (const node of ['sql-instance/old', 'sql-database/old'] as const)
    await prod.confirmDeletion({ node, reason: 'not needed' }, ada)
  await prod.requestChange({ node: 'sql-instance/main', set: { 'backup.retentionDays': 14 }, reason: 'audit' }, ada)
  await executor.stop()
  await prod.deploy({ trigger: push('c3'), model: after })
  await ledger.close()
}

type Outcome = {
  readonly calls: readonly string[]
  readonly resources: readonly { readonly thing: string; readonly deferred: object }[]
}

/** All that has to be the same however the deployment was interrupted. */
export async function outcome({ prod, cloud }: Opened): Promise<Outcome & Readonly<Record<string, unknown>>> {
  const graph = (await prod.graph()).toJSON()
  const calls = cloud.calls({ effect: true }).map(({ operation, kind, name }) => `${operation} ${kind} ${name}`)
  return {
    status: (await prod.deployments()).map(({ status }) => status),
    nodes: graph.nodes
      .map(({ id, properties, ownership, ref }) => ({ id, ownership, name: ref?.name, properties: steady(properties) }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    edges: graph.edges.map(({ id }) => id).toSorted(),
    requests: (await prod.requests()).map(({ status }) => status),
    calls: calls.toSorted(),
    resources: cloud.inspect
      .resources()
      .map(({ kind, ref, properties, deferred, status }) => ({
        thing: `${kind} ${ref.name}`,
        properties: steady(properties),
        deferred,
        status,
      }))
      .toSorted((a, b) => (a.thing < b.thing ? -1 : 1)),
    copies: cloud.inspect.snapshots().map(({ name, status }) => `${name} ${status}`),
  }
}

/** Without what the provider churns by itself. */
function steady(properties: object): unknown {
  return Object.fromEntries(Object.entries(properties).filter(([property]) => !property.startsWith('provider.')))
}
