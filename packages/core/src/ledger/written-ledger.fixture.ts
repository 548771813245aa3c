import { generateKeyPairSync } from 'node:crypto'
import type { Checkpoint } from '../audit/checkpoint.ts'
import { isLedgerError } from '../ledger-error.ts'
import { collected } from './export.fixture.ts'
import { openLedger } from './open-ledger.ts'
import { GENESIS_HASH } from '../event-store/envelope.ts'
import type { EventToAppend, RecordedEvent } from '../event-store/envelope.ts'
import type { EventStore } from '../event-store/event-store.ts'
import { hashEvent } from '../event-store/hash-chain.ts'
import { inMemoryEventStore } from '../event-store/in-memory-event-store.ts'
import { ed25519Signer } from '../audit/checkpoint-signature.ts'
import type { Signer } from '../audit/checkpoint-signature.ts'

const START = Date.UTC(2026, 0, 5, 9)

/** A stream that is written event by event, each a second after the one before. */
export type Chain = { readonly stream: string; readonly next: (subject?: string) => EventToAppend; revision: number }

export function chain(stream: string): Chain {
  let previousHash = GENESIS_HASH
  const written: Chain = {
    stream,
    revision: -1,
    next(subject = 'ada') {
      const revision = ++written.revision
      const recordedAt = new Date(START + revision * 1_000).toISOString()
      const actor = { type: 'user', id: 'ada', assurance: 'asserted' }
      const event = {
        id: `${stream}-${revision}`,
        type: 'RoleGranted',
        schemaVersion: 1,
        data: JSON.stringify({ subject, role: 'admin' }),
        metadata: JSON.stringify({ actor, recordedAt, correlationId: 'c' }),
        recordedAt,
        previousHash,
      }
      previousHash = hashEvent(stream, revision, event)
      return { ...event, hash: previousHash }
    },
  }
  return written
}

/** Appends the next events of chains, one for each name of a stream, in this order. */
export async function write(store: EventStore, chains: readonly Chain[], events: number): Promise<void> {
  for (let index = 0; index < events; index++) {
    const written = chains[index % chains.length]
    if (written === undefined) throw new Error('no chain')
    const before = written.revision
    await store.append(written.stream, [written.next()], before < 0 ? 'none' : before)
  }
}

/** A store with three streams that take turns. */
export async function writtenStore(events: number): Promise<{ store: EventStore; chains: readonly Chain[] }> {
  const store = inMemoryEventStore()
  const chains = ['environment-prod', 'environment-test', 'activity-prod'].map(chain)
  await write(store, chains, events)
  return { store, chains }
}

/** A store that gives these events, whatever they are: one that somebody wrote into past the library. */
export function storeOf(events: readonly RecordedEvent[], positions: EventStore['positions'] = 'dense'): EventStore {
  return {
    ...inMemoryEventStore(),
    positions,
    async *readAll({ after = 0n, limit = Infinity } = {}) {
      yield* events.filter(({ position }) => position > after).slice(0, limit)
    },
    async *readStream(stream, { from = 0, limit = Infinity } = {}) {
      yield* events.filter((event) => event.stream === stream && event.revision >= from).slice(0, limit)
    },
  }
}

/** Events at positions 1 to n, in the order given. */
export function renumbered(events: readonly RecordedEvent[], step = 1n): RecordedEvent[] {
  return events.map((event, index) => ({ ...event, position: BigInt(index + 1) * step }))
}

/** A history that was written anew from some revision of a stream on: every hash fits. */
export function rewritten(events: readonly RecordedEvent[], stream: string, from: number): RecordedEvent[] {
  let previousHash = ''
  return events.map((event) => {
    if (event.stream !== stream) return event
    const data = event.revision === from ? event.data.replace('ada', 'eve') : event.data
    const renewed = { ...event, data, previousHash: event.revision <= from ? event.previousHash : previousHash }
    previousHash = hashEvent(stream, event.revision, renewed)
    return { ...renewed, hash: previousHash }
  })
}

/** Somebody who signs, with a key of their own. */
export function newSigner(): Signer {
  const { privateKey } = generateKeyPairSync('ed25519')
  return ed25519Signer({ privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() })
}

/** Events that the checkpoint below covers. */
export const COVERED = 30

/** A ledger, its checkpoint over 30 events of three streams, and 7 events that came later. */
export async function checkpointed(): Promise<{ events: RecordedEvent[]; checkpoint: Checkpoint; store: EventStore }> {
  const { store, chains } = await writtenStore(COVERED)
  const checkpoint = await openLedger({ store }).checkpoint()
  await write(store, chains, 7)
  return { events: await collected(store.readAll()), checkpoint, store }
}

/** The code of the error that a call ends with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  return isLedgerError(error) ? error.code : String(error)
}
