import features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import type { sendUnaryData } from '@grpc/grpc-js'
import type { ServerNode } from './node.ts'

/** The version that the server calls itself. */
const SERVER_VERSION = '24.10.0'
const METHODS = ['read', 'append', 'delete', 'tombstone'] as const

/** `ServerFeatures.GetSupportedMethods`: what clients may call; names in lower case. */
export function serverFeaturesCall(
  { batchAppend }: ServerNode,
  answer: sendUnaryData<features.SupportedMethods>,
): void {
  const names = batchAppend ? [...METHODS, 'batchappend'] : METHODS
  const methods = names.map((name) =>
    new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
  )
  answer(null, new features.SupportedMethods().setEventStoreServerVersion(SERVER_VERSION).setMethodsList(methods))
}
