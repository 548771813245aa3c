import { promisify } from 'node:util'
import gossipService, { type IGossipServer } from '@eventstore/db-client/generated/gossip_grpc_pb.js'
import featuresService, { type IServerFeaturesServer } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js'
import streamsService, { type IStreamsServer } from '@eventstore/db-client/generated/streams_grpc_pb.js'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { appendCall } from './append-call.ts'
import { batchAppendCall } from './batch-append-call.ts'
import { deleteCall, tombstoneCall } from './delete-calls.ts'
import { faultBook, type Faults } from './faults.ts'
import { gossipCall } from './gossip-call.ts'
import type { ServerNode } from './node.ts'
import { readCall } from './read-call.ts'
import type { NodeAddress } from './rpc-errors.ts'
import { serverFeaturesCall } from './server-features-call.ts'
import { tcpGate } from './tcp-gate.ts'
import { trafficCounter, type Traffic } from './traffic.ts'
import { transactionLog, type TransactionLog } from './transaction-log.ts'

/** How the server is set up. */
export type EventStoreDbServerOptions = {
  /** The log of another node, to be a second node of its cluster. Default: a log of its own. */
  readonly log?: TransactionLog
  /** `MaxAppendSize`. Default: 1 MiB, as the server's. */
  readonly maxAppendBytes?: number
  /** Whether clients are told of `BatchAppend`. Default: true. */
  readonly batchAppend?: boolean
  /** Whether checkpoints have a prepare position of 0, as in versions about 23.6 (issue 3989 of KurrentDB). Default: false. */
  readonly zeroPrepareCheckpoints?: boolean
  /** Names and passwords; clients send them over TLS only. Default: everybody may do everything. */
  readonly users?: Readonly<Record<string, string>>
  /** Key and certificate (PEM) to speak TLS with. Default: plain text. */
  readonly tls?: { readonly key: Buffer; readonly certificate: Buffer }
}

/** A node of EventStoreDB on this machine. */
export type EventStoreDbServer = {
  /** Of a single node, without credentials. */
  readonly connectionString: string
  readonly address: NodeAddress
  /** What is in the log, to look at and to write beside the server's clients. */
  readonly log: TransactionLog
  readonly faults: Faults
  /** What the node has done so far. */
  traffic(): Traffic
  /** Breaks every connection; clients may connect again at once. */
  cutConnections(): void
  /** Is out of reach, with everything it holds, until it is started. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Follows another node from now on: calls that need the leader are sent there. */
  follow(leader: EventStoreDbServer): void
  /** Leads from now on, as it does at first. */
  lead(): void
  close(): Promise<void>
}

const MAX_APPEND_BYTES = 1024 * 1024

/** gRPC's own limit of 4 MiB a message is not the server's. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024

/**
 * Starts a server that speaks the wire protocol of EventStoreDB (gRPC over HTTP/2) over a log in memory: appends,
 * reads, subscriptions, deletion, gossip, with the server's own rules for idempotency, truncation, filters and limits,
 * and with faults to order. Links are not resolved, and there are no projections or persistent subscriptions.
 */
export async function eventStoreDbServer(options: EventStoreDbServerOptions = {}): Promise<EventStoreDbServer> {
  const { log = transactionLog(), maxAppendBytes = MAX_APPEND_BYTES, users, tls } = options
  const { batchAppend = true, zeroPrepareCheckpoints = false } = options
  const faults = faultBook()
  const traffic = trafficCounter()
  let leader: NodeAddress | undefined
  const node: ServerNode = {
    log,
    faults,
    traffic,
    maxAppendBytes,
    batchAppend,
    zeroPrepareCheckpoints,
    users,
    address: () => address,
    leader: () => leader,
    cutConnections: () => gate.cut(),
  }
  const server = serverOf(node)
  const credentials =
    tls === undefined
      ? ServerCredentials.createInsecure()
      : // Clients are not asked for certificates; they show names and passwords.
        ServerCredentials.createSsl(null, [{ private_key: tls.key, cert_chain: tls.certificate }])
  const gate = await tcpGate(await promisify(server.bindAsync.bind(server))('127.0.0.1:0', credentials))
  const address: NodeAddress = { address: gate.address, port: gate.port }
  return {
    connectionString: `esdb://${gate.address}:${gate.port}?tls=${tls !== undefined}`,
    address,
    log,
    faults,
    traffic: traffic.soFar,
    cutConnections: () => gate.cut(),
    stop: () => gate.shut(),
    start: () => gate.open(),
    follow: (other) => {
      leader = other.address
    },
    lead: () => {
      leader = undefined
    },
    async close() {
      await gate.shut()
      server.forceShutdown()
    },
  }
}

function serverOf(node: ServerNode): Server {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  })
  const streams: IStreamsServer = {
    read: (call) => readCall(node, call),
    append: (call, answer) => appendCall(node, call, answer),
    batchAppend: (call) => batchAppendCall(node, call),
    delete: (call, answer) => deleteCall(node, call, answer),
    tombstone: (call, answer) => tombstoneCall(node, call, answer),
  }
  const gossip: IGossipServer = { read: (_, answer) => gossipCall(node, answer) }
  const features: IServerFeaturesServer = { getSupportedMethods: (_, answer) => serverFeaturesCall(node, answer) }
  server.addService(streamsService.StreamsService, streams)
  server.addService(gossipService.GossipService, gossip)
  server.addService(featuresService.ServerFeaturesService, features)
  return server
}
