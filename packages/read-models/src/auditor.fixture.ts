import { gitPush, inMemoryEventStore, isLedgerError, openLedger, user } from '@infraledger/core'
import type { ApplicationModelInput, DeploymentHandle, EventStore, Ledger } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, VirtualClock } from '@infraledger/testkit'

const [ada, grace, linus] = ['ada', 'grace', 'linus'].map((id) => ({ actor: user(id) })) as [By, By, By] // as many as names
type By = { readonly actor: ReturnType<typeof user> }

const DAY = 86_400_000

/** A history that an auditor would ask about, on a clock that began on 2 March 2026 at nine. */
export type AuditedLedger = {
  readonly store: EventStore
  readonly ledger: Ledger
  readonly clock: VirtualClock
  readonly cloud: FakeCloud
}

const shop = (image: string, ...more: NonNullable<ApplicationModelInput['needs']>): ApplicationModelInput => ({
  services: [{ name: 'checkout', image, uses: [{ need: 'sql-database/orders', operations: ['read', 'write'] }] }],
  needs: ['sql-database/orders', ...more],
})

/**
 * Ada deploys, Grace approves; Ada approves a deployment of her own that takes Grace's request along; two emergencies, one of them reviewed;
 * somebody weakens a database in the console; a plan of another tool is carried out unapproved; Linus waits for what he asked for.
 */
export async function auditedLedger(): Promise<AuditedLedger> {
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const store = inMemoryEventStore()
  const cloud = fakeCloud({ clock })
  const ledger = openLedger({ store, clouds: [cloud.provider], clock })
  const stopping = new AbortController()
  const executor = ledger.runDeployments({ signal: stopping.signal })
  const prod = await ledger.createEnvironment(
    { name: 'prod', type: 'production', clouds: [cloud.target], approvals: { required: 1 } },
    ada,
  )
  await ledger.createEnvironment({ name: 'staging', type: 'development', clouds: [cloud.target] }, linus)
  for (const [subject, role] of [
    ['grace', 'admin'],
    ['barbara', 'admin'],
    ['linus', 'member'],
  ] as const)
    await prod.grantRole({ subject, role }, ada)

  const push = (commit: string, model: ApplicationModelInput, emergency?: string): Promise<DeploymentHandle> =>
    prod.deploy(
      {
        trigger: gitPush({ commit, ref: 'main', pusher: 'ada' }),
        model,
        ...(emergency === undefined ? {} : { emergency: { reason: emergency } }),
      },
      ada,
    )
  const waiting = async (deployment: DeploymentHandle): Promise<string> => {
    for await (const progress of deployment.progress())
      if (progress.type === 'waiting-for-approval') return progress.digest
    throw new Error('it did not wait')
  }

  const first = await push('4f2a1c9', shop('checkout@sha256:01'))
  const digest = await waiting(first)
  await first.approve({ digest }, linus).catch((error: unknown) => {
    if (!isLedgerError(error, 'role-required')) throw error
  })
  await first.approve({ digest, comment: 'looks right' }, grace)
  await first.completed()

  await clock.advance(DAY)
  await prod.revokeRole({ subject: 'barbara', role: 'admin' }, ada)
  await prod.requestChange(
    { node: 'sql-instance/main', set: { 'backup.retentionDays': 14 }, reason: 'audit finding 7' },
    grace,
  )
  const second = await push('8d03be7', shop('checkout@sha256:02'))
  await second.approve({ digest: await waiting(second) }, ada)
  await second.completed()

  await clock.advance(DAY)
  const emergency = await push('c0ffee1', shop('checkout@sha256:03', 'bucket/receipts'), 'orders are lost')
  await emergency.completed()
  const reviewed = await push('c0ffee2', shop('checkout@sha256:04', 'bucket/receipts', 'bucket/logs'), 'disk is full')
  await reviewed.completed()
  await reviewed.review({ comment: 'was right' }, grace)

  await clock.advance(DAY)
  cloud.console('mallory').modify('prod-main', {
    'backup.retentionDays': 3,
    'backup.pointInTimeRecovery': false,
    deletionProtection: false,
  })
  await clock.advance(3_600_000)
  await prod.reconcile()
  const [adopted] = (await prod.drift()).adopted
  if (adopted === undefined) throw new Error('nothing was adopted')
  const { node, version } = adopted
  await prod.reviewDrift({ node, version, comment: 'restore, then back to 14' }, grace)
  cloud.console('mallory').modify('prod-main', { availability: 'zonal' })
  await clock.advance(3_600_000)
  await prod.reconcile()

  await prod.requestChange(
    {
      node: 'sql-instance/main',
      set: { tier: 'large' },
      reason: 'it is slow',
      when: { type: 'not-before', at: '2026-12-01T00:00:00Z' },
    },
    linus,
  )
  await clock.advance(40 * DAY)
  stopping.abort()
  await executor.stopped
  return { store, ledger, clock, cloud }
}
