import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { properties } from './history.ts'

/**
 * Milliseconds that `terraform plan` takes over the same tree of built-in `terraform_data` resources: no cloud, no provider process, no
 * network. The state is written, not applied, because applying 10,000 resources takes hours. Undefined where there is no terraform.
 */
export function terraformPlan(folder: string, size: number, changed: number): number | undefined {
  if (spawnSync('terraform', ['version']).status !== 0) return undefined
  const directory = join(folder, `terraform-${size}`)
  const isNew = !existsSync(directory)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'main.tf'), configuration(size, changed))
  if (isNew) {
    run(directory, ['init', '-no-color'])
    writeFileSync(join(directory, 'terraform.tfstate'), state(size))
  }
  const start = process.hrtime.bigint()
  const output = run(directory, ['plan', '-no-color', '-input=false', '-lock=false'])
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6
  const expected = changed === 0 ? 'No changes' : `${changed} to change`
  if (!output.includes(expected)) throw new Error(`terraform planned something else: ${output.slice(-400)}`)
  return elapsed
}

function run(cwd: string, args: readonly string[]): string {
  const env = { ...process.env, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1', TF_INPUT: '0' }
  const { status, stdout, stderr } = spawnSync('terraform', args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (status !== 0) throw new Error(`terraform ${args[0]} failed: ${stderr.slice(0, 1_000)}`)
  return stdout
}

const parentOf = (index: number): number | undefined => (index === 0 ? undefined : Math.floor((index - 1) / 10))
const typeOf = (value: unknown): string => (typeof value === 'boolean' ? 'bool' : typeof value)
const uuid = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

function configuration(size: number, changed: number): string {
  return Array.from({ length: size }, (_, index) => {
    const parent = parentOf(index)
    const inputs = Object.entries(properties(index, index < changed ? '2' : '1')).map(
      ([key, value]) => `    ${key} = ${JSON.stringify(value)}`,
    )
    const reference = parent === undefined ? [] : [`    parent = terraform_data.r${parent}.id`]
    return `resource "terraform_data" "r${index}" {\n  input = {\n${[...inputs, ...reference].join('\n')}\n  }\n}\n`
  }).join('')
}

function state(size: number): string {
  const resources = Array.from({ length: size }, (_, index) => {
    const parent = parentOf(index)
    const value = { ...properties(index), ...(parent === undefined ? {} : { parent: uuid(parent) }) }
    const type = ['object', Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeOf(item)]))]
    const ancestors: string[] = []
    for (let up = parent; up !== undefined; up = parentOf(up)) ancestors.push(`terraform_data.r${up}`)
    return {
      mode: 'managed',
      type: 'terraform_data',
      name: `r${index}`,
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [
        {
          schema_version: 0,
          attributes: { id: uuid(index), input: { value, type }, output: { value, type }, triggers_replace: null },
          sensitive_attributes: [],
          ...(ancestors.length > 0 ? { dependencies: ancestors.toSorted() } : {}),
        },
      ],
    }
  })
  return JSON.stringify({
    version: 4,
    terraform_version: '1.11.4',
    serial: 1,
    lineage: uuid(999_999_999),
    outputs: {},
    resources,
    check_results: null,
  })
}
