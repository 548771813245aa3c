import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import type { PropertyDefinition } from '../graph/kind.ts'
import { meets } from '../graph/property-values.ts'
import { aliveVersion } from '../graph/state.ts'
import type { JsonValue } from '../json.ts'

/** What is known of one property at the provider; `undefined` for none. */
export type KnownValue = {
  /** In force. Drift that was not adopted is what is really there, so it is what a call must expect. */
  readonly there: JsonValue | undefined
  /** Written by a deployment of ours, and put off by the provider. */
  readonly putOff: JsonValue | undefined
}

/** What the ledger knows of a property of a living node. */
export function knownValue(
  { drift, graph, deployments }: EnvironmentState,
  node: NodeId,
  property: string,
): KnownValue {
  const difference = drift.open.get(node)?.get(property)
  return {
    there: difference === undefined ? aliveVersion(graph, node)?.properties[property] : difference.observed,
    putOff: deployments.deferred.get(node)?.get(property)?.value,
  }
}

/**
 * Whether a wanted value is there, on its way, or has to be written. One that is there has to be written, too, where another one is on
 * its way: that takes the other one back.
 */
export function needOf(
  definition: PropertyDefinition,
  wanted: JsonValue,
  { there, putOff }: KnownValue,
): 'there' | 'in-flight' | 'to-write' {
  if (putOff !== undefined) return meets(definition, wanted, putOff) ? 'in-flight' : 'to-write'
  return meets(definition, wanted, there ?? null) ? 'there' : 'to-write'
}
