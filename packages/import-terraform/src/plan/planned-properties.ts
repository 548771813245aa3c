import { jsonEqual } from '@infraledger/core/adapter'
import type { ExternalChange, JsonValue, Properties } from '@infraledger/core/adapter'
import { attributeAt } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import { ownProperties } from '../types/own-type.ts'
import { translate } from '../types/translate.ts'
import type { TypeTranslation } from '../types/type-translation.ts'
import type { Marks } from './plan-schema.ts'
import { unknownPaths, unknownProperties } from './unknown-properties.ts'

/** The attributes of a change, with secrets hidden; nothing before a creation or after a removal. */
export type ChangedAttributes = {
  readonly before: Attributes | undefined
  readonly after: Attributes | undefined
  readonly unknown: Marks | undefined
}

/** What a change does to properties: their values before and after, and those that only the execution tells. */
export function plannedProperties(
  { before, after, unknown: marks }: ChangedAttributes,
  translation: TypeTranslation | undefined,
): Pick<ExternalChange, 'properties' | 'unknown'> {
  const [old, planned] = [propertiesOf(before, translation), propertiesOf(after, translation)]
  const unknown = unknownProperties(marks, translation)
  for (const property of undecidedDerived({ before, after, unknown: marks }, translation)) unknown.add(property)
  const properties: ExternalChange['properties'] = []
  for (const property of new Set([...Object.keys(old), ...Object.keys(planned)])) {
    const [was, will] = [valueOf(old, property), valueOf(planned, property)]
    const map = /^(.+)\["/s.exec(property)?.[1]
    const isUnknown = unknown.has(property) || (will === undefined && map !== undefined && unknown.has(`${map}[*]`))
    if (isUnknown || (was !== undefined && will !== undefined && jsonEqual(was, will))) continue
    properties.push({
      property,
      ...(was === undefined ? {} : { before: was }),
      ...(will === undefined ? {} : { after: will }),
    })
  }
  return { properties, unknown: [...unknown].toSorted() }
}

function propertiesOf(attributes: Attributes | undefined, translation: TypeTranslation | undefined): Properties {
  if (attributes === undefined) return {}
  return translation === undefined ? ownProperties(attributes) : translate(translation, attributes)
}

function valueOf(properties: Properties, property: string): JsonValue | undefined {
  return Object.hasOwn(properties, property) ? properties[property] : undefined
}

/**
 * Derived properties of which an attribute is unknown, while none of the others changes: what follows from them is not told. Where one
 * changes, that is what was asked for (an engine version, of which the exact one is told after).
 */
function undecidedDerived(
  { before, after, unknown }: ChangedAttributes,
  translation: TypeTranslation | undefined,
): readonly string[] {
  const open = new Set(unknownPaths(unknown, new Set(translation?.blocks)).map(({ path }) => path))
  if (open.size === 0) return []
  return Object.entries(translation?.derivedFrom ?? {}).flatMap(([property, paths]) => {
    if (!paths.some((path) => open.has(path))) return []
    const isAsked = paths.some((path) => {
      const [was, will] = [attributeAt(before ?? {}, path), attributeAt(after ?? {}, path)]
      return !open.has(path) && will !== undefined && will !== null && !jsonEqual(was ?? null, will)
    })
    return isAsked ? [] : [property]
  })
}
