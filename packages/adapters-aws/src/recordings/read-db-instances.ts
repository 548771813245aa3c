import { LedgerError, parseJsonText, refKey } from '@infraledger/core/adapter'
import type { ResourceObservation } from '@infraledger/core/adapter'
import type { z } from 'zod'
import { dbInstanceObservation } from '../rds/db-instance-observation.ts'
import { dbInstanceSchema } from '../rds/db-instance-schema.ts'
import { answerSchema, envelopeSchema, errorSchema } from './answer-schema.ts'
import { revive } from './placebo.ts'

/** What one recorded answer says. */
export type DbInstancesReading = {
  /** When the provider answered (its `Date` header), where the recording kept it; ISO 8601. */
  readonly observedAt?: string
  /** Whether this is all of it: false for one page of several, which tells nothing about what is missing. */
  readonly complete: boolean
  readonly observations: readonly ResourceObservation[]
}

/**
 * Reads what RDS answered to `DescribeDBInstances`: the output of `aws rds describe-db-instances`, or a placebo recording of it.
 *
 * @param options.name what a person calls the answer, a file's name; only for messages
 * @throws LedgerError `input-invalid`: not JSON, not such an answer, or an error answer of AWS, which decides nothing (DRIFT 10)
 */
export function readDbInstances(text: string, options: { name: string }): DbInstancesReading {
  const what = `RDS answer ${options.name}`
  const said = CLI_ERROR.exec(text)
  if (said !== null) throw errorAnswer(what, said[1] ?? '', said[2] ?? '')
  const answer = answerIn(parseJsonText(text, what), what)
  const observations = answer.DBInstances.map((instance, index) => {
    const parsed = dbInstanceSchema.safeParse(instance)
    if (!parsed.success) throw invalid(what, parsed.error, ['DBInstances', index])
    return dbInstanceObservation(parsed.data)
  })
  refuseTwice(observations, what)
  const observedAt = moment(answer.ResponseMetadata?.HTTPHeaders?.date)
  return {
    ...(observedAt === undefined ? {} : { observedAt }),
    complete: (answer.Marker ?? '') === '' && (answer.NextToken ?? '') === '',
    observations,
  }
}

/** What the AWS command line writes to stderr, which ends up in a file with `2>&1`. */
const CLI_ERROR = /^\s*An error occurred \(([^)]+)\) when calling the [^:\n]+: ([^\n]*)/

/** Of two things said of one instance at one moment, none can be believed. */
function refuseTwice(observations: readonly ResourceObservation[], what: string): void {
  const known = new Set<string>()
  for (const [index, { ref }] of observations.entries()) {
    const key = refKey(ref)
    if (known.has(key)) {
      const problem = `${ref.name} is there twice`
      const advice = 'give one answer for each reading, and pages as files of their own'
      throw new LedgerError('input-invalid', `${what}: ${problem}; ${advice}`, {
        what,
        issues: [{ path: `DBInstances.${index}`, problem }],
      })
    }
    known.add(key)
  }
}

function answerIn(recorded: unknown, what: string): z.infer<typeof answerSchema> {
  const envelope = envelopeSchema.safeParse(recorded)
  const body = revive(envelope.success ? envelope.data.data : recorded)
  const failed = errorSchema.safeParse(body)
  if (failed.success) throw errorAnswer(what, failed.data.Error.Code, failed.data.Error.Message)
  if (envelope.success && envelope.data.status_code >= 400)
    throw errorAnswer(what, `HTTP ${envelope.data.status_code}`, '')
  const answer = answerSchema.safeParse(body)
  if (!answer.success) throw notAnAnswer(what, body, answer.error)
  return answer.data
}

function errorAnswer(what: string, code: string, message: string): LedgerError {
  const problem = message === '' ? code : `${code}: ${message}`
  return new LedgerError(
    'input-invalid',
    `${what} is an error answer (${problem}); it says nothing about what exists: record it again`,
    {
      what,
      issues: [{ path: 'Error', problem }],
    },
  )
}

/** Says what it is instead, where that is plain. */
function notAnAnswer(what: string, body: unknown, error: z.ZodError): LedgerError {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  if (Array.isArray(body)) return refused(what, '', 'it is a list, such as --query makes')
  if (isObject && 'DBInstanceIdentifier' in body)
    return refused(what, 'DBInstances', 'it is one instance, such as --query makes')
  if (isObject && 'resources' in body && 'lineage' in body)
    return refused(what, 'DBInstances', 'it is a Terraform state, which "infraledger import terraform" reads')
  if (isObject && !('DBInstances' in body)) return refused(what, 'DBInstances', 'DBInstances is missing')
  return invalid(what, error, [])
}

function refused(what: string, path: string, problem: string): LedgerError {
  const message = `${what} is not an answer to DescribeDBInstances: ${problem}; give the whole JSON of "aws rds describe-db-instances"`
  return new LedgerError('input-invalid', message, { what, issues: [{ path, problem }] })
}

function invalid(what: string, error: z.ZodError, under: readonly (string | number)[]): LedgerError {
  const issues = error.issues.map((issue) => ({ path: [...under, ...issue.path].join('.'), problem: issue.message }))
  const first = issues[0]
  const where = first === undefined || first.path === '' ? '' : ` at ${first.path}`
  return new LedgerError(
    'input-invalid',
    `${what} is not an answer to DescribeDBInstances: ${first?.problem ?? 'unknown form'}${where}; give the whole JSON of "aws rds describe-db-instances"`,
    { what, issues },
  )
}

function moment(header: string | undefined): string | undefined {
  const at = new Date(header ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
