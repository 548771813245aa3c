import type { ApplicationModelInput } from '../../../application/model-input.ts'
import type { KindCatalogue } from '../../../graph/kind-catalogue.ts'
import type { Properties } from '../../../json.ts'

type Declared = { readonly node: string; readonly properties: Properties; readonly needed: readonly string[] }

/** What a model says, node by node, and whom each needs. */
export function declaredIn({ services, needs }: ApplicationModelInput): readonly Declared[] {
  const running = services.map(({ name, uses = [], dependsOn = [], properties = {}, ...own }) => ({
    node: `service/${name}`,
    properties: { ...properties, ...own },
    needed: [...uses.map(({ need }) => need), ...dependsOn],
  }))
  const others = needs.map((need) =>
    typeof need === 'string'
      ? { node: need, properties: {}, needed: [] }
      : { node: need.node, properties: need.properties ?? {}, needed: need.dependsOn ?? [] },
  )
  return [...running, ...others]
}

/** Nodes that need each other: what is left when everything that needs nothing is taken away, over and over. */
export function cyclesIn(model: ApplicationModelInput, kinds: KindCatalogue): readonly string[] {
  const declared = declaredIn(model)
  const known = new Set(declared.map(({ node }) => node))
  let left = declared.filter(({ node }) => kinds.find(node.split('/')[0] ?? '') !== undefined)
  for (;;) {
    const alive = new Set(left.map(({ node }) => node))
    const next = left.filter(({ needed }) => needed.some((node) => alive.has(node) && known.has(node)))
    if (next.length === left.length) break
    left = next
  }
  // What only leads into a cycle is not part of one.
  for (;;) {
    const needed = new Set(left.flatMap((one) => one.needed))
    const next = left.filter(({ node }) => needed.has(node))
    if (next.length === left.length) return left.map(({ node }) => node)
    left = next
  }
}

/** What of a model is of no kind, or is no property of its kind. */
export function misfits(model: ApplicationModelInput, kinds: KindCatalogue): readonly string[] {
  return declaredIn(model).flatMap(({ node, properties }) => {
    const kind = kinds.find(node.split('/')[0] ?? '')
    if (kind === undefined) return [`there is no kind of ${node}`]
    return Object.entries(properties).flatMap(([property, value]) => {
      const definition = kind.properties.get(property) ?? kind.properties.get(property.split('["')[0] ?? '')
      if (definition === undefined) return property.startsWith('provider.') ? [] : [`${node} has ${property}`]
      return definition.schema.safeParse(value).success ? [] : [`${property} of ${node} is ${JSON.stringify(value)}`]
    })
  })
}
