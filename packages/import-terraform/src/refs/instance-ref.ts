import { providerRefSchema } from '@infraledger/core/adapter'
import type { ProviderRef } from '@infraledger/core/adapter'
import { textAt } from '../state/attributes.ts'
import type { Attributes } from '../state/attributes.ts'
import type { StateInstance } from '../state/state-instances.ts'
import { typeTranslation } from '../types/type-translations.ts'
import { accountAndRegion } from './account-and-region.ts'
import { isToolSide, providerName } from './provider-name.ts'
import { isGeneratedId, isWorldwideId, selfLinkId } from './worldwide-id.ts'

/**
 * How the provider knows an instance, from its attributes with secrets hidden. Undefined where nothing in them identifies it beyond
 * doubt: then its address is its identity.
 */
export function instanceRef(instance: StateInstance, attributes: Attributes): ProviderRef | undefined {
  const provider = providerName(instance.providerAddress, instance.type)
  if (isToolSide(provider)) return undefined
  const identity = typeTranslation(instance.type)?.identity?.(attributes) ?? generalIdentity(instance, attributes)
  if (identity === undefined) return undefined
  const ref = providerRefSchema.safeParse({ provider, ...accountAndRegion(provider, attributes), ...identity })
  return ref.success ? ref.data : undefined
}

/** What identifies a thing within its provider. Without `id`, the name does, together with account and region. */
export type Identity = { readonly type: string; readonly name: string; readonly id?: string }

function generalIdentity(instance: StateInstance, attributes: Attributes): Identity | undefined {
  const id = worldwideId(attributes)
  if (id === undefined) return undefined
  return { type: instance.type, name: textAt(attributes, 'name') ?? textAt(attributes, 'id') ?? instance.name, id }
}

/**
 * Ids that AWS makes come before ARNs: providers added the ARN of many types years later, and an upgrade of the provider must not look
 * like another thing.
 */
function worldwideId(attributes: Attributes): string | undefined {
  const id = textAt(attributes, 'id')
  if (id !== undefined && isGeneratedId(id)) return id
  const arn = textAt(attributes, 'arn')
  if (arn?.startsWith('arn:') === true) return arn
  const selfLink = textAt(attributes, 'self_link')
  if (selfLink?.startsWith('https://') === true) return selfLinkId(selfLink)
  return id !== undefined && isWorldwideId(id) ? id : undefined
}
