import { expect, it } from 'vitest'
import { changeSignal } from './change-signal.ts'
import { subscription, type SubscriptionPage, type SubscriptionSource } from './subscription.ts'

/** A source without events, which counts looks and watches. */
function quietSource(page: (after: bigint) => Promise<SubscriptionPage> = nothingBehind) {
  const counts = { looks: 0, watching: 0 }
  const source: SubscriptionSource = {
    changes: changeSignal(),
    page: async (after) => {
      counts.looks += 1
      return page(after)
    },
    watch: () => {
      counts.watching += 1
      return () => {
        counts.watching -= 1
      }
    },
  }
  return { source, counts }
}

const nothingBehind = async (after: bigint): Promise<SubscriptionPage> => ({ events: [], upTo: after, caughtUp: true })
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

it('looks again only when there is news', async () => {
  const { source, counts } = quietSource()
  const iterator = subscription(source, {})[Symbol.asyncIterator]()
  const next = iterator.next()
  await turn()
  expect(counts.looks).toBe(1)
  source.changes.raise()
  await turn()
  expect(counts.looks).toBe(2)
  await iterator.return?.()
  expect(await next).toMatchObject({ done: true })
})

it('does not sleep through news that come while it looks', async () => {
  const { source, counts } = quietSource(async (after) => {
    if (counts.looks === 1) source.changes.raise()
    return nothingBehind(after)
  })
  const iterator = subscription(source, {})[Symbol.asyncIterator]()
  const next = iterator.next()
  await turn()
  expect(counts.looks).toBe(2)
  source.changes.close()
  expect(await next).toMatchObject({ done: true })
})

it('watches for other processes from its first look to its end', async () => {
  const { source, counts } = quietSource()
  const iterator = subscription(source, {})[Symbol.asyncIterator]()
  expect(counts.watching).toBe(0)
  const next = iterator.next()
  expect(counts.watching).toBe(1)
  await iterator.return?.()
  await next
  expect(counts.watching).toBe(0)
})

it('gives the error of a look to its reader, unless the store was closed meanwhile', async () => {
  const { source } = quietSource(async () => Promise.reject(new Error('no disk')))
  await expect(subscription(source, {})[Symbol.asyncIterator]().next()).rejects.toThrow('no disk')

  const closing = quietSource(async () => {
    closing.source.changes.close()
    throw new Error('no store')
  })
  expect(await subscription(closing.source, {})[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
})
