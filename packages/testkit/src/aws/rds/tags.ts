import type { JsonValue, Properties } from '@infraledger/core/adapter'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'

type Tag = { readonly key: string; readonly value: string }

/** Tags as properties of the fake cloud: `labels["team"]`. */
export function tagProperties(tags: readonly Tag[]): Properties {
  return Object.fromEntries(tags.map(({ key, value }) => [tagProperty(key), value]))
}

/** The property that holds a tag. */
export function tagProperty(key: string): string {
  return `labels[${JSON.stringify(key)}]`
}

/** The tags among the properties of a resource. */
export function tagsOf(properties: Properties): readonly Tag[] {
  return Object.entries(properties).flatMap(([property, value]) => {
    const key = keyIn(property)
    return key === undefined ? [] : [{ key, value: textOf(value) }]
  })
}

/** `TagList` of the RDS API. */
export function tagElements(properties: Properties): XmlValue {
  return items(
    'Tag',
    tagsOf(properties).map(({ key, value }) => ({ Key: key, Value: value })),
  )
}

function keyIn(property: string): string | undefined {
  const match = /^labels\[(".*")\]$/s.exec(property)
  const key: unknown = match?.[1] === undefined ? undefined : JSON.parse(match[1])
  return typeof key === 'string' ? key : undefined
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
