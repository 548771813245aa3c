/** A process that runs the deployment of a folder, and kills itself at one of its moments: `folder [moment number]`. */
import type { CloudProvider, EventStore } from '@infraledger/core'
import { openFolder } from './crash-stage.fixture.ts'

const [, , folder = '', moment = 'none', number = '0'] = process.argv
const counts = new Map<string, number>()

/** The process comes by this moment; where it is the one, it is dead before anything else happens. */
function pass(what: string): void {
  const count = (counts.get(what) ?? 0) + 1
  counts.set(what, count)
  if (what === moment && count === Number(number)) process.kill(process.pid, 'SIGKILL')
}

function through(store: EventStore): EventStore {
  return {
    ...store,
    async append(...args) {
      pass('before an append')
      const result = await store.append(...args)
      pass('after an append')
      return result
    },
  }
}

/** Before anything leaves for the provider, and after each answer has come back; that an operation goes on is no answer. */
async function* watched<T extends object>(call: () => AsyncIterable<T>): AsyncGenerator<T> {
  pass('before a call')
  for await (const answer of call()) {
    if (!('type' in answer) || answer.type !== 'progress') pass('after an answer')
    yield answer
  }
}

function seen(provider: CloudProvider): CloudProvider {
  return {
    ...provider,
    observe: (...args) => watched(() => provider.observe(...args)),
    discover: (...args) => watched(() => provider.discover(...args)),
    create: (...args) => watched(() => provider.create(...args)),
    update: (...args) => watched(() => provider.update(...args)),
    remove: (...args) => watched(() => provider.remove(...args)),
    async snapshot(...args) {
      pass('before a call')
      const receipt = await provider.snapshot(...args)
      pass('after an answer')
      return receipt
    },
  }
}

const { cloud, store, open, prod } = await openFolder(folder)
const executor = open(through(store), seen(cloud.provider)).runDeployments({ concurrency: 4 })
const [deployment] = await prod.deployments()
await prod.deployment(deployment?.id ?? '').completed()
await executor.stop()
await store.close()
process.stdout.write(JSON.stringify(Object.fromEntries(counts)))
