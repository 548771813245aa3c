import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { JsonValue } from '../json.ts'
import { z } from 'zod'
import { closest } from './closest.ts'
import type { Kind, PropertyDefinition } from './kind.ts'
import { isSecretReference } from './secret.ts'

/** The kinds that one ledger knows. */
export interface KindCatalogue {
  find(kind: string): Kind | undefined
  /** The kind, or for an unknown one an open, stateful stand-in (OWN 3). */
  orUnknown(kind: string): Kind
  names(): readonly string[]
}

/** Largest property value that is accepted, as JSON text in UTF-8. */
export const PROPERTY_VALUE_BYTES = 256 * 1024

/** Builds a catalogue; a later kind of the same name replaces an earlier one. */
export function kindCatalogue(kinds: readonly Kind[]): KindCatalogue {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]))
  const unknown = new Map<string, Kind>()
  return {
    find: (kind) => byName.get(kind),
    orUnknown(kind) {
      const known = byName.get(kind) ?? unknown.get(kind)
      if (known !== undefined) return known
      const standIn = unknownKind(kind)
      unknown.set(kind, standIn)
      return standIn
    },
    names: () => [...byName.keys()],
  }
}

function unknownKind(name: string): Kind {
  return {
    name,
    statefulness: 'stateful',
    phase: 'provision',
    open: true,
    properties: new Map(),
    lastCopy: 'loss-acknowledged',
    satisfiedBy: [name],
  }
}

const OPEN_PROPERTY: PropertyDefinition = {
  schema: z.unknown(),
  owner: 'user',
  impact: 'online',
  secret: false,
  growthOnly: false,
  unordered: false,
  prefixMatch: false,
  map: false,
}

/** The map that a key such as `labels["team"]` belongs to, or undefined for a plain key. */
export function mapOfKey(property: string): string | undefined {
  const bracket = property.indexOf('["')
  return bracket > 0 && property.endsWith('"]') ? property.slice(0, bracket) : undefined
}

/** What a kind says of a property key; undefined where it is unknown and the kind is not open. */
export function propertyOf(kind: Kind, property: string): PropertyDefinition | undefined {
  const exact = kind.properties.get(property)
  if (exact !== undefined && !exact.map) return exact
  const map = mapOfKey(property)
  const member = map === undefined ? undefined : kind.properties.get(map)
  if (member?.map === true) return member
  return kind.open && isOpenKey(kind, property) ? OPEN_PROPERTY : undefined
}

/** Kinds that name their properties leave `provider.*` open; unknown kinds and imported types take any key. */
function isOpenKey(kind: Kind, property: string): boolean {
  return kind.properties.size === 0 || property.startsWith('provider.')
}

/** Checks one property and its value against the kind (GRAPH 8); undefined when it fits. */
export function checkProperty(kind: Kind, property: string, value: JsonValue): Rejection | undefined {
  const definition = propertyOf(kind, property)
  if (definition === undefined) {
    const near = closest(property, [...kind.properties.keys()])
    return reject('property-unknown', `${kind.name} has no property "${property}"${didYouMean(near)}`, {
      kind: kind.name,
      property,
      closest: near,
    })
  }
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes > PROPERTY_VALUE_BYTES) {
    return reject(
      'property-value-too-large',
      `the value of ${property} is ${bytes} bytes; at most ${PROPERTY_VALUE_BYTES} are kept: store it elsewhere and record a reference`,
      {
        property,
        bytes,
        limitBytes: PROPERTY_VALUE_BYTES,
      },
    )
  }
  if (definition.secret) {
    if (isSecretReference(value)) return undefined
    return invalid(kind, property, 'is a secret: give a reference to where it is kept, never the value')
  }
  const parsed = definition.schema.safeParse(value)
  return parsed.success
    ? undefined
    : invalid(kind, property, parsed.error.issues.map(({ message }) => message).join('; '))
}

/** Says that a kind is unknown, with the closest known ones. */
export function unknownKindRejection(catalogue: KindCatalogue, kind: string): Rejection {
  const near = closest(kind, catalogue.names())
  return reject(
    'kind-unknown',
    `there is no kind "${kind}"${didYouMean(near)}; own kinds are given to openLedger({ kinds })`,
    { kind, closest: near },
  )
}

function invalid(kind: Kind, property: string, problem: string): Rejection {
  return reject('property-invalid', `${kind.name}: ${property} ${problem}`, { kind: kind.name, property, problem })
}

/** `; did you mean "a" or "b"?`, or nothing. */
export function didYouMean(near: readonly string[]): string {
  return near.length === 0 ? '' : `; did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
}
