import type { FakeCloud } from '@infraledger/testkit'
import { refKey } from '../../cloud/provider-ref.ts'
import type { ProviderRef } from '../../cloud/provider-ref.ts'
import type { JsonValue } from '../../json.ts'

/** What was really so at the provider, as far as somebody may still be hearing of it. */
export interface Truths {
  /** Looks at everything, before it changes. */
  remember(): void
  /** Values that the property of a resource has, and had where answers come late. */
  of(ref: ProviderRef, property: string): readonly JsonValue[]
}

/** The truth about a cloud; `late` where its answers may tell what was so a while ago. */
export function truthsOf(cloud: FakeCloud, late: boolean): Truths {
  const past = new Map<string, Map<string, JsonValue>>()
  return {
    remember() {
      if (!late) return
      for (const { ref, properties } of cloud.inspect.resources()) {
        for (const [property, value] of Object.entries(properties)) {
          const key = `${refKey(ref)}|${property}`
          const values = past.get(key) ?? new Map<string, JsonValue>()
          past.set(key, values.set(JSON.stringify(value), value))
        }
      }
    },
    of(ref, property) {
      const now = cloud.inspect.resource(ref)
      const before = past.get(`${refKey(now?.ref ?? ref)}|${property}`)?.values() ?? []
      return [...(now === undefined ? [] : [now.properties[property] ?? null]), ...before]
    },
  }
}
