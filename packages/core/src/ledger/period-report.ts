import { CHANGE_TYPES, changeRow } from '../audit/period-report/change-row.ts'
import { driftRows, noFindings, takeFinding } from '../audit/period-report/drift-rows.ts'
import type { DriftFindings } from '../audit/period-report/drift-rows.ts'
import { EVIDENCE_TYPES, noEvidence, takeEvidence } from '../audit/period-report/evidence.ts'
import type { Evidence } from '../audit/period-report/evidence.ts'
import type { PeriodReport } from '../audit/period-report/period-report.ts'
import type { RowSource } from '../audit/period-report/rows.ts'
import { scanRow } from '../audit/period-report/scan-row.ts'
import { TICKET_PATTERN, ticketFinder } from '../audit/period-report/tickets.ts'
import type { IntegrityReport } from '../audit/verify.ts'
import type { EventType, LedgerEvent } from '../environment/catalogue.ts'
import { decodeEvent, isKnown } from '../event-store/codec.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { closest } from '../graph/closest.ts'
import { didYouMean } from '../graph/kind-catalogue.ts'
import { LedgerError } from '../ledger-error.ts'
import { environmentOfStream } from '../event-store/stream-names.ts'
import { verifyLedger } from './verify-ledger.ts'
import type { VerifyOptions } from './verify-ledger.ts'

/** What a report is made of. */
export type ReportOptions = Omit<VerifyOptions, 'sinceCheckpoint'> & {
  /** What was recorded from here on, inclusive. */
  readonly from: Date
  /** What was recorded before this moment. */
  readonly to: Date
  /** Default: all. */
  readonly environments?: readonly string[]
  /** How tickets read, as a regular expression; default `[A-Z][A-Z0-9]+-\d+`. */
  readonly tickets?: string
}

const ENVIRONMENT = 'environment-'

/** What is read for one section: from which events, and what becomes of each. */
type Section<Row> = {
  readonly types: readonly EventType[]
  readonly rows: (event: LedgerEvent, source: RowSource) => readonly Row[]
  /** Told every event of these types, also from before the period. */
  readonly before?: (environment: string, event: LedgerEvent) => void
}

/**
 * Verifies the whole ledger, then tells of a period what was verified. Throws `input-invalid` for a period that is none or a pattern that is
 * no regular expression, and what verifying throws.
 */
export async function reportPeriod(store: EventStore, madeAt: Date, options: ReportOptions): Promise<PeriodReport> {
  const { environments, tickets = TICKET_PATTERN } = options
  const [from, to] = periodOf(options)
  const ticketsIn = ticketFinder(tickets)
  const wanted = environments === undefined ? undefined : new Set(environments)
  const isMeant = (environment: string): boolean => wanted?.has(environment) !== false
  const findings = noFindings()
  let unknownEvents = 0
  const integrity = await verifyLedger(store, options, (recorded) => {
    if (recorded.recordedAt < from || !isMeant(environmentOfStream(recorded.stream))) return
    unknownEvents += takeLater(findings, recorded, to)
  })

  checkNames(environments ?? [], integrity)
  const read = <Row>(section: () => Section<Row>): AsyncIterable<Row> => ({
    [Symbol.asyncIterator]: () => rowsOf(store, integrity.lastPosition, { from, to, isMeant }, section()),
  })
  return {
    from,
    to,
    madeAt: madeAt.toISOString(),
    environments,
    tickets,
    integrity,
    unknownEvents,
    changes: () => read(() => changes(ticketsIn)),
    adoptedDrift: () =>
      read(() => ({ types: ['DriftDetected'], rows: (event, source) => driftRows(event, source, findings) })),
    scans: () =>
      read(() => ({ types: ['ObservationCompleted'], rows: (event, source) => listOf(scanRow(event, source)) })),
  }
}

function changes(ticketsIn: ReturnType<typeof ticketFinder>): Section<NonNullable<ReturnType<typeof changeRow>>> {
  const known = new Map<string, Evidence>()
  const evidenceOf = (environment: string): Evidence => {
    const evidence = known.get(environment) ?? noEvidence()
    known.set(environment, evidence)
    return evidence
  }
  return {
    types: [...EVIDENCE_TYPES, ...CHANGE_TYPES],
    before: (environment, event) => takeEvidence(evidenceOf(environment), event),
    rows: (event, source) => listOf(changeRow(event, source, evidenceOf(source.environment), ticketsIn)),
  }
}

type Period = { readonly from: string; readonly to: string; readonly isMeant: (environment: string) => boolean }

async function* rowsOf<Row>(
  store: EventStore,
  upTo: bigint,
  { from, to, isMeant }: Period,
  { types, rows, before }: Section<Row>,
): AsyncGenerator<Row, void> {
  for await (const recorded of store.readAll({ types })) {
    if (recorded.position > upTo) return
    const environment = environmentOfStream(recorded.stream)
    if (!isMeant(environment)) continue
    const { event, known } = decodeEvent(recorded)
    if (!known) continue
    before?.(environment, event)
    if (recorded.recordedAt >= from && recorded.recordedAt < to)
      yield* rows(event, sourceOf(environment, recorded, event))
  }
}

/** What is said about drift once it was adopted, at whatever time; answers 1 for an event of the period that this version does not know. */
function takeLater(findings: DriftFindings, recorded: RecordedEvent, to: string): number {
  if (recorded.type !== 'DriftAttributed' && recorded.type !== 'DriftReviewed')
    return recorded.recordedAt < to && !isKnown(recorded) ? 1 : 0
  const { event, known } = decodeEvent(recorded)
  if (known) takeFinding(findings, environmentOfStream(recorded.stream), event)
  return known || recorded.recordedAt >= to ? 0 : 1
}

function sourceOf(
  environment: string,
  { id, stream, revision, position, recordedAt }: RecordedEvent,
  { metadata }: LedgerEvent,
): RowSource {
  const { actor, effectiveAt } = metadata
  const world = effectiveAt === undefined ? {} : { effectiveAt }
  return { environment, at: recordedAt, ...world, actor, event: { id, stream, revision, position } }
}

function listOf<Row>(row: Row | undefined): readonly Row[] {
  return row === undefined ? [] : [row]
}

/** A mistyped name would make a report in which nothing happened. */
function checkNames(names: readonly string[], { heads }: IntegrityReport): void {
  const known = [...heads.keys()].filter((stream) => stream.startsWith(ENVIRONMENT)).map(environmentOfStream)
  const environment = names.find((name) => !known.includes(name))
  if (environment === undefined) return
  const near = closest(environment, known)
  const message = `there is no environment "${environment}" to report of${didYouMean(near)}`
  throw new LedgerError('environment-not-found', message, { environment, closest: near })
}

/** Texts of one form, which sort as the moments do. */
function periodOf({ from, to }: ReportOptions): readonly [from: string, to: string] {
  const isPeriod = Number.isFinite(from.getTime()) && Number.isFinite(to.getTime()) && from < to
  if (isPeriod) return [from.toISOString(), to.toISOString()]
  const problem = 'must be a moment after "from"'
  throw new LedgerError('input-invalid', `the period of the report is none: "to" ${problem}.`, {
    what: 'report',
    issues: [{ path: 'to', problem }],
  })
}
