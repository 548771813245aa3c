import type { Form } from './form.ts'

/** What CloudTrail keeps of a call of the query protocol: parameters in camel case, values with their types, secrets hidden. */
export function requestParameters(form: Form): Readonly<Record<string, unknown>> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(form.said())) {
    if (name === 'Action' || name === 'Version') continue
    const list = /^([^.]+)\..*?(\d+)(?:\.(.+))?$/.exec(name)
    if (list === null) kept[camelCase(name)] = typed(value)
    else addMember(kept, camelCase(list[1] ?? ''), Number(list[2]) - 1, list[3], value)
  }
  if (form.has('MasterUserPassword')) kept['masterUserPassword'] = 'HIDDEN_DUE_TO_SECURITY_REASONS'
  return kept
}

function addMember(
  kept: Record<string, unknown>,
  list: string,
  index: number,
  field: string | undefined,
  value: string,
): void {
  const members: unknown[] = Array.isArray(kept[list]) ? kept[list] : []
  const before = members[index]
  members[index] =
    field === undefined ? value : { ...(typeof before === 'object' ? before : {}), [camelCase(field)]: value }
  kept[list] = members
}

/** `DBInstanceClass` is `dBInstanceClass`, as CloudTrail writes it. */
function camelCase(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`
}

function typed(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  return /^\d{1,9}$/.test(value) ? Number(value) : value
}
