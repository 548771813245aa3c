import { LedgerError, parseJsonText } from '@infraledger/core/adapter'
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
  const answer = answerIn(parseJsonText(text, what), what)
  const observations = answer.DBInstances.map((instance, index) => {
    const parsed = dbInstanceSchema.safeParse(instance)
    if (!parsed.success) throw invalid(what, parsed.error, ['DBInstances', index])
    return dbInstanceObservation(parsed.data)
  })
  const observedAt = moment(answer.ResponseMetadata?.HTTPHeaders?.date)
  return {
    ...(observedAt === undefined ? {} : { observedAt }),
    complete: (answer.Marker ?? '') === '' && (answer.NextToken ?? '') === '',
    observations,
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
  if (!answer.success) throw invalid(what, answer.error, [])
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

function invalid(what: string, error: z.ZodError, under: readonly (string | number)[]): LedgerError {
  const issues = error.issues.map((issue) => ({ path: [...under, ...issue.path].join('.'), problem: issue.message }))
  const first = issues[0]
  const where = first === undefined || first.path === '' ? '' : ` at ${first.path}`
  return new LedgerError(
    'input-invalid',
    `${what} is not an answer to DescribeDBInstances: ${first?.problem ?? 'unknown form'}${where}; give the JSON of "aws rds describe-db-instances"`,
    { what, issues },
  )
}

function moment(header: string | undefined): string | undefined {
  const at = new Date(header ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
