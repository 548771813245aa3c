import { collect, streamWriter, take } from '@infraledger/testkit'
import { expect, it } from 'vitest'
import { openStore, testServer } from './eventstoredb.fixture.ts'

/** A leader, and a node that follows it. */
async function cluster() {
  const leader = await testServer()
  const follower = await testServer({ log: leader.log })
  follower.follow(leader)
  return { leader, follower }
}

it('STORE 45: whoever comes to a follower is sent to the leader, for reads as for appends', async () => {
  const { follower } = await cluster()
  const store = openStore(follower)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 2)
  expect(await collect(store.readAll())).toHaveLength(2)
  expect(await collect(openStore(follower).readStream('environment-prod'))).toHaveLength(2)
})

it('STORE 45: a leader that becomes a follower loses nobody', async () => {
  const { leader: first, follower: second } = await cluster()
  const store = openStore(first)
  const prod = streamWriter('environment-prod')
  await prod.append(store, 1)
  const subscription = store.subscribe()[Symbol.asyncIterator]()
  await take(subscription, 1)
  first.follow(second)
  second.lead()
  await prod.append(store, 1)
  first.cutConnections()
  await prod.append(store, 1)
  expect((await take(subscription, 2)).map(({ revision }) => revision)).toEqual([1, 2])
  await subscription.return?.()
})

it.each(['esdb+discover', 'kurrentdb+discover'])(
  'STORE 45: the leader of a cluster is found through gossip (%s)',
  async (scheme) => {
    const leader = await testServer()
    const follower = await testServer({ log: leader.log })
    follower.follow(leader)
    const { address, port } = follower.address
    const store = openStore({ connectionString: `${scheme}://${address}:${port}?tls=false` })
    expect((await streamWriter('environment-prod').append(store, 1)).lastRevision).toBe(0)
  },
)

it('STORE 45: of several hosts one that answers is enough', async () => {
  const [gone, there] = [await testServer(), await testServer()]
  await gone.stop()
  const hosts = [gone, there].map(({ address: { address, port } }) => `${address}:${port}`)
  const store = openStore({ connectionString: `esdb://${hosts.join(',')}?tls=false&discoveryInterval=10` })
  expect((await streamWriter('environment-prod').append(store, 1)).lastRevision).toBe(0)
})
