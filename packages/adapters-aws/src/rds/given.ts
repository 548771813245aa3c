import type { JsonValue, Properties } from '@infraledger/core/adapter'

/** Properties without those that the provider did not give. */
export function given(properties: { readonly [property: string]: JsonValue | undefined }): Properties {
  const found: Record<string, JsonValue> = {}
  for (const [property, value] of Object.entries(properties)) if (value !== undefined) found[property] = value
  return found
}
