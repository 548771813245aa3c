import { user } from '../access/actor.ts'
import { expect, test } from 'vitest'
import { reportCsv } from '../audit/period-report/csv.ts'
import { reportHtml } from '../audit/period-report/html.ts'
import { reportJson } from '../audit/period-report/json-lines.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { collected } from './export.fixture.ts'
import { ada, grace, planThatWaits, shop, world } from './ledger.fixture.ts'
import { openLedger } from './open-ledger.ts'
import type { Ledger } from './open-ledger.ts'
import { refusal, storeOf } from './written-ledger.fixture.ts'

const linus = { actor: user('linus') }
const REASON = '=HYPERLINK("x") wanted by OPS-12, says <b>grace</b>'
const ALWAYS = { from: new Date('2020-01-01'), to: new Date('2030-01-01') }

/** A shop whose backups were made longer by a request, approved by linus, and whose instance mallory made larger at the console. */
async function storied() {
  const set = await world({ approvals: 1 })
  const { prod, cloud, store, ledger } = set
  await prod.grantRole({ subject: 'linus', role: 'admin' }, ada)
  const push = async (commit: string, ref: string): Promise<void> => {
    const deployment = await prod.deploy({ trigger: { type: 'git-push', commit, ref, pusher: 'ada' }, model: shop })
    const digest = await planThatWaits(deployment)
    await deployment.approve({ digest, comment: 'looks right' }, linus)
    await deployment.completed()
  }
  await push('c1', 'main')
  await prod.requestChange(
    { node: 'sql-instance/main', set: { 'backup.retentionDays': 14 }, reason: REASON },
    { ...grace, correlationId: 'REQ-7' },
  )
  await push('c2', 'feature/SHOP-3-longer')
  cloud.console('mallory').modify('prod-main', { tier: 'large' })
  await prod.reconcile()
  cloud.console('mallory').modify('prod-main', { 'backup.window': '05:00-06:00' })
  await prod.reconcile()
  const [, first] = (await prod.drift()).adopted
  await prod.reviewDrift({ node: 'sql-instance/main', version: first?.version ?? 0, comment: 'for the sale' }, linus)
  return { ledger, store, prod, events: await collected(store.readAll()) }
}

async function text(lines: AsyncIterable<string>): Promise<string> {
  return (await collected(lines)).join('')
}

/** A ledger on events as they lie in a store. */
function ledgerOf(events: readonly RecordedEvent[]): Ledger {
  const store = storeOf(events)
  return openLedger({
    store: {
      ...store,
      async *readAll(options = {}) {
        for await (const event of store.readAll(options)) if (options.types?.includes(event.type) !== false) yield event
      },
    },
  })
}

test('AUDIT 17: a report tells of each change commit, tickets, who triggered, asked and approved, and of the ledger that it was verified', async () => {
  const { ledger, events } = await storied()
  const report = await ledger.report(ALWAYS)
  expect(report.integrity).toMatchObject({ intact: true, events: events.length })
  const changes = await collected(report.changes())
  const changed = changes.filter(({ subject, set }) => subject === 'sql-instance/main' && 'backup.retentionDays' in set)
  expect(changed.at(-1)).toMatchObject({
    record: 'change',
    environment: 'prod',
    what: 'changed',
    actor: { type: 'system' },
    cause: { type: 'deployment' },
    deployment: {
      commit: 'c2',
      trigger: { ref: 'feature/SHOP-3-longer' },
      triggeredBy: { id: 'ada' },
      approvals: [{ by: { id: 'linus' }, comment: 'looks right' }],
    },
    requests: [{ requester: { id: 'grace' }, reason: REASON }],
    tickets: ['SHOP-3', 'REQ-7', 'OPS-12'],
  })
  expect(changed[0]).toMatchObject({ what: 'created', deployment: { commit: 'c1' }, requests: [], tickets: [] })
  const graph = new Set(['NodeVersionRecorded', 'NodeRetired', 'EdgeVersionRecorded', 'EdgeRetired', 'NodeManaged'])
  expect(changes.map(({ event }) => event.id)).toEqual(events.filter(({ type }) => graph.has(type)).map(({ id }) => id))
})

test('AUDIT 17: a report tells of each adopted drift who changed it and who reviewed it, also later, and of each scan what it could not see', async () => {
  const { ledger, events } = await storied()
  const report = await ledger.report(ALWAYS)
  expect(await collected(report.adoptedDrift())).toMatchObject([
    {
      node: 'sql-instance/main',
      property: 'tier',
      recorded: 'small',
      observed: 'large',
      changedBy: { type: 'user', id: 'mallory' },
      reviews: [{ by: { id: 'linus' }, comment: 'for the sale' }],
    },
    { property: 'backup.window', reviews: [] },
  ])
  const scans = await collected(report.scans())
  expect(scans).toHaveLength(events.filter(({ type }) => type === 'ObservationCompleted').length)
  expect(scans.at(-1)).toMatchObject({ scope: { type: 'targets' }, counts: { adopted: 1 }, unseenCount: 0 })
})

test('AUDIT 17: a change belongs to the period in which it was recorded, and an environment that is none is refused', async () => {
  const { ledger, events } = await storied()
  const times = [...new Set(events.map(({ recordedAt }) => recordedAt))].toSorted()
  const middle = new Date(times[Math.floor(times.length / 2)] ?? '')
  const ids = async (from: Date, to: Date): Promise<string[]> =>
    (await collected((await ledger.report({ from, to })).changes())).map(({ event }) => event.id)
  const [before, after] = [await ids(ALWAYS.from, middle), await ids(middle, ALWAYS.to)]
  expect([...before, ...after]).toEqual(await ids(ALWAYS.from, ALWAYS.to))
  expect(Math.min(before.length, after.length)).toBeGreaterThan(0)
  expect(await collected((await ledger.report({ ...ALWAYS, environments: ['prod'] })).changes())).not.toEqual([])
  expect(await refusal(ledger.report({ ...ALWAYS, environments: ['prdo'] }))).toBe('environment-not-found')
  expect(await refusal(ledger.report({ from: middle, to: middle }))).toBe('input-invalid')
  expect(await refusal(ledger.report({ ...ALWAYS, tickets: '(' }))).toBe('input-invalid')
})

test('AUDIT 17: nothing is told of what lies behind an event that does not fit, and the report says so', async () => {
  const { events } = await storied()
  const broken = events.findIndex(({ type }) => type === 'DriftDetected')
  const ledger = ledgerOf(
    events.map((event, at) => (at === broken ? { ...event, data: event.data.replace('large', 'small') } : event)),
  )
  const report = await ledger.report(ALWAYS)
  const changes = await collected(report.changes())
  expect(changes.length).toBeGreaterThan(0)
  expect(changes.every(({ event }) => event.position < (events[broken]?.position ?? 0n))).toBe(true)
  expect(await collected(report.adoptedDrift())).toEqual([])
  expect(await text(reportHtml(report))).toContain('THE LEDGER IS NOT INTACT.')
  expect(await text(reportCsv(report))).toContain('THE LEDGER IS NOT INTACT.')
})

test('AUDIT 19: as CSV it is one table of RFC 4180, in which nothing is a formula', async () => {
  const { ledger } = await storied()
  const csv = await text(reportCsv(await ledger.report(ALWAYS)))
  const rows = parsedCsv(csv)
  expect(new Set(rows.map(({ length }) => length)).size).toBe(1)
  expect(new Set(rows.map(([record]) => record))).toEqual(
    new Set(['record', 'report', 'integrity', 'change', 'adopted-drift', 'scan', 'end']),
  )
  const reason = (rows[0] ?? []).indexOf('reasons')
  expect(rows.map((row) => row[reason])).toContain(`'${REASON}`)
  for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
})

test('AUDIT 19: as HTML it is one file that needs no other, runs nothing, and shows what was written as text', async () => {
  const { ledger } = await storied()
  const html = await text(reportHtml(await ledger.report({ ...ALWAYS, checkpoint: await ledger.checkpoint() })))
  expect(html).toContain('says &lt;b&gt;grace&lt;/b&gt;')
  expect(html).toContain('It holds against the checkpoint of memory')
  expect(html).not.toMatch(/<script|<b>|<link|<img|https?:|url\(|@import/i)
  expect(html).toContain(`<html lang="en">`)
  for (const [open, close] of [
    ['<tr>', '</tr>'],
    ['<table ', '</table>'],
    ['<section ', '</section>'],
    ['<th ', '</th>'],
  ] as const)
    expect(html.split(open).length).toBe(html.split(close).length)
  expect(html).toContain('<td>NOBODY</td>')
})

test('AUDIT 19: as JSON it is a line for the whole, one for each row, and one that tells how many there were', async () => {
  const { ledger } = await storied()
  const report = await ledger.report(ALWAYS)
  const lines = (await text(reportJson(report)))
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))
  expect(lines[0]).toMatchObject({ record: 'report', integrity: { intact: true } })
  expect(lines.at(-1)).toEqual({ record: 'end', rows: lines.length - 2 })
})

/** The rows of a CSV text whose cells are all in quotes. */
function parsedCsv(csv: string): string[][] {
  const rows: string[][] = [[]]
  let read = 0
  for (const [whole, cell = '', end] of csv.matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)) {
    rows.at(-1)?.push(cell.replaceAll('""', '"'))
    if (end !== ',') rows.push([])
    read += whole.length
  }
  expect(read).toBe(csv.length)
  return rows.slice(0, -1)
}
