// A kind that no cloud knows: feature flags, in the same graph, with the same history, requests and protection.
import { defineKind, gitPush, inMemoryEventStore, isLedgerError, openLedger, user } from '@infraledger/core'
import type { NodeId, PropertiesOf } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { z } from 'zod'

const featureFlag = defineKind({
  name: 'feature-flag',
  statefulness: 'stateless',
  properties: {
    enabled: { schema: z.boolean() },
    rolloutPercent: { schema: z.number().int().min(0).max(100) },
    key: { schema: z.string(), impact: 'replace' },
  },
})

// From here on the compiler knows the kind: ids, properties and patches of it are typed.
declare module '@infraledger/core' {
  interface KindProperties {
    'feature-flag': PropertiesOf<typeof featureFlag>
  }
}

const clock = virtualClock({ start: '2026-06-01T12:00:00Z', autoAdvance: true })
const cloud = fakeCloud({ clock })
const ledger = openLedger({ store: inMemoryEventStore(), clouds: [cloud.provider], kinds: [featureFlag], clock })
const ada = { actor: user('ada') }
const prod = await ledger.createEnvironment({ name: 'prod', type: 'production', clouds: [cloud.target] }, ada)
ledger.runDeployments()

const model = {
  services: [{ name: 'checkout', image: 'checkout@sha256:1' }],
  needs: [
    {
      node: 'feature-flag/new-basket',
      properties: { enabled: true, rolloutPercent: 5 },
      dependsOn: ['service/checkout'],
    },
  ],
} as const
const deploy = async (commit: string) =>
  (await prod.deploy({ trigger: gitPush({ commit, ref: 'main', pusher: 'ada' }), model })).completed()
await deploy('c1')

const flag = (await prod.graph()).node('feature-flag/new-basket')
console.log(`rolled out to ${flag?.properties.rolloutPercent} percent`)

await prod.requestChange(
  { node: 'feature-flag/new-basket', set: { rolloutPercent: 50 }, reason: 'no complaints in a week' },
  ada,
)
await deploy('c2')
for (const { version, changes, requests } of await prod.history('feature-flag/new-basket')) {
  const rollout = changes.find(({ property }) => property === 'rolloutPercent')
  console.log(
    `version ${version}: ${JSON.stringify(rollout?.to)} percent${requests.length > 0 ? `, because "${requests[0]?.reason}"` : ''}`,
  )
}

// With the kind in the id the compiler refuses both; an id from somewhere else meets the same rules when it runs.
const untyped: NodeId = 'feature-flag/new-basket'
for (const set of [{ rolloutPercent: 140 }, { rollout: 10 }]) {
  try {
    await prod.requestChange({ node: untyped, set, reason: 'typo' }, ada)
  } catch (error) {
    if (!isLedgerError(error)) throw error
    console.log(`${error.code}: ${error.message.split('\n')[0]}`)
  }
}
await ledger.close()
