import { AsyncLocalStorage } from 'node:async_hooks'
import type { RDSClient } from '@aws-sdk/client-rds'
import { keyDigest } from '../marks.ts'

/** Says in the user agent of calls under which idempotency key they are made. */
export interface CallKeys {
  /** Calls that `work` makes are made under this key. */
  under<T>(key: string | undefined, work: () => Promise<T>): Promise<T>
  /** Has a client say it. */
  teach(client: RDSClient): RDSClient
}

/**
 * CloudTrail keeps the user agent of every call, and has no other place for an idempotency key of ours. Only a digest is sent: keys may
 * name what the log's readers need not know.
 */
export function callKeys(): CallKeys {
  const current = new AsyncLocalStorage<string>()
  const taught = new WeakSet<RDSClient>()
  return {
    under: (key, work) => (key === undefined ? work() : current.run(key, work)),
    teach(client) {
      if (taught.has(client)) return client
      taught.add(client)
      client.middlewareStack.add(
        (next) => (args) => {
          const key = current.getStore()
          if (key !== undefined) addToUserAgent(args.request, `infraledger-key/${keyDigest(key)}`)
          return next(args)
        },
        { step: 'finalizeRequest', name: 'infraledgerKey' },
      )
      return client
    },
  }
}

function addToUserAgent(request: unknown, token: string): void {
  if (typeof request !== 'object' || request === null || !('headers' in request)) return
  const { headers } = request
  if (typeof headers !== 'object' || headers === null) return
  const before: unknown = Object.getOwnPropertyDescriptor(headers, 'user-agent')?.value
  const said = typeof before === 'string' ? before : ''
  // A call that is sent again has it already.
  if (!said.includes(token)) Object.assign(headers, { 'user-agent': `${said} ${token}`.trim() })
}
