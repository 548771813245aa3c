import { randomInt } from 'node:crypto'
import type { Actor } from '../access/actor.ts'
import type { Clock } from '../clock.ts'
import { encodeEvents } from '../event-store/codec.ts'
import type { EventStore } from '../event-store/event-store.ts'
import type { EventToAppend } from '../event-store/envelope.ts'
import { fittingCount } from '../event-store/partition.ts'
import type { LedgerEvent } from '../environment/catalogue.ts'
import { decide } from '../environment/decide.ts'
import type { Command } from '../environment/decide.ts'
import type { CommandContext } from '../environment/decision.ts'
import { subjectOf } from '../environment/roles.ts'
import { stampEvents } from '../environment/stamp.ts'
import { isLedgerError, LedgerError, rejectionError } from '../ledger-error.ts'
import { admit } from './admission.ts'
import type { Gatekeepers } from './admission.ts'
import type { EnvironmentStream } from './environment-stream.ts'
import { noteRefusal } from './refusals.ts'
import type { Refusal } from './refusals.ts'

/** Times that a command is decided again after another writer was faster. */
const ATTEMPTS = 12
const BACKOFF_MS = 5

/** Who acts, and what the command belongs to. */
export type Execution = {
  readonly actor: Actor
  readonly correlationId?: string
  readonly causationId?: string
  /** The trace in which the command runs (W3C Trace Context). */
  readonly traceId?: string
  readonly spanId?: string
}

export type Execute = (command: Command, execution: Execution) => Promise<readonly LedgerEvent[]>

/** What executing needs of the ledger. */
export type ExecuteOptions = Gatekeepers & {
  readonly store: EventStore
  readonly clock: Clock
  readonly newId: () => string
  readonly context: (actor: Actor, now: string) => CommandContext
}

/**
 * Executes commands on one environment, one after the other: read what came since, authorise, decide, append at exactly the revision that was
 * decided on, and decide again when another process was faster. Throws the refusal as `LedgerError`, or the store's error.
 */
export function executor(stream: EnvironmentStream, environment: string, options: ExecuteOptions): Execute {
  let queue: Promise<unknown> = Promise.resolve()
  return (command, execution) => {
    const result = queue.then(() => executeOnce(stream, environment, options, command, execution))
    queue = result.catch(() => undefined)
    return result
  }
}

async function executeOnce(
  stream: EnvironmentStream,
  environment: string,
  options: ExecuteOptions,
  command: Command,
  execution: Execution,
): Promise<readonly LedgerEvent[]> {
  const written: LedgerEvent[] = []
  const refuse = async (by: Refusal['by'], error: LedgerError): Promise<never> => {
    const refusal = { environment, command, actor: execution.actor, code: error.code, by, correlationId }
    await noteRefusal(stream.state, refusal, options)
    throw error
  }
  const correlationId = execution.correlationId ?? options.newId()
  for (let attempt = 1; ; attempt++) {
    await stream.catchUp()
    refuseUnknown(stream, environment)
    const now = laterOf(options.clock.now().toISOString(), stream.head.recordedAt)
    const { revision } = stream.head
    const admission = await admit(stream.state, command, execution.actor, now, options)
    // What was allowed on one state is not decided on another one: a reader may have gone on while the authorizer thought.
    if (stream.head.revision !== revision && attempt < ATTEMPTS) continue
    if (stream.head.revision !== revision) return refuse('access', keepsChanging(command, execution.actor))
    if (admission.type === 'refused') return refuse('access', admission.error)
    const decision = decide(stream.state, command, options.context(execution.actor, now))
    if (decision.type === 'rejected') return refuse('rule', rejectionError(decision.rejection))
    if (decision.events.length === 0) return written
    const stamp = {
      ...execution,
      correlationId,
      recordedAt: now,
      authorization: admission.authorization,
      newId: options.newId,
      firstRevision: stream.head.revision + 1,
    }
    try {
      await append(
        stream,
        options.store,
        stampEvents(stream.state, decision.events, stamp),
        decision.divisible === true,
        written,
      )
      return written
    } catch (error) {
      if (!isLedgerError(error, 'append-conflict') || attempt >= ATTEMPTS) throw await withWinner(stream, error)
      await options.clock.sleep(randomInt(1, BACKOFF_MS * attempt + 1))
    }
  }
}

/** Appends events: in one append, or a divisible decision in as many as its size needs. What is written goes to `written`. */
async function append(
  stream: EnvironmentStream,
  store: EventStore,
  events: readonly LedgerEvent[],
  divisible: boolean,
  written: LedgerEvent[],
): Promise<void> {
  const encoded = encodeEvents(stream.name, events, stream.head)
  const firstRevision = stream.head.revision + 1
  for (let from = 0; from < encoded.length;) {
    const part = encoded.slice(from, divisible ? from + fittingCount(encoded, from) : undefined)
    written.push(...(await appendPart(stream, store, part, firstRevision + from)))
    from += part.length
  }
}

async function appendPart(
  stream: EnvironmentStream,
  store: EventStore,
  part: readonly EventToAppend[],
  firstRevision: number,
): Promise<readonly LedgerEvent[]> {
  try {
    await store.append(stream.name, part, firstRevision === 0 ? 'none' : firstRevision - 1)
  } catch (error) {
    if (!isLedgerError(error, 'store-unavailable') || error.details.appended !== 'unknown') throw error
    // Whether it was written is on the tail: our own ids are there, or they are not.
    const tail = await stream.readFrom(firstRevision)
    if (!part.every(({ id }, index) => tail[index]?.id === id)) throw error
    return tail.slice(0, part.length)
  }
  return stream.applyAppended(part, firstRevision)
}

function keepsChanging({ type: action }: Command, actor: Actor): LedgerError {
  const problem = 'the environment kept changing while it was asked'
  const details = { action, subject: subjectOf(actor), problem }
  return new LedgerError('authorizer-failed', `nobody could allow ${action}: ${problem}; try again`, details, {
    retryable: true,
  })
}

function refuseUnknown(stream: EnvironmentStream, environment: string): void {
  if (stream.unknownTypes.size === 0) return
  const types = [...stream.unknownTypes]
  throw new LedgerError(
    'ledger-newer-than-library',
    `${environment} holds events that this version does not know (${types.join(', ')}): reads work, commands need a newer @infraledger/core`,
    { environment, types },
  )
}

/** A conflict that survived names what won, on which node, and by whom. */
async function withWinner(stream: EnvironmentStream, error: unknown): Promise<unknown> {
  if (!isLedgerError(error, 'append-conflict')) return error
  const { actual } = error.details
  const winner = actual === 'none' ? undefined : (await stream.readFrom(actual))[0]
  if (winner === undefined) return error
  const node = 'node' in winner.data ? winner.data.node : undefined
  const by = `${winner.metadata.actor.type} ${winner.metadata.actor.id}`
  return new LedgerError(
    'append-conflict',
    `${error.message}; ${winner.type}${node === undefined ? '' : ` on ${node}`} by ${by} was faster ${ATTEMPTS} times: try again`,
    {
      ...error.details,
      winner: { type: winner.type, revision: winner.revision, actor: by, ...(node === undefined ? {} : { node }) },
    },
    { retryable: true, cause: error },
  )
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b
}
