/**
 * A server that speaks the wire protocol of EventStoreDB, to test what talks to one.
 *
 * @packageDocumentation
 */
export { eventStoreDbServer } from './eventstoredb-server.ts'
export type { EventStoreDbServer, EventStoreDbServerOptions } from './eventstoredb-server.ts'
export type { AppendFault, Faults, StreamOperation } from './faults.ts'
export type { NodeAddress } from './rpc-errors.ts'
export type { SubscriptionTraffic, Traffic } from './traffic.ts'
export type { LogRecord, ProposedEvent, TransactionLog } from './transaction-log.ts'
