import assert from 'node:assert/strict'
import type {
  CreateRequest,
  Operation,
  OperationUpdate,
  Properties,
  ProviderRef,
  ResourceObservation,
} from '@infraledger/core/adapter'
import type { CloudProviderHarness } from './harness.ts'

/** The end of an operation. */
export type Completed = Extract<OperationUpdate, { type: 'completed' }>

/** Drives an operation to its end, which must be its only `completed` and its last word. */
export async function finish(operation: Operation): Promise<Completed> {
  const updates: OperationUpdate[] = []
  for await (const update of operation) updates.push(update)
  const last = updates.pop()
  assert.ok(last?.type === 'completed', `an operation ends with completed, not ${JSON.stringify(last)}`)
  assert.ok(
    updates.every(({ type }) => type === 'progress'),
    'nothing but progress comes before completed',
  )
  return last
}

/** Asks for the sample under a name; what is given wins over what the sample says. */
export function creation(
  { target, sample, name }: CloudProviderHarness,
  hint: string,
  properties: Properties = {},
): CreateRequest {
  return {
    target,
    kind: sample.kind,
    name: name(hint),
    properties: { ...sample.properties, ...properties },
    dependencies: [],
  }
}

/** Makes one sample and answers with what the provider says of it. */
export async function make(
  harness: CloudProviderHarness,
  hint: string,
  properties: Properties = {},
): Promise<ResourceObservation> {
  const operation = harness.provider.create(creation(harness, hint, properties), { idempotencyKey: `create ${hint}` })
  const { observation } = await finish(operation)
  assert.ok(observation, 'a creation is completed with the resource')
  return observation
}

/** What the provider says of these refs, in one list each. */
export async function observe(
  { provider }: CloudProviderHarness,
  refs: readonly ProviderRef[],
): Promise<{ found: ResourceObservation[]; missing: ProviderRef[]; failed: unknown[]; pages: number }> {
  const all = { found: [] as ResourceObservation[], missing: [] as ProviderRef[], failed: [] as unknown[], pages: 0 }
  for await (const page of provider.observe(refs)) {
    all.pages += 1
    all.found.push(...page.found)
    all.missing.push(...page.missing)
    all.failed.push(...page.failed)
  }
  return all
}

/** What the provider says of one resource that must be there. */
export async function read(harness: CloudProviderHarness, ref: ProviderRef): Promise<ResourceObservation> {
  const { found } = await observe(harness, [ref])
  const [observation] = found
  assert.ok(observation && found.length === 1, `${ref.name} is found once`)
  return observation
}

/** Those of the observed properties that `like` names. */
export function valuesOf(observation: ResourceObservation, like: Properties): Properties {
  return Object.fromEntries(Object.keys(like).map((key) => [key, observation.properties[key] ?? null]))
}

/** All properties that are compared: without what churns by itself. */
export function steadyValues({ properties, volatile }: ResourceObservation): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !volatile.includes(key)))
}
