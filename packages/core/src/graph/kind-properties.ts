import type { JsonValue, Properties } from '../json.ts'
import type { KindProperties } from './standard-kinds.ts'

/** What the ledger keeps of an observed resource beyond its neutral properties. */
type ProviderProperties = { readonly [property: `provider.${string}`]: JsonValue | undefined }

/** The properties of a node of a kind: typed where the kind is known (see {@link KindProperties}), any JSON where it is not. */
export type NodeProperties<K extends string = string> = K extends keyof KindProperties
  ? Readonly<KindProperties[K]> & ProviderProperties
  : Properties

/** An id that names its kind: `sql-instance/main` is a `NodeIdOf<'sql-instance'>`. */
export type NodeIdOf<K extends string> = `${K}/${string}`
