import type { z } from 'zod'
import type { Impact } from './impact.ts'

/**
 * Whose a property is, which decides what drift on it means: `app` (declared by code), `user` (change requests or the console),
 * `enforced` (reverted, never adopted), `provider` (output-only or volatile: recorded, never compared).
 */
export type PropertyOwner = 'app' | 'user' | 'enforced' | 'provider'

/** What a removal of a stateful node must leave or prove (PROTECT 6). */
export type LastCopyRule = 'final-snapshot' | 'must-be-empty' | 'loss-acknowledged'

/** One property of a kind. */
export type PropertyDefinition = {
  readonly schema: z.ZodType
  readonly owner: PropertyOwner
  /** What changing it means where the provider does not say otherwise; `replace` makes it immutable. */
  readonly impact: Impact
  /** Stored as a reference and a keyed fingerprint only. */
  readonly secret: boolean
  /** May only grow: observed growth is adopted, a smaller value is never planned (DRIFT 15). */
  readonly growthOnly: boolean
  /** Lists compare as sets. */
  readonly unordered: boolean
  /** A wanted `15` is met by an observed `15.4` (engine versions). */
  readonly prefixMatch: boolean
  /** The property is a map: its members are keys such as `labels["a.b"]`. */
  readonly map: boolean
  /**
   * The provider derives it from that property: nobody sets it, whoever writes that one brings it about, and a change of it alone is
   * drift (the digest of an image whose tag was moved).
   */
  readonly follows?: string
  /** Value given at creation when nobody asks for another. */
  readonly creationDefault?: z.core.util.JSONType
  /** Values that weaken posture: their adoption is alerted (DRIFT 8). */
  readonly weakens?: (value: unknown, before: unknown) => boolean
}

/** The type of a node. Build one with `defineKind`. */
export type Kind<Name extends string = string> = {
  readonly name: Name
  readonly statefulness: 'stateful' | 'stateless'
  /** Phase in which it is created and changed: what runs the application is rolled out in `deploy`. */
  readonly phase: 'provision' | 'deploy'
  readonly properties: ReadonlyMap<string, PropertyDefinition>
  /** Accepts properties that it does not name (imported types, `provider.*`). */
  readonly open: boolean
  /** For stateful kinds: how their last copy is kept. */
  readonly lastCopy?: LastCopyRule
  /** A need of this kind lives on a resource of that kind (a database on an instance), created with it when there is none. */
  readonly hostedOn?: string
  /** Kinds that may satisfy a need of this kind through `bind`; its own and `hostedOn` if left out. */
  readonly satisfiedBy: readonly string[]
}
