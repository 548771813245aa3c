import { isPinned, parseImageReference } from '../compute/image-reference.ts'
import type { Runtime } from '../deployments/runtime.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { answered } from '../graph/answer.ts'
import type { Answer } from '../graph/answer.ts'
import type { NodeId } from '../graph/ids.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { recordedVersion } from '../graph/resolve-time.ts'
import { indexAt } from '../graph/versions.ts'
import type { NodeHistory } from '../graph/versions.ts'
import { isJsonArray } from '../json.ts'
import type { JsonValue } from '../json.ts'
import type { Lineage } from './lineage.ts'
import { lastPlace, propertyIndex } from './property-index.ts'
import { why } from './why.ts'

/** Since when it is so, and because of what and whom: of drift and imports no commit is known. */
export type VersionLineage = Pick<
  Lineage,
  'graphVersion' | 'recordedAt' | 'effective' | 'cause' | 'actor' | 'deployment' | 'drift' | 'import'
>

/** What a workload (a service, container, gateway or cron job) ran. What is `null` is not known. */
export type WorkloadVersion = VersionLineage & {
  readonly node: NodeId
  readonly kind: string
  /** The reference that all replicas ran; `null` also while several images did: `running` lists those. */
  readonly image: string | null
  /** What the reference meant when it was pulled, `sha256:…`. */
  readonly digest: string | null
  /** Whether the reference is a digest, so that nobody can move it. */
  readonly pinned: boolean | null
  /** The images that ran, where there was not one for all: a rollout stopped halfway. Else empty. */
  readonly running: readonly string[]
  /** How many were asked for. */
  readonly replicas: number | null
  /** What the deployment that brought the image said that it was built with. */
  readonly runtime: Runtime | null
}

/** Engine and version of a database or cache. */
export type EngineVersion = VersionLineage & {
  readonly node: NodeId
  readonly kind: string
  readonly engine: string | null
  readonly engineVersion: string | null
}

/** What ran in an environment, as the ledger knew it at a graph version. */
export type RunningVersions = {
  readonly environment: string
  readonly graphVersion: number
  /** When that graph version was recorded; left out for the empty graph. */
  readonly recordedAt?: string
  readonly workloads: readonly WorkloadVersion[]
  readonly engines: readonly EngineVersion[]
}

const IMAGE = ['image', 'image.digest', 'image.running'] as const
const ENGINE = ['engine', 'engineVersion'] as const

/** What ran at a graph version, by what the ledger recorded (COMPUTE 7). Looks at each node once, and never through its history. */
export function runningVersions(
  state: EnvironmentState,
  graphVersion: number,
  kinds: KindCatalogue,
): Answer<RunningVersions> {
  const workloads: WorkloadVersion[] = []
  const engines: EngineVersion[] = []
  for (const history of state.graph.nodes.values()) {
    const isWorkload = kinds.find(history.kind)?.phase === 'deploy'
    const place = indexAt(history.versions, graphVersion)
    const version = history.versions[place]
    // What began before a snapshot may have been there, and is not loaded.
    if (version === undefined && history.skipped > 0) return { type: 'not-loaded' }
    if (version === undefined || version.retired !== undefined) continue
    const { properties } = version
    if (!isWorkload && textOf(properties['engine']) === null && textOf(properties['engineVersion']) === null) continue
    const lineage = lineageOf(state, history, { place, graphVersion }, isWorkload ? IMAGE : ENGINE)
    if (lineage.type !== 'answered') return lineage
    const { id: node, kind } = history
    if (isWorkload)
      workloads.push({ node, kind, ...imageOf(properties), ...lineage.value, runtime: runtimeOf(lineage.value) })
    else
      engines.push({
        node,
        kind,
        engine: textOf(properties['engine']),
        engineVersion: textOf(properties['engineVersion']),
        ...lineage.value,
      })
  }
  const recorded = recordedVersion(state.graph, graphVersion)
  return answered({
    environment: state.environment.name,
    graphVersion,
    ...(recorded === undefined ? {} : { recordedAt: recorded.recordedAt }),
    workloads: workloads.toSorted(byNode),
    engines: engines.toSorted(byNode),
  })
}

type Place = { readonly place: number; readonly graphVersion: number }

/** The lineage of the last change among some properties; where none was ever told, that of the node’s beginning. */
function lineageOf(
  state: EnvironmentState,
  history: NodeHistory,
  { place, graphVersion }: Place,
  properties: readonly string[],
): Answer<VersionLineage> {
  const { byProperty, beginnings } = propertyIndex(history)
  const begin = lastPlace(beginnings, place) ?? 0
  let latest: { readonly property: string; readonly changed: number } | undefined
  for (const property of properties) {
    const changed = lastPlace(byProperty.get(property) ?? [], place)
    if (changed !== undefined && changed >= begin && changed > (latest?.changed ?? -1)) latest = { property, changed }
  }
  if (history.skipped > 0 && (latest?.changed ?? 0) === 0) return { type: 'not-loaded' }
  const found = why(state, history.id, latest?.property, { at: graphVersion, lastObserved: () => 'never' })
  if (found.type !== 'answered') return found
  const origin = latest === undefined ? (found.value.created ?? found.value) : found.value
  const { graphVersion: since, recordedAt, effective, cause, actor, deployment, drift } = origin
  return answered({
    graphVersion: since,
    recordedAt,
    effective,
    cause,
    actor,
    ...(deployment === undefined ? {} : { deployment }),
    ...(drift === undefined ? {} : { drift }),
    ...(origin.import === undefined ? {} : { import: origin.import }),
  })
}

function imageOf(
  properties: Readonly<Record<string, JsonValue>>,
): Pick<WorkloadVersion, 'image' | 'digest' | 'pinned' | 'running' | 'replicas'> {
  const image = textOf(properties['image'])
  const running = properties['image.running']
  const { replicas } = properties
  return {
    image,
    digest:
      textOf(properties['image.digest']) ?? (image === null ? null : (parseImageReference(image)?.digest ?? null)),
    pinned: image === null ? null : isPinned(image),
    running: running !== undefined && isJsonArray(running) ? running.filter((entry) => typeof entry === 'string') : [],
    replicas: typeof replicas === 'number' ? replicas : null,
  }
}

/** Of what was rolled out by hand, or imported, nobody told with what it was built. */
function runtimeOf({ cause, deployment }: VersionLineage): Runtime | null {
  return cause.type === 'deployment' ? (deployment?.runtime ?? null) : null
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function byNode(a: { readonly node: NodeId }, b: { readonly node: NodeId }): number {
  return a.node < b.node ? -1 : 1
}
