/** One fake cloud for several processes: it lives in the one that started them, and they call it over the channel to it. */
import type { ChildProcess } from 'node:child_process'
import { isLedgerError, LedgerError, standardKinds } from '@infraledger/core'
import type { CloudProvider } from '@infraledger/core'
import type { KindCapabilities } from '@infraledger/core/adapter'

type Method = 'observe' | 'discover' | 'create' | 'update' | 'remove' | 'snapshot'
/** A call on its way to the cloud. */
export type CloudCall = { readonly call: number; readonly method: Method; readonly args: readonly unknown[] }
type Failure = {
  readonly code: string
  readonly message: string
  readonly details: unknown
  readonly retryable: boolean
}
type Answer = { readonly call: number; readonly items?: readonly unknown[]; readonly failure?: Failure }
type Hello = { readonly name: string; readonly capabilities: Readonly<Record<string, KindCapabilities>> }

/** Serves a child; `meet` is awaited before each call reaches the cloud, and `left` before its answer is sent. */
export function serveCloud(
  child: ChildProcess,
  provider: CloudProvider,
  { meet, leave }: { meet: (call: CloudCall) => Promise<void>; leave: (call: CloudCall) => Promise<void> },
): void {
  const known = standardKinds.flatMap(({ name }) => {
    const able = provider.capabilities(name)
    return able === undefined ? [] : [[name, able] as const]
  })
  const hello: Hello = { name: provider.name, capabilities: Object.fromEntries(known) }
  child.send(hello)
  child.on('message', (message: CloudCall | string) => {
    if (typeof message === 'string') return
    void meet(message)
      .then(() => serve(provider, message))
      .then(async (answer) => {
        await leave(message)
        if (child.connected) child.send(answer)
      })
  })
}

async function serve(provider: CloudProvider, { call, method, args }: CloudCall): Promise<Answer> {
  try {
    const items: unknown[] = []
    const answer: unknown = Reflect.apply(provider[method], undefined, args)
    if (answer instanceof Promise) items.push(await answer)
    else for await (const item of answer as AsyncIterable<unknown>) items.push(item)
    return { call, items }
  } catch (error) {
    if (!isLedgerError(error)) throw error
    const { code, message, details, retryable } = error
    return { call, failure: { code, message, details, retryable } }
  }
}

/**
 * The cloud of the process that started this one. It may suspend its own process (SIGSTOP) at its first creation: before the call leaves,
 * or when its answer has come.
 */
export async function remoteCloud(suspended: string): Promise<CloudProvider> {
  const waiting = new Map<number, (answer: Answer) => void>()
  let calls = 0
  let left = suspended
  const suspend = async (moment: string, method: Method): Promise<void> => {
    if (method !== 'create' || moment !== left) return
    left = 'never'
    await new Promise((resolve) => process.send?.('suspended', resolve))
    process.kill(process.pid, 'SIGSTOP')
  }
  const hello = Promise.withResolvers<Hello>()
  process.on('message', (message: Hello | Answer | string) => {
    if (typeof message === 'string') return
    if ('name' in message) hello.resolve(message)
    else waiting.get(message.call)?.(message)
  })
  const { name, capabilities } = await hello.promise

  async function ask(method: Method, args: readonly unknown[]): Promise<readonly unknown[]> {
    const call = (calls += 1)
    await suspend('before its call', method)
    const { items, failure } = await new Promise<Answer>((resolve) => {
      waiting.set(call, resolve)
      process.send?.({ call, method, args } satisfies CloudCall)
    })
    await suspend('after its call', method)
    // The parent sends what it caught: codes and details belong together.
    if (failure !== undefined)
      throw new LedgerError(failure.code as 'cloud-refused', failure.message, failure.details as never, failure)
    return items ?? []
  }
  async function* stream<T>(method: Method, ...args: readonly unknown[]): AsyncGenerator<T> {
    // What the provider answered is what it answers here.
    for (const item of await ask(method, args)) yield item as T
  }
  const keyOf = ({ idempotencyKey }: { idempotencyKey: string }): object => ({ idempotencyKey })
  return {
    name,
    capabilities: (kind) => capabilities[kind],
    observe: (refs) => stream('observe', refs),
    discover: (target, { kinds } = {}) => stream('discover', target, kinds === undefined ? {} : { kinds }),
    create: (request, options) => stream('create', request, keyOf(options)),
    update: (request, options) => stream('update', request, keyOf(options)),
    remove: (request, options) => stream('remove', request, keyOf(options)),
    async snapshot(request, options) {
      const [receipt] = await ask('snapshot', [request, keyOf(options)])
      return receipt as Awaited<ReturnType<CloudProvider['snapshot']>>
    },
  }
}
