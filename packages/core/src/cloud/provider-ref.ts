import { z } from 'zod'

/**
 * How a provider knows a resource. `id` is its immutable id where there is one (RDS `DbiResourceId`, an ARN of a thing that cannot be
 * renamed); `name` may be reused for another thing after a deletion, so it identifies only together with the id.
 */
export const providerRefSchema = z.strictObject({
  /** `aws`, `gcp`, `fake`… */
  provider: z.string().min(1).max(64),
  /** AWS account id, Google Cloud project. */
  account: z.string().max(256).optional(),
  region: z.string().max(64).optional(),
  /** The provider's own type: `rds-instance`, `sql-instance`, `aws_security_group`… */
  type: z.string().min(1).max(128),
  name: z.string().min(1).max(2_048),
  id: z.string().min(1).max(2_048).optional(),
})

export type ProviderRef = Readonly<z.infer<typeof providerRefSchema>>

/** The key under which two refs are the same thing: by immutable id where known. */
export function refKey(ref: ProviderRef): string {
  return ref.id === undefined ? nameKey(ref) : `${ref.provider}|${ref.type}|#${ref.id}`
}

/** The key of a ref by its reusable name, for lookups before the immutable id is known. */
export function nameKey(ref: ProviderRef): string {
  return `${ref.provider}|${ref.account ?? ''}|${ref.region ?? ''}|${ref.type}|${ref.name}`
}
