import { exportedResource } from './exported-resource.ts'
import type { ExportedNode, ExportedResource } from './exported-resource.ts'
import { hclComment, hclString, resourceNames } from './hcl-text.ts'
import { importIdOf } from './import-ids.ts'

/** A graph whose nodes are to be imported: what `environment.graph()` answers as JSON. */
export type ExportedGraph = { readonly version?: number; readonly nodes: readonly ExportedNode[] }

type Import = { readonly node: ExportedNode; readonly resource: ExportedResource; readonly id: string }
type Left = { readonly node: ExportedNode; readonly reason: string }

/**
 * A graph as Terraform `import` blocks, for whoever leaves or goes on with Terraform: one for each node whose Terraform type and import id
 * are known; all others are listed in comments with the reason. Terraform 1.5 and OpenTofu 1.6 or later write the resource blocks for them
 * (`terraform plan -generate-config-out=resources.tf`).
 *
 * @example
 * await writeFile('imports.tf', terraformImportBlocks((await prod.graph()).toJSON()))
 */
export function terraformImportBlocks(graph: ExportedGraph): string {
  const { imports, left } = sorted(graph.nodes)
  const nameOf = resourceNames()
  const from = graph.version === undefined ? '' : ` of graph version ${graph.version}`
  const parts = [
    `# Terraform import blocks for ${imports.length} of ${graph.nodes.length} nodes${from}, written by Infraledger.\n` +
      '# terraform plan -generate-config-out=resources.tf writes the resources that they name.\n',
    ...imports.map((found) => importBlock(found, nameOf(found.resource.type, keyOf(found.node.id)))),
    ...(left.length === 0 ? [] : [listed(left)]),
  ]
  return parts.join('\n')
}

function sorted(nodes: readonly ExportedNode[]): { imports: readonly Import[]; left: readonly Left[] } {
  const imports: Import[] = []
  const left: Left[] = []
  const taken = new Map<string, string>()
  for (const node of nodes) {
    const found = importOf(node)
    if ('reason' in found) {
      left.push(found)
      continue
    }
    const { resource, id } = found
    const key = JSON.stringify([resource.type, resource.ref.account, resource.ref.region, id])
    const other = taken.get(key)
    if (other === undefined) imports.push(found)
    else left.push({ node, reason: `is the same resource as ${other}, and Terraform knows each only once` })
    taken.set(key, other ?? node.id)
  }
  return { imports, left }
}

function importOf(node: ExportedNode): Import | Left {
  const resource = exportedResource(node)
  if (typeof resource === 'string') return { node, reason: resource }
  const importId = azureId(resource) ?? importIdOf(resource.type)?.(resource)
  if (importId !== undefined) return { node, resource, id: importId }
  const reason =
    importIdOf(resource.type) === undefined
      ? `the import id of ${resource.type} is not known here; see its page in the provider’s reference`
      : `the ledger does not know what the import id of ${resource.type} is made of`
  return { node, reason }
}

/** Every `azurerm` type is imported by its resource id. */
function azureId({ type, ref }: ExportedResource): string | undefined {
  return type.startsWith('azurerm_') && ref.id?.toLowerCase().startsWith('/subscriptions/') === true
    ? ref.id
    : undefined
}

function importBlock({ node, resource: { type, ref }, id }: Import, name: string): string {
  const place = [ref.account, ref.region].filter((part) => part !== undefined)
  const where = place.length === 0 ? '' : ` (${place.join(', ')})`
  return `# ${hclComment(`${node.id}${where}`)}\nimport {\n  to = ${type}.${name}\n  id = ${hclString(id)}\n}\n`
}

function listed(left: readonly Left[]): string {
  const lines = left.map(({ node, reason }) => `# - ${hclComment(`${node.id}: ${reason}`)}\n`)
  return `# Without an import block:\n${lines.join('')}`
}

function keyOf(node: string): string {
  return node.slice(node.indexOf('/') + 1)
}
