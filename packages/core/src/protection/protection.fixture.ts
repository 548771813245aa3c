import type { Given } from '@infraledger/testkit'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EdgeKind } from '../graph/edge-kinds.ts'
import { edgeId } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Properties } from '../json.ts'
import { deployed, environment, made } from '../planning/planning.fixture.ts'

/** An edge, as a deployment recorded it. */
export function edge(kind: EdgeKind, from: NodeId, to: NodeId): DomainEvent {
  const cause = { type: 'deployment', deployment: 'd1', requests: [] } as const
  const data = {
    edge: edgeId(kind, from, to),
    kind,
    from,
    to,
    version: 1,
    attributes: {},
    cause: { ...cause, requests: [] },
  }
  return { type: 'EdgeVersionRecorded', data }
}

/** A node that an import found. */
export function imported(node: NodeId, set: Properties = {}): DomainEvent {
  const cause = { type: 'import', import: 'i1' } as const
  return {
    type: 'NodeVersionRecorded',
    data: { node, version: 1, incarnation: 1, set, unset: [], cause, ownership: 'observed' },
  }
}

export function confirmed(node: NodeId, data: Partial<DomainEvent<'DeletionConfirmed'>['data']> = {}): DomainEvent {
  const word = { incarnation: 1, lossAcknowledged: false, automatedBackupsToo: false, reason: 'no longer needed' }
  return { type: 'DeletionConfirmed', data: { node, ...word, ...data } }
}

/** A shop that was deployed: checkout uses the bucket; the instance with its database, the topic and the network are left over. */
export function shop(): Given {
  const story = environment()
  const services = [{ name: 'checkout', uses: [{ need: 'bucket/receipts', operations: ['read'] }] }] as const
  deployed(
    story,
    { services, needs: ['bucket/receipts'] },
    made('service/checkout', {}),
    made('bucket/receipts', {}),
    made('sql-instance/old', {}),
    made('sql-database/old', {}),
    made('topic/old', {}),
    made('network/old', {}),
    edge('uses', 'service/checkout', 'bucket/receipts'),
    edge('satisfied-by', 'sql-database/old', 'sql-instance/old'),
    edge('depends-on', 'sql-instance/old', 'network/old'),
  )
  return story
}
