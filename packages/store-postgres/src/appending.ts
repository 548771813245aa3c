import { decideAppend, isLedgerError } from '@infraledger/core/adapter'
import type { AppendRequest, AppendResult, EventToAppend, LedgerError } from '@infraledger/core/adapter'
import type { Row, Statement } from './connection.ts'

/** What became of one append of a group. */
export type AppendOutcome = { readonly result: AppendResult } | { readonly refusal: LedgerError }

/** The statement that appends a group, and how to read its answer. */
export type Appending = {
  /** `careful`: looks for ids that are there already, where the table has refused one. */
  statement(group: readonly AppendRequest[], options: { careful: boolean; lockTimeoutMs: number }): Statement
  outcomes(group: readonly AppendRequest[], rows: readonly Row[]): AppendOutcome[]
}

/** In the order in which the append functions take them. */
const EVENT_FIELDS = [
  'id',
  'type',
  'schemaVersion',
  'data',
  'metadata',
  'recordedAt',
  'previousHash',
  'hash',
] as const satisfies readonly (keyof EventToAppend)[]

/** Appending to the tables of a schema, which is given quoted. */
export function appending(schema: string): Appending {
  const ofEvent = `select ${schema}.append_event($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
  const ofGroup = `select ${schema}.append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`
  return {
    statement(group, { careful, lockTimeoutMs }) {
      const lockTimeout = `${Math.ceil(lockTimeoutMs)}ms`
      const values = careful ? undefined : eventParameters(group)
      return values === undefined
        ? { name: `append to ${schema}`, text: ofGroup, values: [careful, lockTimeout, ...parameters(group)] }
        : { name: `append one to ${schema}`, text: ofEvent, values: [lockTimeout, ...values] }
    },
    outcomes(group, rows) {
      const answer = rows[0]?.[0]
      if (typeof answer !== 'string') throw new Error('The append function has not answered')
      return answer.startsWith('[') ? decided(group, answer) : allAppended(group, BigInt(answer))
    },
  }
}

/** The group's one event and its place, where it is one append of one event. */
function eventParameters([request, ...others]: readonly AppendRequest[]): unknown[] | undefined {
  if (request === undefined || others.length > 0) return undefined
  const [event, ...rest] = request.events
  if (event === undefined || rest.length > 0) return undefined
  return [request.stream, firstRevision(request) - 1, ...EVENT_FIELDS.map((field) => event[field])]
}

/** The group as arrays, one element for each append and then one for each event. */
function parameters(group: readonly AppendRequest[]): unknown[] {
  const appends: [string[], number[], number[]] = [[], [], []]
  const places: [string[], number[]] = [[], []]
  const fields: (string | number)[][] = EVENT_FIELDS.map(() => [])
  for (const request of group) {
    const { stream, events } = request
    const first = firstRevision(request)
    appends[0].push(stream)
    appends[1].push(first - 1)
    appends[2].push(events.length)
    for (const [index, event] of events.entries()) {
      places[0].push(stream)
      places[1].push(first + index)
      for (const [at, field] of EVENT_FIELDS.entries()) fields[at]?.push(event[field])
    }
  }
  return [...appends, ...places, ...fields]
}

const firstRevision = ({ expected }: AppendRequest): number => (expected === 'none' ? 0 : expected + 1)

function allAppended(group: readonly AppendRequest[], base: bigint): AppendOutcome[] {
  let position = base
  return group.map((request) => {
    position += BigInt(request.events.length)
    return { result: resultOf(request, position) }
  })
}

function resultOf(request: AppendRequest, lastPosition: bigint): AppendResult {
  const first = firstRevision(request)
  return { firstRevision: first, lastRevision: first + request.events.length - 1, lastPosition }
}

/** What the append function says of each append of a group that was not appended whole. */
type Told =
  | { readonly last: string }
  | { readonly actual: number; readonly existing: readonly (readonly [string, number, string, string])[] | null }

function decided(group: readonly AppendRequest[], outcomes: string): AppendOutcome[] {
  // Our own function made this text.
  const told = JSON.parse(outcomes) as readonly Told[]
  return group.map((request, index) => {
    const answer = told[index]
    if (answer === undefined) throw new Error('The append function has not answered for each append')
    return 'last' in answer ? { result: resultOf(request, BigInt(answer.last)) } : notAppended(request, answer)
  })
}

/** An append that was not written is a repetition, whose first answer is given again, or is refused. */
function notAppended(request: AppendRequest, told: Extract<Told, { actual: number }>): AppendOutcome {
  const existing = (told.existing ?? []).map(([id, revision, position, hash]) => ({
    id,
    revision,
    position: BigInt(position),
    hash,
  }))
  try {
    const decision = decideAppend(request, { actual: told.actual < 0 ? 'none' : told.actual, existing })
    if (decision.type === 'duplicate') return { result: decision.result }
  } catch (error) {
    if (isLedgerError(error)) return { refusal: error }
    throw error
  }
  throw new Error('The append function has not appended what it should have')
}
