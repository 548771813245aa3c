import { STATE_LIMITS } from '../limits.ts'
import { parseExactJson } from '../state/state-text.ts'
import { invalidPlan, planName } from './plan-error.ts'

const SHOW = 'Give what "terraform show -json <plan file>" or "tofu show -json <plan file>" prints'

/**
 * Parses the text of a plan and accepts exactly JSON plans of format 1 that Terraform and OpenTofu could finish; for everything else it
 * says what it is. Source: "JSON Output Format" of Terraform.
 *
 * @throws LedgerError `input-invalid`, with line and column for a syntax error
 */
export function parsePlanText(text: string, name: string): object {
  if (text.startsWith('PK\u0003\u0004')) throw notAPlan(name, 'the text', 'is the binary plan file itself')
  const bytes = Buffer.byteLength(text)
  if (bytes > STATE_LIMITS.textBytes) {
    const problem = `has ${bytes} bytes, more than ${STATE_LIMITS.textBytes}`
    throw invalidPlan(
      name,
      [{ path: 'the text', problem }],
      'Plan the parts of it by themselves (-target, or other states)',
    )
  }
  const firstLine = text.slice(0, LOG_LINE_LOOKED_AT)
  if (/^\s*\[?\s*\{\s*"@(?:level|message|module)"/.test(firstLine))
    throw notAPlan(name, 'the text', 'is the log that -json prints while Terraform runs')
  const value = parseExactJson(text, planName(name))
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw notAPlan(name, '(all of it)', 'is no JSON object')
  checkFormat(value, name)
  return value
}

const LOG_LINE_LOOKED_AT = 200

function checkFormat(value: object, name: string): void {
  if ('encrypted_data' in value) throw notAPlan(name, 'encrypted_data', 'it is encrypted by OpenTofu')
  if ('serial' in value || ('version' in value && 'resources' in value)) {
    throw invalidPlan(
      name,
      [{ path: 'serial', problem: 'it is a state, not a plan' }],
      'Import it with "infraledger import terraform"',
    )
  }
  if (!('format_version' in value) || typeof value.format_version !== 'string')
    throw notAPlan(name, 'format_version', 'is not there, so this is no plan')
  const { format_version: format } = value
  const major = /^(\d+)\.\d+$/.exec(format)?.[1]
  if (major === '0') {
    const problem = `is "${format}", of Terraform 1.0 or older, which does not mark everything that is secret`
    throw invalidPlan(name, [{ path: 'format_version', problem }], 'Plan with Terraform 1.1 or newer, or with OpenTofu')
  }
  if (major !== '1') {
    throw invalidPlan(
      name,
      [{ path: 'format_version', problem: `is "${format}", and this library reads 1` }],
      'Use a newer version of Infraledger',
    )
  }
  const isPlan = ['resource_changes', 'planned_values', 'configuration'].some((member) => member in value)
  if (!isPlan && 'provider_schemas' in value)
    throw notAPlan(name, 'provider_schemas', 'it is the output of "providers schema"')
  if (!isPlan) throw notAPlan(name, 'resource_changes', 'is not there: it is a state that "show -json" printed')
  if ('errored' in value && value.errored === true) {
    throw invalidPlan(
      name,
      [{ path: 'errored', problem: 'is true: Terraform could not finish planning, so this is not what it would do' }],
      'Repair what Terraform says, and plan again',
    )
  }
}

function notAPlan(name: string, path: string, problem: string): Error {
  return invalidPlan(name, [{ path, problem }], SHOW)
}
