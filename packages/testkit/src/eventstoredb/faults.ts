/**
 * What may happen to an append: the connection is lost, or the server answers with a timeout, before anything was
 * written or after all of it was; or the server is too busy to take it.
 */
export type AppendFault =
  | 'connection-lost-before'
  | 'connection-lost-after'
  | 'timeout-before'
  | 'timeout-after'
  | 'too-busy'

/** What a client asks for, as far as access to streams goes. */
export type StreamOperation = 'read' | 'write' | 'delete'

/** Faults of one node, and the way to order them. */
export type Faults = {
  /** The next appends, in the order in which they arrive, meet this fault. */
  failNextAppend(fault: AppendFault, times?: number): void
  /** Appends wait from now on, until the answer is called. */
  holdAppends(): () => void
  /** Answers "Access Denied" to this operation on streams with such a name (`$all` for reads of the log). */
  deny(operation: StreamOperation, stream: (name: string) => boolean): void
  /** Takes back every denial. */
  allow(): void
  /** How many appends wait to be released. */
  waitingAppends(): number
  /** For the node: the fault that the next append meets. */
  nextAppendFault(): AppendFault | undefined
  /** For the node: resolves when appends are not held. */
  appendsReleased(): Promise<void>
  /** For the node. */
  isDenied(operation: StreamOperation, stream: string): boolean
}

/** A node without faults yet. */
export function faultBook(): Faults {
  const appendFaults: AppendFault[] = []
  const denials: { readonly operation: StreamOperation; readonly stream: (name: string) => boolean }[] = []
  let held: Promise<void> | undefined
  let waiting = 0
  return {
    failNextAppend(fault, times = 1) {
      for (let count = 0; count < times; count++) appendFaults.push(fault)
    },
    holdAppends() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return () => {
        if (held === promise) held = undefined
        resolve()
      }
    },
    deny: (operation, stream) => void denials.push({ operation, stream }),
    allow: () => void denials.splice(0),
    nextAppendFault: () => appendFaults.shift(),
    async appendsReleased() {
      waiting += 1
      await held
      waiting -= 1
    },
    waitingAppends: () => waiting,
    isDenied: (operation, stream) => denials.some((denial) => denial.operation === operation && denial.stream(stream)),
  }
}
