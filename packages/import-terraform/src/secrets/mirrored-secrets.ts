import { isJsonArray, isSecretReference } from '@infraledger/core/adapter'
import type { JsonValue } from '@infraledger/core/adapter'
import { isAttributes } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import type { Hide } from './hide.ts'

/** Attributes that repeat another one, which Terraform marks and the repetition not. */
const MIRRORS: ReadonlyMap<string, { readonly of: string; readonly in: string }> = new Map([
  ['kubernetes_manifest', { of: 'manifest', in: 'object' }],
  ['terraform_data', { of: 'input', in: 'output' }],
])

/** Hides in a repetition what is hidden already in the attribute that it repeats. */
export function hideMirrored(type: string, attributes: Attributes, hide: Hide): Attributes {
  const mirror = MIRRORS.get(type)
  const [shown, repeated] = mirror === undefined ? [] : [attributes[mirror.of], attributes[mirror.in]]
  if (mirror === undefined || shown === undefined || repeated === undefined) return attributes
  return { ...attributes, [mirror.in]: hideLike(repeated, shown, hide) }
}

/** Parts that do not fit each other are hidden whole where anything is hidden: rather too much than too little. */
function hideLike(value: JsonValue, shown: JsonValue, hide: Hide): JsonValue {
  if (!holdsHidden(shown)) return value
  if (isSecretReference(shown)) return hide(value)
  if (isJsonArray(shown) && isJsonArray(value) && shown.length === value.length)
    return value.map((item, index) => hideLike(item, shown[index] ?? null, hide))
  if (!isAttributes(shown) || !isAttributes(value)) return hide(value)
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, hideLike(member, shown[name] ?? null, hide)]),
  )
}

function holdsHidden(value: JsonValue): boolean {
  if (isSecretReference(value)) return true
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((part: JsonValue) => holdsHidden(part))
  )
}
