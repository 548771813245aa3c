import type { z } from 'zod'
import type { Kind, LastCopyRule, PropertyDefinition, PropertyOwner } from './kind.ts'
import type { Impact } from './impact.ts'

/** One property as its author writes it; what is left out has the default named. */
export type PropertyInput<S extends z.ZodType = z.ZodType> = {
  /** Checks values; a map property (`map: true`) gives the schema of one member. */
  readonly schema: S
  /** Default `user`. */
  readonly owner?: PropertyOwner
  /** Default `online`; `replace` makes the property immutable. */
  readonly impact?: Impact
  readonly secret?: boolean
  readonly growthOnly?: boolean
  readonly unordered?: boolean
  readonly prefixMatch?: boolean
  readonly map?: boolean
  readonly follows?: string
  readonly creationDefault?: z.core.util.JSONType
  readonly weakens?: (value: unknown, before: unknown) => boolean
}

/** A kind as its author writes it. */
export type KindInput<Name extends string, Shape extends Record<string, PropertyInput>> = {
  readonly name: Name
  readonly statefulness: 'stateful' | 'stateless'
  readonly properties: Shape
  /** Default `provision`. */
  readonly phase?: 'provision' | 'deploy'
  /** Default false: an unknown property is an error. */
  readonly open?: boolean
  /** Default for stateful kinds: `loss-acknowledged`. */
  readonly lastCopy?: LastCopyRule
  readonly hostedOn?: string
  readonly satisfiedBy?: readonly string[]
}

/** A kind together with the shape it was defined with, from which its property types are inferred. */
export type DefinedKind<Name extends string, Shape extends Record<string, PropertyInput>> = Kind<Name> & {
  readonly shape: Shape
}

/** The property values of a kind; map properties appear as their members (`labels["…"]`). */
export type PropertiesOf<K> =
  K extends DefinedKind<string, infer Shape>
    ? {
        [P in keyof Shape as Shape[P] extends { map: true } ? `${P & string}["${string}"]` : P]?: z.infer<
          Shape[P]['schema']
        >
      }
    : never

/**
 * Defines a kind of node. Hand it to `openLedger({ kinds })`; to have patches typed, add it to {@link KindProperties}.
 *
 * @example
 * const featureFlag = defineKind({
 *   name: 'feature-flag',
 *   statefulness: 'stateless',
 *   properties: { enabled: { schema: z.boolean() }, rollout: { schema: z.number().min(0).max(100) } },
 * })
 * declare module '@infraledger/core' {
 *   interface KindProperties { 'feature-flag': PropertiesOf<typeof featureFlag> }
 * }
 */
export function defineKind<const Name extends string, const Shape extends Record<string, PropertyInput>>(
  input: KindInput<Name, Shape>,
): DefinedKind<Name, Shape> {
  const lastCopy = input.lastCopy ?? (input.statefulness === 'stateful' ? 'loss-acknowledged' : undefined)
  return {
    name: input.name,
    statefulness: input.statefulness,
    phase: input.phase ?? 'provision',
    open: input.open ?? false,
    properties: new Map(Object.entries(input.properties).map(([name, property]) => [name, withDefaults(property)])),
    satisfiedBy: input.satisfiedBy ?? [input.name, ...(input.hostedOn === undefined ? [] : [input.hostedOn])],
    ...(lastCopy === undefined ? {} : { lastCopy }),
    ...(input.hostedOn === undefined ? {} : { hostedOn: input.hostedOn }),
    shape: input.properties,
  }
}

function withDefaults(input: PropertyInput): PropertyDefinition {
  return {
    schema: input.schema,
    owner: input.owner ?? 'user',
    impact: input.impact ?? 'online',
    secret: input.secret ?? false,
    growthOnly: input.growthOnly ?? false,
    unordered: input.unordered ?? false,
    prefixMatch: input.prefixMatch ?? false,
    map: input.map ?? false,
    ...(input.follows === undefined ? {} : { follows: input.follows }),
    ...(input.creationDefault === undefined ? {} : { creationDefault: input.creationDefault }),
    ...(input.weakens === undefined ? {} : { weakens: input.weakens }),
  }
}
