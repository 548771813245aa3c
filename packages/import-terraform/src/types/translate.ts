import type { JsonValue, Properties } from '@infraledger/core/adapter'
import { flattenAttributes } from '../properties/flatten.ts'
import { mapKey } from '../properties/property-key.ts'
import { attributeAt, isAttributes } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import { neutralValue } from './neutral-value.ts'
import { given } from './type-translation.ts'
import type { TypeTranslation } from './type-translation.ts'

/** The properties of an instance whose type has a neutral kind. Nothing is lost: what has no neutral name is under `provider.*`. */
export function translate(translation: TypeTranslation, given_: Attributes): Properties {
  const attributes = translation.prepare?.(given_) ?? given_
  const derived = translation.derive?.(attributes) ?? { properties: {}, said: [] }
  const labels = labelsOf(translation.labels ?? [], attributes)
  const said = new Set(derived.said)
  const properties: Record<string, JsonValue> = {}
  for (const [path, value] of flattenAttributes(attributes, new Set(translation.blocks))) {
    if (said.has(path) || labels.said.some((map) => path.startsWith(`${map}["`))) continue
    const neutral = translation.neutral?.[path]
    const translated = neutral === undefined ? undefined : neutralValue(value, neutral.as)
    if (neutral === undefined || translated === undefined) properties[`provider.${path}`] = value
    else properties[neutral.to] = translated
  }
  return { ...properties, ...labels.properties, ...given(derived.properties) }
}

/** Labels are text; a secret one, which no kind accepts as a label, stays under `provider.*` with the rest of its map. */
function labelsOf(
  maps: readonly string[],
  attributes: Attributes,
): { properties: Properties; said: readonly string[] } {
  for (const map of maps) {
    const found = attributeAt(attributes, map)
    if (!isAttributes(found)) continue
    const entries = Object.entries(found).filter(([, value]) => value !== null)
    if (entries.some(([, value]) => neutralValue(value, 'text') === undefined)) return { properties: {}, said: [] }
    return { properties: Object.fromEntries(entries.map(([key, value]) => [mapKey('labels', key), value])), said: maps }
  }
  return { properties: {}, said: [] }
}
