import { invalidState, unsupportedState } from './state-error.ts'

const PULL = 'Give the output of "terraform state pull" or "tofu state pull"'

/**
 * Accepts exactly states of version 4, which Terraform from 0.12 and OpenTofu write, and says for everything else what it is.
 * Sources: `internal/states/statefile/version4.go` of OpenTofu; `terraform show -json`, "JSON Output Format".
 *
 * @throws LedgerError `import-unsupported` for another version or sort of file, `input-invalid` for what is no state at all
 */
export function checkStateFormat(value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAState(name)
  if ('encrypted_data' in value) {
    throw unsupportedState(
      name,
      'it is encrypted by OpenTofu',
      'Run "tofu state pull" where the key is configured, and import what it prints',
    )
  }
  if ('format_version' in value) {
    throw unsupportedState(name, 'it is the output of "terraform show -json", which is not a state', PULL)
  }
  if ('checkpoint' in value || 'deployment' in value) throw unsupportedState(name, 'it is a Pulumi checkpoint', PULL)
  if ('DBInstances' in value)
    throw unsupportedState(name, 'it is an answer of RDS', 'Give it to "infraledger import rds"')
  if (!('version' in value) || typeof value.version !== 'number') throw notAState(name)
  if ('backend' in value) {
    throw unsupportedState(name, 'it is what Terraform remembers of its backend (.terraform/terraform.tfstate)', PULL)
  }
  if (value.version > 4) {
    throw unsupportedState(
      name,
      `it has version ${value.version}, newer than this library reads (4)`,
      'Use a newer version of Infraledger',
    )
  }
  if (value.version !== 4) {
    throw unsupportedState(
      name,
      `it has version ${value.version}, written by Terraform 0.11 or older`,
      'Run "terraform state pull" with Terraform 0.12 or newer, which prints it as version 4',
    )
  }
}

function notAState(name: string): Error {
  return invalidState(name, [{ path: 'version', problem: 'is no number, so this is no Terraform state' }], PULL)
}
