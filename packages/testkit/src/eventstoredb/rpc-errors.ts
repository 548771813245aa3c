import { Metadata, status, type ServiceError } from '@grpc/grpc-js'

/** A node's address, as the server names the leader. */
export type NodeAddress = { readonly address: string; readonly port: number }

/** The errors that the server answers with: a status, and trailers that the client makes its typed errors from. */
export const rpcErrors = {
  accessDenied: () => rpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  notAuthenticated: () => rpcError(status.UNAUTHENTICATED, 'Unauthenticated'),
  streamDeleted: (stream: string) =>
    rpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
      exception: 'stream-deleted',
      'stream-name': stream,
    }),
  maxAppendSizeExceeded: (maxBytes: number) =>
    rpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxBytes} Exceeded.`, {
      exception: 'maximum-append-size-exceeded',
      'maximum-append-size': String(maxBytes),
    }),
  notLeader: ({ address, port }: NodeAddress) =>
    rpcError(status.NOT_FOUND, 'Leader info available', {
      exception: 'not-leader',
      'leader-endpoint-host': address,
      'leader-endpoint-port': String(port),
    }),
  wrongExpectedVersion: (stream: string, expected: bigint, actual: number) =>
    rpcError(status.FAILED_PRECONDITION, `Delete failed due to WrongExpectedVersion. Stream: ${stream}`, {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(expected),
      'actual-version': actual < 0 ? '' : String(actual),
    }),
  timeout: () => rpcError(status.ABORTED, 'Operation timed out: Commit phase timeout.'),
  tooBusy: () => rpcError(status.UNAVAILABLE, 'Server Is Too Busy'),
  invalidPosition: () => rpcError(status.INVALID_ARGUMENT, 'Trying to read from an invalid position.'),
  invalidArgument: (what: string) => rpcError(status.INVALID_ARGUMENT, what),
} as const

function rpcError(code: status, details: string, trailers: Readonly<Record<string, string>> = {}): ServiceError {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value)
  return Object.assign(new Error(details), { code, details, metadata })
}
