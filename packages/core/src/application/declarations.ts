import { nodeIdSchema } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { JsonValue, Properties } from '../json.ts'
import type { Rejection } from '../ledger-error.ts'
import { compareIds } from './declaration.ts'
import type { Declaration } from './declaration.ts'
import { invalidModel } from './model-input.ts'
import type { ModelIssue, ParsedModel } from './model-input.ts'

type ParsedService = ParsedModel['services'][number]

/** Turns parsed input into declarations in their normal form, or lists what is said twice. */
export function declarationsOf(parsed: ParsedModel): readonly Declaration[] | Rejection {
  const issues: ModelIssue[] = []
  const declarations: Declaration[] = []
  const paths = new Map<NodeId, string>()
  const declare = (declaration: Declaration, path: string): void => {
    const first = paths.get(declaration.node)
    if (first !== undefined) issues.push({ path, problem: `${declaration.node} is declared already, at ${first}` })
    paths.set(declaration.node, first ?? path)
    declarations.push(declaration)
  }
  for (const [index, service] of parsed.services.entries()) {
    const path = `services[${index}]`
    const node = nodeIdSchema.safeParse(`service/${service.name}`)
    if (!node.success)
      issues.push({ path: `${path}.name`, problem: 'must not begin with a space or hold a line break' })
    else declare(serviceDeclaration(service, node.data, path, issues), path)
  }
  for (const [index, need] of parsed.needs.entries()) {
    declare(
      { node: need.node, properties: need.properties ?? {}, dependsOn: sorted(need.dependsOn), uses: [] },
      `needs[${index}]`,
    )
  }
  return issues.length === 0 ? declarations : invalidModel(issues)
}

function serviceDeclaration(service: ParsedService, node: NodeId, path: string, issues: ModelIssue[]): Declaration {
  const uses = (service.uses ?? []).map(({ need, operations }) => ({ need, operations: sorted(operations) }))
  const needs = new Set<NodeId>()
  for (const [index, { need }] of uses.entries()) {
    if (needs.has(need))
      issues.push({ path: `${path}.uses[${index}]`, problem: `${need} is named already: list its operations once` })
    needs.add(need)
  }
  return {
    node,
    properties: serviceProperties(service, path, issues),
    dependsOn: sorted(service.dependsOn),
    uses: uses.toSorted((a, b) => compareIds(a.need, b.need)),
  }
}

/** `image` and `replicas` are short for the properties of that name. */
function serviceProperties(service: ParsedService, path: string, issues: ModelIssue[]): Properties {
  const properties: Record<string, JsonValue> = { ...service.properties }
  for (const short of ['image', 'replicas'] as const) {
    const value = service[short]
    if (value === undefined) continue
    if (Object.hasOwn(properties, short))
      issues.push({ path: `${path}.properties`, problem: `${short} is given already, at ${path}.${short}` })
    properties[short] = value
  }
  return properties
}

/** Each once, in the order of their code units, so that the same model has the same digest however it was written. */
function sorted<T extends string>(values: readonly T[] | undefined): T[] {
  if (values === undefined) return []
  return isAscending(values) ? [...values] : [...new Set(values)].toSorted(compareIds)
}

function isAscending(values: readonly string[]): boolean {
  return values.every((value, index) => index === 0 || (values[index - 1] ?? '') < value)
}
