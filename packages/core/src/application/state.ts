import type { Handlers } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import { compareIds } from './declaration.ts'
import type { Declaration } from './declaration.ts'

/** What one commit declares, by node, in the order of node ids. */
export type Model = {
  /** SHA-256 over the canonical declarations: the same declarations have the same digest, whatever the commit. */
  readonly digest: string
  /** Where it was recorded last from. */
  readonly commit: string
  readonly declarations: ReadonlyMap<NodeId, Declaration>
}

/** The models that decisions still need: the last recorded, the last successfully deployed, and those of deployments under way. */
export type ApplicationSlice = {
  readonly models: Map<string, Model>
  /** Digest of the model recorded last; the base that the next one is written against. */
  latest: string | undefined
  /** Digest of the model of the last deployment that succeeded. */
  deployed: string | undefined
  /** Models of deployments that have not ended. */
  readonly underWay: Map<string, string>
  /** A model that is being recorded. */
  building: ModelInParts | undefined
}

/** A model of which `part` of `parts` are recorded. */
export type ModelInParts = {
  readonly digest: string
  readonly base: string | null
  readonly parts: number
  part: number
  readonly declarations: Map<NodeId, Declaration>
}

/** No model yet. */
export function emptyApplication(): ApplicationSlice {
  return { models: new Map(), latest: undefined, deployed: undefined, underWay: new Map(), building: undefined }
}

/** The model of the last deployment that succeeded: what "unused" is decided on (OWN 2). */
export function deployedModel(slice: ApplicationSlice): Model | undefined {
  return slice.deployed === undefined ? undefined : slice.models.get(slice.deployed)
}

/** What each event does to the slice. */
export const applicationHandlers = {
  ApplicationModelRecorded(slice, { data }) {
    const { digest, base, part, parts, commit } = data
    if (part === 1 || slice.building?.digest !== digest) {
      const known = base === null ? undefined : slice.models.get(base)
      slice.building = { digest, base, parts, part, declarations: new Map(known?.declarations) }
    }
    const { declarations } = slice.building
    slice.building.part = part
    for (const node of data.withdrawn) declarations.delete(node)
    for (const declaration of data.declared) declarations.set(declaration.node, declaration)
    if (part < parts) return
    slice.models.set(digest, { digest, commit, declarations: inOrder(declarations) })
    slice.latest = digest
    slice.building = undefined
    forgetUnneeded(slice)
  },
  DeploymentTriggered(slice, { data }) {
    slice.underWay.set(data.deployment, data.model)
  },
  DeploymentSucceeded(slice, { data }) {
    slice.deployed = slice.underWay.get(data.deployment) ?? slice.deployed
    ended(slice, data.deployment)
  },
  DeploymentFailed: (slice, { data }) => ended(slice, data.deployment),
  DeploymentCancelled: (slice, { data }) => ended(slice, data.deployment),
  DeploymentSuperseded: (slice, { data }) => ended(slice, data.deployment),
  DeploymentRejected: (slice, { data }) => ended(slice, data.deployment),
} satisfies Handlers<ApplicationSlice>

function ended(slice: ApplicationSlice, deployment: string): void {
  slice.underWay.delete(deployment)
  forgetUnneeded(slice)
}

function forgetUnneeded(slice: ApplicationSlice): void {
  const needed = new Set([slice.latest, slice.deployed, ...slice.underWay.values()])
  for (const digest of slice.models.keys()) if (!needed.has(digest)) slice.models.delete(digest)
}

/** In the order of node ids, so that a model read back is planned like the one that was given. */
function inOrder(declarations: Map<NodeId, Declaration>): Map<NodeId, Declaration> {
  let previous = ''
  for (const node of declarations.keys()) {
    if (compareIds(previous, node) > 0) return new Map([...declarations].toSorted(([a], [b]) => compareIds(a, b)))
    previous = node
  }
  return declarations
}
