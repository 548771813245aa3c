import type { Metadata } from '@grpc/grpc-js'
import type { Faults, StreamOperation } from './faults.ts'
import { rpcErrors, type NodeAddress } from './rpc-errors.ts'
import type { TrafficCounter } from './traffic.ts'
import type { TransactionLog } from './transaction-log.ts'

/** What the calls of one node share. */
export type ServerNode = {
  readonly log: TransactionLog
  readonly faults: Faults
  readonly traffic: TrafficCounter
  /** `MaxAppendSize`: how many bytes one append may have. */
  readonly maxAppendBytes: number
  readonly batchAppend: boolean
  /** Whether the prepare position of checkpoints is 0, as in versions about 23.6. */
  readonly zeroPrepareCheckpoints: boolean
  /** Names and passwords; without them everybody may do everything. */
  readonly users: Readonly<Record<string, string>> | undefined
  /** Where this node itself is found. */
  readonly address: () => NodeAddress
  /** The leader that this node follows; undefined when it leads. */
  readonly leader: () => NodeAddress | undefined
  /** Breaks every connection to this node. */
  readonly cutConnections: () => void
}

/** What a call must pass before it is served. Throws as the server answers. */
export function admit(node: ServerNode, headers: Metadata, operation: StreamOperation, stream: string): void {
  authenticate(node, headers)
  if (node.faults.isDenied(operation, stream)) throw rpcErrors.accessDenied()
  const leader = node.leader()
  // A follower serves reads itself and forwards writes, unless the caller insists on the leader.
  if (leader !== undefined && headers.get('requires-leader').includes('true')) throw rpcErrors.notLeader(leader)
}

function authenticate({ users }: ServerNode, headers: Metadata): void {
  if (users === undefined) return
  const [header] = headers.get('authorization')
  if (header === undefined) throw rpcErrors.accessDenied()
  const text = Buffer.from(String(header).slice('Basic '.length), 'base64').toString('utf8')
  const colon = text.indexOf(':')
  const password = users[text.slice(0, colon)]
  if (password === undefined || password !== text.slice(colon + 1)) throw rpcErrors.notAuthenticated()
}
