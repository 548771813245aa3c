import type { Properties, ProviderRef } from '@infraledger/core/adapter'

/** A node of a graph, as far as it matters here. */
export type ExportedNode = {
  readonly id: string
  readonly properties: Properties
  readonly ref?: ProviderRef
}

/** A node that a provider knows, and its Terraform type. */
export type ExportedResource = {
  readonly type: string
  readonly ref: ProviderRef
  /** A Terraform attribute that is a text, wherever the import kept it: under its own name or under `provider.*`. */
  readonly attribute: (name: string) => string | undefined
}

/** Types that adapters give a resource, where they differ from Terraform's. */
const TERRAFORM_TYPES: { readonly [refType: string]: string } = {
  'aws/rds-instance': 'aws_db_instance',
  'gcp/sql-instance': 'google_sql_database_instance',
}

/** Terraform's types are `<provider>_<thing>`. */
const TERRAFORM_TYPE = /^[a-z][a-z0-9]*_[a-z0-9_]+$/

/** What a node is to Terraform; else the reason why it is nothing to it. */
export function exportedResource({ properties, ref }: ExportedNode): ExportedResource | string {
  if (ref === undefined) return 'the ledger knows of no resource of a provider behind it'
  const type = TERRAFORM_TYPES[`${ref.provider}/${ref.type}`] ?? (TERRAFORM_TYPE.test(ref.type) ? ref.type : undefined)
  if (type === undefined) return `no Terraform type is known for ${ref.type} of ${ref.provider}`
  return {
    type,
    ref,
    attribute(name) {
      const value = properties[name] ?? properties[`provider.${name}`]
      return typeof value === 'string' && value !== '' ? value : undefined
    },
  }
}
