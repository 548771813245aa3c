import type { CloudProvider, Operation } from '../cloud/cloud-provider.ts'
import type { Clock } from '../clock.ts'
import type { EventStore } from '../event-store/event-store.ts'

/** The ports of a process that can be suspended: everything that it waits for, or is about to do, stands still then. */
export interface SuspendablePorts {
  readonly store: EventStore
  readonly clock: Clock
  readonly cloud: CloudProvider
  readonly suspend: () => void
  readonly resume: () => void
}

/** A process' view of its ports, as with SIGSTOP and SIGCONT: what was sent goes on without it, and it hears of it when it wakes up. */
export function suspendable(ports: { store: EventStore; clock: Clock; cloud: CloudProvider }): SuspendablePorts {
  const { store, clock, cloud } = ports
  let asleep: PromiseWithResolvers<void> | undefined
  const awake = async (): Promise<void> => {
    await asleep?.promise
    if (asleep !== undefined) await awake()
  }
  async function* through<T>(begin: () => AsyncIterable<T>): AsyncGenerator<T> {
    await awake()
    for await (const item of begin()) {
      await awake()
      yield item
    }
    await awake()
  }
  const operation = (begin: () => Operation): Operation => through(begin)
  return {
    suspend: () => void (asleep ??= Promise.withResolvers()),
    resume() {
      asleep?.resolve()
      asleep = undefined
    },
    clock: {
      now: () => clock.now(),
      async sleep(milliseconds, signal) {
        await clock.sleep(milliseconds, signal)
        await awake()
      },
    },
    store: {
      ...store,
      async append(...args) {
        await awake()
        const result = await store.append(...args)
        await awake()
        return result
      },
      readStream: (...args) => through(() => store.readStream(...args)),
      readAll: (...args) => through(() => store.readAll(...args)),
      subscribe: (...args) => through(() => store.subscribe(...args)),
    },
    cloud: {
      ...cloud,
      observe: (...args) => through(() => cloud.observe(...args)),
      discover: (...args) => through(() => cloud.discover(...args)),
      create: (...args) => operation(() => cloud.create(...args)),
      update: (...args) => operation(() => cloud.update(...args)),
      remove: (...args) => operation(() => cloud.remove(...args)),
      async snapshot(...args) {
        await awake()
        const receipt = await cloud.snapshot(...args)
        await awake()
        return receipt
      },
    },
  }
}
