import type { ExternalChange, ExternalPlan } from '@infraledger/core/adapter'
import { fingerprint } from '../state.fixture.ts'
import { readTerraformPlan } from './read-terraform-plan.ts'

/** One change as a test writes it: its actions, attributes before and after, and whatever else it says. */
export type ChangeFixture = {
  readonly actions: readonly string[]
  readonly before?: object | null
  readonly after?: object | null
  readonly [member: string]: unknown
}

const OF_RESOURCE = new Set(['previous_address', 'module_address', 'index', 'deposed', 'action_reason', 'mode'])

/** A change of a resource of the AWS provider in the root module, unless the test says otherwise. */
export function resourceChange(address: string, given: ChangeFixture): object {
  const [type, name] = address.split('.')
  const entries = Object.entries(given)
  return {
    address,
    mode: 'managed',
    type,
    name,
    provider_name: 'registry.terraform.io/hashicorp/aws',
    ...Object.fromEntries(entries.filter(([member]) => OF_RESOURCE.has(member))),
    change: {
      before: null,
      after: null,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
      ...Object.fromEntries(entries.filter(([member]) => !OF_RESOURCE.has(member))),
    },
  }
}

/** The text of a plan with these changes. */
export function planText(changes: readonly object[], more: object = {}): string {
  return JSON.stringify({
    format_version: '1.2',
    terraform_version: '1.9.0',
    planned_values: { root_module: {} },
    resource_changes: changes,
    timestamp: '2026-03-01T10:00:00Z',
    errored: false,
    ...more,
  })
}

/** Reads a plan of these changes. */
export function readPlan(changes: readonly object[], more: object = {}): ExternalPlan {
  return readTerraformPlan(planText(changes, more), { name: 'plans/plan.json', fingerprint })
}

/** Reads a plan of one change. */
export function readChange(address: string, given: ChangeFixture): ExternalChange {
  const [change] = readPlan([resourceChange(address, given)]).changes
  if (change === undefined) throw new Error('the plan has no change')
  return change
}
