/** One step of a module path: `module.app["eu"]` is `{ name: 'app', key: '["eu"]' }`. */
export type ModuleStep = { readonly name: string; readonly key: string }

const STEP = /\.?module\.([^.[\]]+)(\[(?:-?\d+|"(?:[^"\\]|\\.)*")\])?/y
const KEY = /\[(?:-?\d+|"(?:[^"\\]|\\.)*")\]/g

/** The steps of a module path such as `module.app["eu"].module.db`; nothing for the root. */
export function moduleSteps(module: string): readonly ModuleStep[] {
  const steps: ModuleStep[] = []
  STEP.lastIndex = 0
  for (let found = STEP.exec(module); found !== null; found = STEP.exec(module)) {
    steps.push({ name: found[1] ?? '', key: found[2] ?? '' })
  }
  return steps
}

/** An address without instance keys, as configuration and `dependencies` spell it: `module.app.aws_instance.web`. */
export function configAddress(address: string): string {
  return address.includes('[') ? address.replaceAll(KEY, '') : address
}

/** The address of a resource in its module. */
export function resourceAddress(module: string, type: string, name: string): string {
  return module === '' ? `${type}.${name}` : `${module}.${type}.${name}`
}

/** The type of resource that an address names: `aws_s3_bucket` of `module.app["eu"].aws_s3_bucket.logs[0]`. */
export function typeOfAddress(address: string): string | undefined {
  const type = /^(?:module\.[^.]+\.)*([^.]+)\./.exec(configAddress(address))?.[1]
  return type === 'module' ? undefined : type
}

/** The instance key as Terraform spells it after a resource's address: `[0]`, `["eu"]` or nothing. */
export function indexSuffix(key: string | number | undefined): string {
  if (key === undefined) return ''
  return typeof key === 'number' ? `[${key}]` : `[${JSON.stringify(key)}]`
}

/**
 * The key wanted for the node id: module path, name and instance key with dots between them and nothing that a shell would need quoted.
 * `module.app["eu"].aws_db_instance.main[0]` is `app.eu.main.0`.
 */
export function nodeKey(module: string, name: string, key: string | number | undefined): string {
  const path = moduleSteps(module).flatMap((step) => [step.name, step.key])
  const parts = [...path, name, key === undefined ? '' : String(key)]
  return parts
    .map((part) => part.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^-+|-+$/g, ''))
    .filter((part) => part !== '')
    .join('.')
    .slice(0, KEY_CHARACTERS)
}

/** A node id's key has at most 512; the rest is room for what makes it unique. */
const KEY_CHARACTERS = 480
