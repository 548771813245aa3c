import type { z } from 'zod'
import { STATE_LIMITS } from '../limits.ts'
import { indexSuffix, nodeKey, resourceAddress } from './address.ts'
import type { Attributes } from './attributes.ts'
import { plainValues } from './dynamic-values.ts'
import { expandFlatAttributes } from './flat-attributes.ts'
import { invalidState } from './state-error.ts'
import { instanceSchema, resourceSchema } from './state-schema.ts'
import type { SensitivePath, StateInstanceInput, StateResourceInput } from './state-schema.ts'

/** One object that a state knows: an instance of a managed resource, or what is left of one (deposed). */
export type StateInstance = {
  /** `module.app["eu"].aws_db_instance.main[0]`; a deposed object has ` (deposed <key>)` behind it, as Terraform's plans do. */
  readonly address: string
  /** The address without instance keys of module and resource is what dependencies name. */
  readonly module: string
  readonly type: string
  readonly name: string
  readonly indexKey?: string | number
  readonly key: string
  readonly providerAddress: string
  readonly attributes: Attributes
  readonly sensitivePaths: readonly SensitivePath[]
  readonly dependencies: readonly string[]
  /** Whether `dependencies` are names within the module (before 0.12.14) instead of addresses. */
  readonly dependenciesInModule: boolean
  readonly tainted: boolean
  /** Key of a replaced object that could not be destroyed: it still exists at the provider. */
  readonly deposed?: string
}

const ADVICE = 'Check the file against "terraform state pull"; a state that was edited by hand is the usual reason'

/** All instances of managed resources, in the order of the file. Data sources are passed over: they are readings, not resources. */
export function stateInstances(resources: readonly unknown[], name: string): readonly StateInstance[] {
  const found: StateInstance[] = []
  const addresses = new Set<string>()
  for (const [position, input] of resources.entries()) {
    const resource = resourceSchema.safeParse(input)
    if (!resource.success) throw wrong(name, addressOf(input, position), resource.error)
    if (resource.data.mode !== 'managed') continue
    const inputs = resource.data.instances ?? []
    if (found.length + inputs.length > STATE_LIMITS.instances) throw tooMany(name)
    for (const [index, instanceInput] of inputs.entries()) {
      const instance = instanceSchema.safeParse(instanceInput)
      if (!instance.success)
        throw wrong(name, `${addressOf(resource.data, position)} instance ${index}`, instance.error)
      const made = stateInstance(resource.data, instance.data)
      checkAddress(made.address, addresses, name)
      found.push(made)
    }
  }
  return found
}

function stateInstance(resource: StateResourceInput, instance: StateInstanceInput): StateInstance {
  const module = resource.module ?? ''
  const indexKey = instance.index_key ?? undefined
  const deposed = instance.deposed === undefined || instance.deposed === '' ? undefined : instance.deposed
  const current = resourceAddress(module, resource.type, resource.name) + indexSuffix(indexKey)
  return {
    address: deposed === undefined ? current : `${current} (deposed ${deposed})`,
    module,
    type: resource.type,
    name: resource.name,
    key: nodeKey(module, resource.name, indexKey),
    providerAddress: instance.instance_provider ?? resource.provider ?? '',
    attributes: plainValues(instance.attributes ?? expandFlatAttributes(instance.attributes_flat ?? {})),
    sensitivePaths: instance.sensitive_attributes ?? [],
    dependencies: instance.dependencies ?? instance.depends_on ?? [],
    dependenciesInModule: !Array.isArray(instance.dependencies),
    tainted: instance.status === 'tainted',
    ...(indexKey === undefined ? {} : { indexKey }),
    ...(deposed === undefined ? {} : { deposed }),
  }
}

function checkAddress(address: string, known: Set<string>, name: string): void {
  if (address.length > STATE_LIMITS.addressCharacters) {
    const path = `${address.slice(0, 80)}…`
    throw invalidState(
      name,
      [{ path, problem: `the address has more than ${STATE_LIMITS.addressCharacters} characters` }],
      'Use shorter for_each keys',
    )
  }
  if (known.has(address)) throw invalidState(name, [{ path: address, problem: 'is there twice' }], ADVICE)
  known.add(address)
}

/** What to call a resource whose form is not proven yet. */
function addressOf(input: unknown, position: number): string {
  const text = (member: string): string | undefined => {
    if (typeof input !== 'object' || input === null) return undefined
    const found: unknown = Object.entries(input).find(([key]) => key === member)?.[1]
    return typeof found === 'string' ? found : undefined
  }
  const [type, name] = [text('type'), text('name')]
  return type === undefined || name === undefined
    ? `resources[${position}]`
    : resourceAddress(text('module') ?? '', type, name)
}

function wrong(name: string, address: string, error: z.ZodError): Error {
  const issues = error.issues.map((issue) => ({ path: [address, ...issue.path].join('.'), problem: issue.message }))
  return invalidState(name, issues, ADVICE)
}

function tooMany(name: string): Error {
  const problem = `more than ${STATE_LIMITS.instances} instances`
  return invalidState(
    name,
    [{ path: 'resources', problem }],
    'Split the state (terraform state mv) and import the parts',
  )
}
