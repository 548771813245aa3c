import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readTerraformState } from '../read-terraform-state.ts'
import { fingerprint, refusal, stateText } from '../state.fixture.ts'
import { ada, estate, grace } from './external-deployment.fixture.ts'
import { readTerraformPlan } from './read-terraform-plan.ts'

const root = new URL('../../../../../shared/real-inputs/opentofu-drift-plans/', import.meta.url)
const filesOf = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).toSorted()
const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8')
const read = (file: string) => readTerraformPlan(textOf(file), { name: file, fingerprint })

type Shown = { readonly type: string; readonly name: string; readonly provider_name: string; readonly values: object }
type Values = { readonly root_module: { readonly resources?: readonly Shown[] } }

/** A state as `show -json` prints it, as the state itself; these have no modules. */
function stateOf(values: Values | undefined, serial: number): string {
  const resources = (values?.root_module.resources ?? []).map(
    ({ type, name, provider_name: provider, values: attributes }) => ({
      mode: 'managed',
      type,
      name,
      provider: `provider["${provider}"]`,
      instances: [{ schema_version: 0, attributes }],
    }),
  )
  return stateText(resources, { serial })
}

const plans = filesOf('*/plan.json')

describe('plans that OpenTofu proves itself with', () => {
  it('are there', () => expect(plans.length).toBeGreaterThan(10))

  it.each(plans)('EXTERNAL 1, EXTERNAL 2: %s is read, each change under its address', (file) => {
    const plan: { resource_changes: { address: string; mode: string; change: { actions: string[] } }[] } = JSON.parse(
      textOf(file),
    )
    const managed = plan.resource_changes.filter(({ mode }) => mode === 'managed')
    const found = read(file)
    expect(found.tool.name).toBe('opentofu')
    expect(found.changes.map(({ address, action }) => [address, action])).toEqual(
      managed.map(({ address, change }) => [address, change.actions.join()]),
    )
    expect(found.changes.every(({ properties }) => properties.length > 0)).toBe(true)
  })

  it('EXTERNAL 1: states and logs beside them are refused', () => {
    for (const file of filesOf('*/{state,apply}.json'))
      expect(refusal(() => read(file)).code, file).toBe('input-invalid')
    for (const file of filesOf('statefile-roundtrip/*.tfstate'))
      expect(refusal(() => read(file)).code, file).toBe('input-invalid')
  })

  it.each(plans)(
    'EXTERNAL 9, EXTERNAL 12: what %s announces is there when it was applied, and has it as its cause',
    async (file) => {
      const { prod } = await estate()
      const plan: { prior_state?: { values: Values } } = JSON.parse(textOf(file))
      const after: { values?: Values } = JSON.parse(textOf(file.replace('plan.json', 'state.json')))
      const importing = (text: string, name: string) =>
        prod.import(readTerraformState(text, { name, fingerprint }), ada)
      await importing(stateOf(plan.prior_state?.values, 1), 'before.tfstate')
      const announced = read(file)
      const proposal = await prod.proposeExternal({ plan: announced, commit: '4f2a' }, ada)
      await proposal.approve({ digest: announced.digest }, grace)
      await importing(stateOf(after.values, 2), 'after.tfstate')
      expect(await proposal.outstanding()).toEqual([])
      expect(await proposal.read()).toMatchObject({ status: 'applied', unapproved: false })
      expect(await prod.alerts()).toEqual([])
      const { versions } = await prod.causedBy({ commit: '4f2a' })
      expect(new Set(versions.map(({ node }) => node)).size).toBe(announced.changes.length)
      const graph = await prod.graph()
      for (const { id } of graph.nodes())
        for (const { cause, graphVersion } of await prod.history(id))
          if (graphVersion > 1) expect(cause.type, id).toBe('external-deployment')
    },
  )
})
