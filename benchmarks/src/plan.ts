import { applicationModel, defineKind, gitPush, inMemoryEventStore, openLedger, user } from '@infraledger/core'
import type { ApplicationModelInput } from '@infraledger/core'
import { fakeCloud, virtualClock } from '@infraledger/testkit'
import { z } from 'zod'
import { nodeId, properties } from './history.ts'
import { median, milliseconds, timed } from './measure.ts'
import type { Row } from './measure.ts'
import { terraformPlan } from './terraform.ts'

const text = { schema: z.union([z.string(), z.number(), z.boolean()]) }
const thing = defineKind({
  name: 'thing',
  statefulness: 'stateless',
  properties: Object.fromEntries(Object.keys(properties(0)).map((property) => [property, text])),
})

/** No-change plans and plans of a 1 % change over trees, beside `terraform plan` of the same graph without any provider. */
export async function plan(folder: string): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const size of [1_000, 10_000]) {
    const prod = await deployed(size)
    const unchanged = tree(size, 0)
    const changed = tree(size, size / 100)
    for (const [title, model, changes] of [
      ['no change', unchanged, 0],
      ['1 % changed', changed, size / 100],
    ] as const) {
      const ours: number[] = []
      for (let round = 0; round < 5; round++) {
        ours.push(
          await timed(async () => {
            // The model is read anew each time, as a build would hand it over.
            const answer = await prod.plan({ model: applicationModel(model, [thing]) })
            if (answer.steps.length !== changes) throw new Error(`${answer.steps.length} steps instead of ${changes}`)
          }),
        )
      }
      const peer = terraformPlan(folder, size, changes)
      rows.push({
        what: `plan of ${size.toLocaleString('en')} nodes in a tree, ${title}`,
        ours: milliseconds(median(ours)),
        beside:
          peer === undefined ? 'terraform: left out, no binary on the PATH' : `terraform plan: ${milliseconds(peer)}`,
        ratio: peer === undefined ? '–' : `${Math.round(peer / median(ours))}× faster`,
        goal: size === 10_000 && changes === 0 ? '≥ 100× faster' : '',
      })
    }
  }
  return rows
}

/** An environment in which the tree was deployed. */
async function deployed(size: number) {
  const clock = virtualClock({ autoAdvance: true })
  const cloud = fakeCloud({ clock, kinds: { thing: { createMs: 0 } } })
  const ledger = openLedger({ store: inMemoryEventStore(), clouds: [cloud.provider], kinds: [thing], clock })
  const prod = await ledger.createEnvironment(
    { name: 'prod', type: 'production', clouds: [cloud.target] },
    { actor: user('ada') },
  )
  const executor = ledger.runDeployments()
  const deployment = await prod.deploy({
    trigger: gitPush({ commit: 'c1', ref: 'main', pusher: 'ada' }),
    model: tree(size, 0),
  })
  await deployment.completed()
  await executor.stop()
  return prod
}

/** Nodes with twelve properties, each depending on the parent that ten share. */
function tree(size: number, changed: number): ApplicationModelInput {
  const needs = Array.from({ length: size }, (_, index) => ({
    node: nodeId(index),
    properties: properties(index, index < changed ? '2' : '1'),
    dependsOn: index === 0 ? [] : [nodeId(Math.floor((index - 1) / 10))],
  }))
  return { services: [], needs }
}
