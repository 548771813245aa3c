import type { EnvironmentState } from '../environment/state.ts'
import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { Kind } from '../graph/kind.ts'
import { aliveVersion, nodeByRef } from '../graph/state.ts'
import type { JsonValue, Properties } from '../json.ts'

/**
 * Properties that tell a replica by naming its source: the neutral one, and what providers call it (RDS `ReadReplicaSourceDBInstanceIdentifier`
 * as Terraform and our RDS adapter name it, Cloud SQL `masterInstanceName`). A relation alone never makes a replica: a wrong guess costs data.
 */
const SOURCE_PROPERTIES = ['replicaOf', 'provider.replicate_source_db', 'provider.master_instance_name'] as const

/** The source that properties name; undefined for what is no replica. RDS names a source in another region by its ARN, Cloud SQL with its project. */
export function sourceNamed(properties: Readonly<Record<string, JsonValue | undefined>>): string | undefined {
  for (const property of SOURCE_PROPERTIES) {
    const value = properties[property]
    if (typeof value === 'string' && value !== '') return value.split(':').at(-1)
  }
  return undefined
}

/**
 * The living node that a replica copies, in the same account. Undefined for what is no replica, and where the source is not known or gone:
 * then the replica may be all that is left of the data, and needs a last copy like anything else (PROTECT 6).
 */
export function sourceOf({ graph, drift }: EnvironmentState, node: NodeId): NodeId | undefined {
  const version = aliveVersion(graph, node)
  const name = version === undefined ? undefined : sourceNamed(version.properties)
  if (version?.ref === undefined || name === undefined) return undefined
  const { id: _id, ...place } = version.ref
  const source = nodeByRef(graph, { ...place, name })
  return source === undefined || source === node || drift.missing.has(source) ? undefined : source
}

/** Whether things of a kind can be replicas of each other. */
export function mayHaveReplicas({ properties }: Kind): boolean {
  return properties.has(SOURCE_PROPERTIES[0])
}

/** The living replicas of a node; looks at every node of its kind. */
export function replicasOf(state: EnvironmentState, node: NodeId): readonly NodeId[] {
  const kind = kindOf(node)
  const replicas: NodeId[] = []
  for (const history of state.graph.nodes.values())
    if (history.kind === kind && history.id !== node && sourceOf(state, history.id) === node) replicas.push(history.id)
  return replicas
}

/** Whether what a provider tells of a resource says that it is a replica still, right before it goes. */
export function isReplicaStill(observed: Properties): boolean {
  return sourceNamed(observed) !== undefined
}
