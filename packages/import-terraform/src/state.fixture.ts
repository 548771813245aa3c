import { hmacFingerprinter, isLedgerError } from '@infraledger/core/adapter'
import type { ImportedGraph, ImportedNode, JsonValue, LedgerError } from '@infraledger/core/adapter'
import { readTerraformState } from './read-terraform-state.ts'

/** An instance as a test writes it; the rest of what a state says is filled in. */
export type InstanceFixture = { readonly attributes?: object | undefined; readonly [member: string]: unknown }

/** A resource of the AWS provider in the root module, unless the test says otherwise. */
export function resource(address: string, instances: readonly InstanceFixture[], more: object = {}): object {
  const [type, name] = address.split('.')
  return {
    mode: 'managed',
    type,
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: instances.map((instance) => ({ schema_version: 0, ...instance })),
    ...more,
  }
}

/** The text of a state with these resources. */
export function stateText(resources: readonly object[], more: object = {}): string {
  return JSON.stringify({
    version: 4,
    terraform_version: '1.9.0',
    serial: 1,
    lineage: 'l-1',
    outputs: {},
    resources,
    ...more,
  })
}

export const fingerprint = hmacFingerprinter({ keyId: 'test', key: new TextEncoder().encode('key') })

/** Reads a state of these resources. */
export function read(resources: readonly object[], more: object = {}): ImportedGraph {
  return readTerraformState(stateText(resources, more), { name: 'prod.tfstate', fingerprint })
}

/** Reads a state of one instance and gives its node. */
export function readOne(type: string, attributes: object, more: InstanceFixture = {}): ImportedNode {
  const [node] = read([resource(`${type}.x`, [{ attributes, ...more }])]).nodes
  if (node === undefined) throw new Error('the state has no node')
  return node
}

/** The properties of a state of one instance. */
export function propertiesOf(type: string, attributes: object, more: InstanceFixture = {}): Record<string, JsonValue> {
  return { ...readOne(type, attributes, more).properties }
}

/** The error that a call throws. */
export function refusal(call: () => unknown): LedgerError {
  try {
    call()
  } catch (error) {
    if (isLedgerError(error)) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** Edges as `from -> to`. */
export function edgesOf(graph: ImportedGraph): readonly string[] {
  return graph.edges.map(({ from, to }) => `${from} -> ${to}`).toSorted()
}
