import { createHash } from 'node:crypto'
import type { Fingerprinter, ImportedGraph, ImportedNode, Properties } from '@infraledger/core/adapter'
import { dependsOnEdges } from './edges/depends-on-edges.ts'
import { checkAttributes, checkValueSizes } from './properties/value-limits.ts'
import { instanceRef } from './refs/instance-ref.ts'
import { uniqueRefs } from './refs/unique-refs.ts'
import { hideWith } from './secrets/hide.ts'
import type { Hide } from './secrets/hide.ts'
import { hideKnown } from './secrets/known-secrets.ts'
import { hideMarked } from './secrets/sensitive-paths.ts'
import type { Attributes } from './state/attributes.ts'
import { invalidState } from './state/state-error.ts'
import { checkStateFormat } from './state/state-format.ts'
import { stateInstances } from './state/state-instances.ts'
import type { StateInstance } from './state/state-instances.ts'
import { stateSchema } from './state/state-schema.ts'
import { parseStateText } from './state/state-text.ts'
import { ownKind, ownProperties } from './types/own-type.ts'
import { translate } from './types/translate.ts'
import { typeTranslation } from './types/type-translations.ts'

/** How a state is read. */
export type TerraformStateOptions = {
  /** What a person calls it: a file's name. A folder before it is dropped. */
  readonly name: string
  /** What is stored of secrets: `hmacFingerprinter({ keyId, key })`, or `withoutFingerprint`. */
  readonly fingerprint: Fingerprinter
  /** When the state was true in the world (ISO 8601), where that is known. */
  readonly effectiveAt?: string
}

/**
 * Reads a Terraform or OpenTofu state of version 4 as a graph: each instance of a managed resource is a node, dependencies are
 * `depends-on` edges. No secret value comes out of here: what the state marks as sensitive, and what is known to be secret by name, type
 * or form, is fingerprinted. Outputs and data sources are not imported. Ancestors that Terraform lists among the dependencies are reduced
 * to the nearest ones, from which the rest is reachable. What one state may hold is in `STATE_LIMITS`.
 *
 * @example
 * const graph = readTerraformState(await readFile('prod.tfstate', 'utf8'), { name: 'prod.tfstate', fingerprint: withoutFingerprint })
 * await environment.import(graph, { actor: user('ada') })
 *
 * @throws LedgerError `import-unsupported` for other versions and encrypted states; `input-invalid` for what is no state, is cut off or
 * damaged, with line and column or resource address and field; `property-value-too-large`
 */
export function readTerraformState(text: string, options: TerraformStateOptions): ImportedGraph {
  const name = options.name.split(/[\\/]/).at(-1) ?? options.name
  const input = parseStateText(text, name)
  checkStateFormat(input, name)
  const state = stateSchema.safeParse(input)
  if (!state.success) {
    const issues = state.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issue.message }))
    throw invalidState(name, issues, 'Check the file against "terraform state pull"')
  }
  const { serial, lineage } = state.data
  const instances = stateInstances(state.data.resources ?? [], name)
  return {
    source: {
      type: 'terraform-state',
      name,
      serial,
      digest: createHash('sha256').update(text).digest('hex'),
      ...(lineage === undefined || lineage === '' ? {} : { lineage }),
    },
    ...(options.effectiveAt === undefined ? {} : { effectiveAt: options.effectiveAt }),
    nodes: importedNodes(instances, hideWith(options.fingerprint), name),
    edges: dependsOnEdges(instances, name),
  }
}

function importedNodes(instances: readonly StateInstance[], hide: Hide, name: string): readonly ImportedNode[] {
  const safe = instances.map((instance) => withoutSecrets(instance, hide, name))
  const refs = uniqueRefs(instances.map((instance, index) => instanceRef(instance, safe[index] ?? {})))
  return instances.map((instance, index) => {
    const ref = refs[index]
    const properties = propertiesOf(instance, safe[index] ?? {})
    checkValueSizes(properties, instance.address, name)
    return {
      address: instance.address,
      kind: typeTranslation(instance.type)?.kind ?? ownKind(instance.type),
      key: instance.key,
      ...(ref === undefined ? {} : { ref }),
      properties,
    }
  })
}

function withoutSecrets(instance: StateInstance, hide: Hide, name: string): Attributes {
  checkAttributes(instance.attributes, instance.address, name)
  return hideKnown(instance.type, hideMarked(instance.attributes, instance.sensitivePaths, hide), hide)
}

/** What Terraform knows of an instance beside its attributes is under `provider.*` on every kind. */
function propertiesOf(instance: StateInstance, attributes: Attributes): Properties {
  const translation = typeTranslation(instance.type)
  return {
    ...(translation === undefined ? ownProperties(attributes) : translate(translation, attributes)),
    ...(instance.tainted ? { 'provider.tainted': true } : {}),
    ...(instance.deposed === undefined ? {} : { 'provider.deposed': instance.deposed }),
  }
}
