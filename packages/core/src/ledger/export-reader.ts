import type { z } from 'zod'
import { verifier } from '../audit/verify.ts'
import type { IntegrityReport, Verifier } from '../audit/verify.ts'
import type { RecordedEvent } from '../event-store/envelope.ts'
import { recordedEventSchema } from '../event-store/event-schema.ts'
import { invalidInput } from '../invalid-input.ts'
import { locateJsonError } from '../json-error-location.ts'
import { LedgerError } from '../ledger-error.ts'
import { EXPORT_VERSION, exportEndSchema, exportHeaderSchema } from './export-format.ts'
import type { ExportEnd, ExportHeader } from './export-format.ts'

/** What an export was found to hold. */
export type ExportContent = {
  /** ISO 8601. */
  readonly exportedAt: string
  readonly events: number
  /** Last revision and hash of each stream: compare them with ones kept elsewhere. */
  readonly heads: IntegrityReport['heads']
}

/** Takes the lines of an export one by one, and holds each against what stands before it. */
export interface ExportReader {
  /**
   * The event of the next line, checked; undefined for the first, the last and empty lines. Throws `input-invalid` for what is no line of an
   * export, `ledger-not-intact` for an event that was edited, removed, reordered or inserted; both name the line.
   */
  read(text: string): RecordedEvent | undefined
  /** After all lines: what was there. Throws `input-invalid` where the last line is missing. */
  finish(): ExportContent
}

/** Starts to read an export. */
export function exportReader(): ExportReader {
  let line = 0
  let opened: { readonly header: ExportHeader; readonly chain: Verifier } | undefined
  let ended = false

  return {
    read(text) {
      line++
      if (text.trim() === '') return undefined
      if (ended) throw invalidLine(line, 'stands behind the last line of the export')
      const value = parsedLine(text, line)
      if (opened === undefined) {
        const header = readHeader(value, line)
        opened = { header, chain: verifier({ positions: header.positions }) }
        return undefined
      }
      if (typeof value === 'object' && value !== null && 'end' in value) {
        checkEnd(shaped(exportEndSchema, value, line), opened.chain.report(), line)
        ended = true
        return undefined
      }
      const event = shaped(recordedEventSchema, value, line)
      const problem = opened.chain.check(event)
      if (problem !== undefined) throw notIntact(event, problem.problem, line)
      return event
    },
    finish() {
      if (opened === undefined || !ended) throw cutOff(line, opened?.chain.report().events ?? 0)
      const { events, heads } = opened.chain.report()
      return { exportedAt: opened.header.exportedAt, events, heads }
    },
  }
}

function parsedLine(text: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The cause is left out on purpose: its message quotes the text.
    const { column, problem } = locateJsonError(text)
    throw invalidLine(line, `is not JSON: ${problem} (column ${column})`)
  }
}

function readHeader(value: unknown, line: number): ExportHeader {
  const header = shaped(exportHeaderSchema, value, line)
  if (header.version > EXPORT_VERSION) {
    const problem = `says version ${header.version} of the export's form, and this library reads ${EXPORT_VERSION}: update it`
    throw invalidLine(line, problem)
  }
  return header
}

/** The last line must say what was there: a file whose last events were taken out still has one. */
function checkEnd({ events, heads }: ExportEnd, found: IntegrityReport, line: number): void {
  for (const stream of new Set([...Object.keys(heads), ...found.heads.keys()])) {
    const [said, is] = [Object.hasOwn(heads, stream) ? heads[stream] : undefined, found.heads.get(stream)]
    if (said?.revision === is?.revision && said?.hash === is?.hash) continue
    const problem = `should end at revision ${said?.revision ?? 'none'} by the export's last line, but ends at ${is?.revision ?? 'none'}, or with another hash`
    throw notIntact({ stream, revision: said?.revision ?? is?.revision ?? 0 }, problem, line)
  }
  if (events !== found.events) throw invalidLine(line, `counts ${events} events, but there are ${found.events}`)
}

function shaped<Value>(schema: z.ZodType<Value>, value: unknown, line: number): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const rejection = invalidInput(`line ${line} of the export`, parsed.error)
  throw new LedgerError(rejection.code, rejection.message, rejection.details)
}

function invalidLine(line: number, problem: string): LedgerError<'input-invalid'> {
  const issues = [{ path: `line ${line}`, problem }]
  return new LedgerError('input-invalid', `line ${line} of the export ${problem}`, { what: 'ledger export', issues })
}

function cutOff(line: number, events: number): LedgerError<'input-invalid'> {
  const problem = line === 0 ? 'it is empty' : `it was cut off behind line ${line}, after ${events} events`
  return new LedgerError('input-invalid', `the export is not whole: ${problem}. Get the whole file and try again.`, {
    what: 'ledger export',
    issues: [{ path: `line ${line + 1}`, problem: 'is missing: an export ends with a line that says so' }],
  })
}

function notIntact(
  { stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>,
  problem: string,
  line: number,
): LedgerError<'ledger-not-intact'> {
  const message = `the export is not intact: on line ${line}, revision ${revision} of ${stream} ${problem}. Nothing of it, or behind it, was taken.`
  return new LedgerError('ledger-not-intact', message, { stream, revision, problem, line })
}
