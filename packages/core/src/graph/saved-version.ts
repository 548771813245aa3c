import type { Actor } from '../access/actor.ts'
import type { Cause } from './cause.ts'
import type { NodeVersion } from './versions.ts'

/**
 * A node version with all its properties, as a list: an environment has as many as it has nodes, and lists without the names of their
 * fields are read in half the time. Its actor and cause are places in the lists of {@link SharedValues}. JSON has null for undefined.
 */
export type SavedVersion = readonly [
  version: number,
  incarnation: number,
  graphVersion: number,
  recordedAt: string,
  revision: number,
  actor: number,
  cause: number,
  properties: NodeVersion['properties'],
  changed: NodeVersion['changed'],
  effectiveAt: NodeVersion['effectiveAt'] | null,
  ref: NodeVersion['ref'] | null,
  retired: NodeVersion['retired'] | null,
]

/** What many versions have in common, once each. */
export type SharedValues = { readonly actors: readonly Actor[]; readonly causes: readonly Cause[] }

/** Takes versions down, and what they share. */
export type VersionSaver = { readonly save: (version: NodeVersion) => SavedVersion; readonly shared: SharedValues }

export function versionSaver(): VersionSaver {
  const [actors, causes] = [distinct<Actor>(), distinct<Cause>()]
  return {
    shared: { actors: actors.values, causes: causes.values },
    save: (version) => [
      version.version,
      version.incarnation,
      version.graphVersion,
      version.recordedAt,
      version.revision,
      actors.placeOf(version.actor),
      causes.placeOf(version.cause),
      version.properties,
      version.changed,
      version.effectiveAt,
      version.ref,
      version.retired,
    ],
  }
}

/** The version that was saved. */
export function loadedVersion(saved: SavedVersion, { actors, causes }: SharedValues): NodeVersion {
  const [version, incarnation, graphVersion, recordedAt, revision, actor, cause, properties, changed, ...rest] = saved
  const [effectiveAt, ref, retired] = rest
  return {
    version,
    incarnation,
    graphVersion,
    recordedAt,
    effectiveAt: effectiveAt ?? undefined,
    revision,
    actor: at(actors, actor),
    cause: at(causes, cause),
    properties,
    changed,
    ref: ref ?? undefined,
    retired: retired ?? undefined,
  }
}

function at<Value>(values: readonly Value[], place: number): Value {
  const value = values[place]
  if (value === undefined) throw new Error(`A saved version names a shared value ${place} that was not saved`)
  return value
}

/** Distinct values by their text, in the order in which they are met. */
function distinct<Value>(): { readonly values: Value[]; readonly placeOf: (value: Value) => number } {
  const values: Value[] = []
  const places = new Map<string, number>()
  return {
    values,
    placeOf(value) {
      const text = JSON.stringify(value)
      const known = places.get(text)
      if (known !== undefined) return known
      places.set(text, values.length)
      return values.push(value) - 1
    },
  }
}
