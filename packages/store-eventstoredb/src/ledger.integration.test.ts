import { gitPush, inMemoryEventStore, openLedger, restoreLedger, user } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

const ada = { actor: user('ada') }

it('LEDGER 3: a ledger deploys on it, is opened from its snapshot by another process, and its chain holds', async () => {
  const server = await testServer()
  const clock = virtualClock({ start: '2026-03-02T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock })
  const open = () =>
    openLedger({ store: openStore(server), clouds: [cloud.provider], clock, snapshots: { everyEvents: 5 } })
  const ledger = open()
  const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
  ledger.runDeployments()
  const model = { services: [], needs: ['sql-database/orders'] } as const
  await (await prod.deploy({ trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }), model }, ada)).completed()
  await ledger.close()
  expect(server.log.records.some(({ type }) => type === 'SnapshotSaved')).toBe(true)

  const again = open()
  await again
    .environment('prod')
    .requestChange({ node: 'sql-instance/main', set: { 'backup.retentionDays': 14 }, reason: 'audit' }, ada)
  expect((await again.environment('prod').graph()).node('sql-instance/main')).toBeDefined()
  const verified = await again.verify()
  expect(verified.intact).toBe(true)

  const copy = inMemoryEventStore()
  await restoreLedger(again.export(), copy)
  expect((await openLedger({ store: copy }).verify()).intact).toBe(true)
  const back = openStore(server, { streamPrefix: 'restored-' })
  await restoreLedger(openLedger({ store: copy }).export(), back)
  expect((await openLedger({ store: back }).verify()).intact).toBe(true)
  await again.close()
})
