import { GENESIS_HASH, hashEvent } from '@infraledger/core/adapter'
import type { EventStore, EventToAppend } from '@infraledger/core/adapter'
import type { LedgerEvent } from '@infraledger/core/rules'

export const ENVIRONMENT = 'bench'
export const STREAM = `environment-${ENVIRONMENT}`
const START = Date.UTC(2026, 0, 1)
const ACTOR = { type: 'user', id: 'ada', assurance: 'asserted' } as const
const PER_APPEND = 500

export const nodeId = (index: number): `thing/${string}` => `thing/n${index}`

/** A history of one environment: `nodes` nodes with 12 properties each, then changes of one property, node after node. */
export function* history(nodes: number, events: number): Generator<LedgerEvent> {
  const policies = { approvals: { required: 0 }, drift: [] }
  yield {
    type: 'EnvironmentCreated',
    data: {
      name: ENVIRONMENT,
      type: 'production',
      clouds: [{ provider: 'fake', account: 'main', region: 'r' }],
      policies,
    },
    ...stamp(0),
  }
  for (let revision = 1; revision < events; revision++) {
    const index = (revision - 1) % nodes
    const version = Math.floor((revision - 1) / nodes) + 1
    yield {
      type: 'NodeVersionRecorded',
      data: {
        node: nodeId(index),
        version,
        incarnation: 1,
        set: version === 1 ? properties(index) : { revision: String(version) },
        unset: [],
        cause: { type: 'repair', reason: 'bench' },
        ...(version === 1 ? { ownership: 'managed' as const } : {}),
      },
      ...stamp(revision, revision),
    }
  }
}

function stamp(revision: number, graphVersion?: number): Pick<LedgerEvent, 'id' | 'revision' | 'metadata'> {
  return {
    id: `00000000-0000-7000-8000-${String(revision).padStart(12, '0')}`,
    revision,
    metadata: {
      actor: ACTOR,
      recordedAt: new Date(START + revision * 1_000).toISOString(),
      correlationId: 'bench',
      ...(graphVersion === undefined ? {} : { graphVersion }),
    },
  }
}

/** About what a managed database has set by hand. */
export function properties(index: number, revision = '1'): Record<string, string | number | boolean> {
  return {
    name: `res-${index}`,
    region: index % 2 === 0 ? 'eu-west-1' : 'us-east-1',
    tier: `db.r6g.${['large', 'xlarge', '2xlarge'][index % 3]}`,
    storage: 100 + (index % 50),
    engine: 'postgres',
    engineVersion: '15.4',
    regional: index % 3 === 0,
    backupDays: 7,
    protected: true,
    owner: `team-${index % 40}`,
    kindOfThing: 'sql_instance',
    revision,
  }
}

/** Writes a history to a store, chained as the ledger chains it. */
export async function write(store: EventStore, events: Iterable<LedgerEvent>): Promise<void> {
  let previousHash = GENESIS_HASH
  let revision = -1
  let batch: EventToAppend[] = []
  const flush = async (): Promise<void> => {
    const expected = revision - batch.length
    if (batch.length > 0) await store.append(STREAM, batch, expected < 0 ? 'none' : expected)
    batch = []
  }
  for (const event of events) {
    const unchained = {
      id: event.id,
      type: event.type,
      schemaVersion: 1,
      data: JSON.stringify(event.data),
      metadata: JSON.stringify(event.metadata),
      recordedAt: event.metadata.recordedAt,
      previousHash,
    }
    previousHash = hashEvent(STREAM, event.revision, unchained)
    batch.push({ ...unchained, hash: previousHash })
    revision = event.revision
    if (batch.length === PER_APPEND) await flush()
  }
  await flush()
}
