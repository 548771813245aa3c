import type { DriftReport, ReportedAdoption } from '@infraledger/core'
import { defineCommand, flag } from '../command.ts'
import { showActor, showChange } from '../output/lineage.ts'
import type { Look } from '../output/look.ts'
import { table } from '../output/table.ts'
import { count, plain, showMoment, showValue } from '../output/text.ts'

/** Adoptions that are listed; `--json` has more. */
const ADOPTIONS_SHOWN = 50

export const drift = defineCommand({
  name: 'drift',
  group: 'Ask',
  summary: 'What stands between the ledger and the world, as observed',
  description:
    'Reads the ledger only; "infraledger reconcile" and "infraledger import rds" observe. With --detailed-exitcode it ends with 2 while a difference stands (one that a policy ignores does not count) or a resource is missing. What was adopted is in the record already.',
  arguments: {},
  options: { detailedExitcode: flag('exit with 2 while a difference stands or a resource is missing') },
  examples: [
    ['infraledger drift', 'what differs, is missing, is unmanaged, and what was adopted of late'],
    [
      'infraledger drift --detailed-exitcode --json > drift.json',
      'for a nightly job: 0 nothing stands, 2 something does',
    ],
  ],
  async run(_, session) {
    const environment = await session.environment()
    const value = await environment.drift()
    const stands =
      value.missing.length > 0 ||
      value.extraGrants.length > 0 ||
      value.open.some(({ decision }) => decision !== 'ignored')
    return {
      type: 'document',
      value,
      text: (look) => driftText(value, look),
      outcome: stands ? 'different' : undefined,
    }
  },
})

function driftText(report: DriftReport, look: Look): string {
  const { environment, lastScan, neverObserved } = report
  const seen =
    lastScan === undefined
      ? 'never observed'
      : `last observed ${showMoment(lastScan.startedAt)}: ${count(lastScan.counts.resources, 'resource')}${lastScan.unseenCount === 0 ? '' : `, ${lastScan.unseenCount} could not be seen`}`
  const sections = [
    openSection(report, look),
    missingSection(report, look),
    extraGrantsSection(report, look),
    unmanagedSection(report, look),
    inFlightSection(report, look),
    adoptedSection(report, look),
  ].filter((section) => section !== '')
  return [
    `${look.paint('bold', plain(environment))}, ${seen}`,
    ...(sections.length === 0 && lastScan !== undefined ? ['No drift.'] : sections.map((section) => `\n${section}`)),
    ...(neverObserved.length === 0
      ? []
      : [
          `\n${count(neverObserved.length, 'node was', 'nodes were')} never observed: ${neverObserved.slice(0, 5).map(plain).join(', ')}${neverObserved.length > 5 ? ', …' : ''}`,
        ]),
  ].join('\n')
}

function openSection({ open }: DriftReport, look: Look): string {
  if (open.length === 0) return ''
  const rows = open.map(({ node, property, recorded, observed, decision, decidedBy, since }) => [
    node,
    property,
    showChange(showValue(recorded), showValue(observed)),
    decision,
    decidedBy,
    showMoment(since),
  ])
  const columns = [
    { heading: 'NODE', style: 'bold', narrow: 'keep' },
    { heading: 'PROPERTY', narrow: 'keep' },
    { heading: 'RECORDED → OBSERVED' },
    { heading: 'DECISION' },
    { heading: 'DECIDED BY' },
    { heading: 'SINCE', narrow: 'moment' },
  ] as const
  return section('Differences that stand', table(columns, rows, look), look)
}

function missingSection({ missing }: DriftReport, look: Look): string {
  if (missing.length === 0) return ''
  const rows = missing.map(({ node, since, lastObserved }) => [node, showMoment(since), showMoment(lastObserved)])
  return section(
    'Missing at the provider',
    table(
      [
        { heading: 'NODE', style: 'bold', narrow: 'keep' },
        { heading: 'SINCE', narrow: 'moment' },
        { heading: 'LAST OBSERVED', narrow: 'moment' },
      ],
      rows,
      look,
    ),
    look,
  )
}

function extraGrantsSection({ extraGrants }: DriftReport, look: Look): string {
  if (extraGrants.length === 0) return ''
  const rows = extraGrants.map(({ node, name, operations, since, attribution }) => [
    name,
    showValue(operations),
    showMoment(since),
    author({ attribution }),
    node,
  ])
  const columns = [
    { heading: 'NAME', style: 'bold', narrow: 'keep' },
    { heading: 'OPERATIONS' },
    { heading: 'SINCE', narrow: 'moment' },
    { heading: 'MADE BY' },
    { heading: 'NODE', narrow: 'keep' },
  ] as const
  return section('Grants that follow from no use, and that the next plan removes', table(columns, rows, look), look)
}

function unmanagedSection({ unmanaged }: DriftReport, look: Look): string {
  if (unmanaged.length === 0) return ''
  const rows = unmanaged.map(({ ref, kind, since }) => [
    ref.name,
    kind,
    [ref.provider, ref.account, ref.region].filter((part) => part !== undefined).join(' '),
    showMoment(since),
  ])
  return section(
    'There, and known to no node',
    table(
      [
        { heading: 'NAME', style: 'bold', narrow: 'keep' },
        { heading: 'KIND' },
        { heading: 'WHERE' },
        { heading: 'SINCE', narrow: 'moment' },
      ],
      rows,
      look,
    ),
    look,
  )
}

function inFlightSection({ inFlight }: DriftReport, look: Look): string {
  if (inFlight.length === 0) return ''
  const rows = inFlight.map(({ node, property, value, deployment, until }) => [
    node,
    property,
    showValue(value),
    deployment,
    showMoment(until),
  ])
  return section(
    'Accepted by the provider and put off',
    table(
      [
        { heading: 'NODE', style: 'bold', narrow: 'keep' },
        { heading: 'PROPERTY', narrow: 'keep' },
        { heading: 'VALUE' },
        { heading: 'DEPLOYMENT', narrow: 'keep' },
        { heading: 'UNTIL', narrow: 'moment' },
      ],
      rows,
      look,
    ),
    look,
  )
}

function adoptedSection({ adopted }: DriftReport, look: Look): string {
  if (adopted.length === 0) return ''
  const rows = adopted
    .slice(0, ADOPTIONS_SHOWN)
    .map((adoption) => [
      adoption.node,
      adoption.property,
      showChange(showValue(adoption.recorded), showValue(adoption.observed)),
      showMoment(adoption.observedAt),
      author(adoption),
      String(adoption.version),
      adoption.reviews.length === 0 ? '-' : adoption.reviews.map(({ by }) => showActor(by)).join(', '),
    ])
  const columns = [
    { heading: 'NODE', style: 'bold', narrow: 'keep' },
    { heading: 'PROPERTY', narrow: 'keep' },
    { heading: 'WAS → IS' },
    { heading: 'OBSERVED', narrow: 'moment' },
    { heading: 'CHANGED BY' },
    { heading: 'VERSION', alignRight: true },
    { heading: 'REVIEWED BY' },
  ] as const
  const more =
    adopted.length > ADOPTIONS_SHOWN ? `\nand ${adopted.length - ADOPTIONS_SHOWN} more; --json has them all` : ''
  return section('Adopted of late', `${table(columns, rows, look)}${more}`, look)
}

function author({ attribution }: Pick<ReportedAdoption, 'attribution'>): string {
  if (attribution === undefined || attribution.principal === 'unknown') return 'unknown'
  return `${attribution.principal.type} ${attribution.principal.id}`
}

function section(heading: string, body: string, look: Look): string {
  return `${look.paint('bold', heading)}\n${body}`
}
