import { createHash } from 'node:crypto'
import { LedgerError } from '@infraledger/core/adapter'
import type { ExternalChange, ExternalPlan, Fingerprinter, ProviderRef } from '@infraledger/core/adapter'
import type { z } from 'zod'
import { STATE_LIMITS } from '../limits.ts'
import { problemOf, sizeOf } from '../properties/value-limits.ts'
import { instanceRef } from '../refs/instance-ref.ts'
import { uniqueRefs } from '../refs/unique-refs.ts'
import { hideWith } from '../secrets/hide.ts'
import type { Hide } from '../secrets/hide.ts'
import { hideKnown } from '../secrets/known-secrets.ts'
import { indexSuffix, nodeKey, resourceAddress } from '../state/address.ts'
import type { Attributes } from '../state/attributes.ts'
import { ownKind } from '../types/own-type.ts'
import { typeTranslation } from '../types/type-translations.ts'
import { actionOf } from './actions.ts'
import { hideMarkedBy } from './marked-values.ts'
import { splitMovedTypes } from './moved-types.ts'
import type { ReadChange } from './moved-types.ts'
import { invalidPlan, planName } from './plan-error.ts'
import { parsePlanText } from './plan-format.ts'
import { planSchema, resourceChangeSchema } from './plan-schema.ts'
import type { ResourceChangeInput } from './plan-schema.ts'
import { plannedProperties } from './planned-properties.ts'

/** How a plan is read. */
export type TerraformPlanOptions = {
  /** What a person calls it: a file's name. A folder before it is dropped. */
  readonly name: string
  /** The same that states are read with, so that secrets compare: `hmacFingerprinter({ keyId, key })`, or `withoutFingerprint`. */
  readonly fingerprint: Fingerprinter
  /** The lineage of the state that it changes, where several states have the same addresses; plans do not tell it. */
  readonly lineage?: string
}

const ADVICE = 'Check the file against "terraform show -json <plan file>"'

/**
 * Reads what `terraform show -json` or `tofu show -json` prints of a plan (format 1), for `environment.proposeExternal`. Resources,
 * kinds and properties have the names that `readTerraformState` gives them, so that what is planned and what is imported or observed
 * later compare. No secret value comes out of here. Data sources and outputs are left out.
 *
 * @example
 * const plan = readTerraformPlan(await readFile('plan.json', 'utf8'), { name: 'plan.json', fingerprint })
 * await environment.proposeExternal({ plan, commit: '4f2a' }, { actor: user('ada') })
 *
 * @throws LedgerError `input-invalid` for what is no such plan, or one that Terraform could not finish, with field or resource address;
 * `property-value-too-large`
 */
export function readTerraformPlan(text: string, options: TerraformPlanOptions): ExternalPlan {
  const name = options.name.split(/[\\/]/).at(-1) ?? options.name
  const plan = planSchema.safeParse(parsePlanText(text, name))
  if (!plan.success) throw wrong(name, '', plan.error)
  const {
    terraform_version: version,
    timestamp,
    complete,
    resource_changes: changes,
    resource_drift: drift,
  } = plan.data
  const madeAt = timestamp === undefined ? Number.NaN : Date.parse(timestamp)
  return {
    tool: { name: toolOf(changes ?? []), ...(version === undefined || version === '' ? {} : { version }) },
    name,
    digest: createHash('sha256').update(text).digest('hex'),
    ...(options.lineage === undefined ? {} : { lineage: options.lineage }),
    ...(Number.isNaN(madeAt) ? {} : { madeAt: new Date(madeAt).toISOString() }),
    complete: complete !== false && (plan.data.deferred_changes ?? []).length === 0,
    drifted: (drift ?? []).length,
    changes: readChanges(changes ?? [], hideWith(options.fingerprint), name),
  }
}

/** Plans do not say which of the two made them, but where their providers come from. */
function toolOf(changes: readonly unknown[]): string {
  const isTofu = changes.some(
    (change) =>
      typeof change === 'object' &&
      change !== null &&
      'provider_name' in change &&
      String(change.provider_name).startsWith('registry.opentofu.org/'),
  )
  return isTofu ? 'opentofu' : 'terraform'
}

function readChanges(inputs: readonly unknown[], hide: Hide, name: string): ExternalChange[] {
  if (inputs.length > STATE_LIMITS.instances) {
    const problem = `more than ${STATE_LIMITS.instances} changes`
    throw invalidPlan(name, [{ path: 'resource_changes', problem }], 'Plan the parts of it by themselves')
  }
  const addresses = new Set<string>()
  const read: ReadChange[] = []
  for (const [position, input] of inputs.entries()) {
    const parsed = resourceChangeSchema.safeParse(input)
    if (!parsed.success) throw wrong(name, addressOf(input) ?? `resource_changes[${position}]`, parsed.error)
    if (parsed.data.mode !== 'managed') continue
    const found = readChange(parsed.data, hide, name)
    checkAddress(found.change.address, addresses, name)
    read.push(found)
  }
  const changes = splitMovedTypes(read)
  const refs = uniqueRefs(changes.map(({ ref }) => ref))
  return changes.map(({ change }, index) => {
    const ref = refs[index]
    return ref === undefined ? change : { ...change, ref }
  })
}

function readChange(input: ResourceChangeInput, hide: Hide, name: string): ReadChange {
  const {
    type,
    change,
    module_address: module = '',
    deposed,
    previous_address: previous,
    action_reason: reason,
  } = input
  const indexKey = input.index ?? undefined
  const current = resourceAddress(module, type, input.name) + indexSuffix(indexKey)
  const address = deposed === undefined || deposed === '' ? current : `${current} (deposed ${deposed})`
  const action = actionOf(change)
  if (action === undefined) {
    const problem = `does ${change.actions.join(' and ')}, which this library does not know`
    throw invalidPlan(name, [{ path: `${address}.change.actions`, problem }], 'Use a newer version of Infraledger')
  }
  const [before, after] = [change.before, change.after].map((attributes) => {
    return attributes === null || attributes === undefined
      ? undefined
      : safe(input, attributes, { hide, name, address })
  })
  const translation = typeTranslation(type)
  const key = nodeKey(module, input.name, indexKey)
  const isSilent = action === 'no-op' || action === 'read' || action === 'remove' || action === 'forget'
  const planned = isSilent
    ? { properties: [], unknown: [] }
    : plannedProperties({ before, after, unknown: change.after_unknown }, translation)
  checkSizes(planned.properties, address, name)
  return {
    change: {
      address,
      ...(previous === undefined || previous === current ? {} : { previousAddress: previous }),
      action,
      ...planned,
      ...(reason === undefined ? {} : { reason: reason.replaceAll('_', ' ') }),
      kind: translation?.kind ?? ownKind(type),
      key,
    },
    ref: before === undefined ? undefined : refOf(input, { address, module, key }, before),
  }
}

/** Attributes that a ledger can hold, with what either side of the change marks as sensitive, or is known to be secret, hidden. */
function safe(
  { type, change }: ResourceChangeInput,
  attributes: Attributes,
  { hide, name, address }: { readonly hide: Hide; readonly name: string; readonly address: string },
): Attributes {
  for (const [attribute, value] of Object.entries(attributes)) {
    const problem = problemOf(value, STATE_LIMITS.valueDepth)
    if (problem !== undefined)
      throw invalidPlan(name, [{ path: `${address}.${attribute}`, problem }], 'Plan without this resource')
  }
  const marked = hideMarkedBy(hideMarkedBy(attributes, change.before_sensitive, hide), change.after_sensitive, hide)
  return hideKnown(type, marked, hide)
}

function refOf(
  { type, name, provider_name: provider = '' }: ResourceChangeInput,
  { address, module, key }: { readonly address: string; readonly module: string; readonly key: string },
  attributes: Attributes,
): ProviderRef | undefined {
  const providerAddress = provider === '' ? '' : `provider["${provider}"]`
  const instance = { address, module, type, name, key, providerAddress, attributes, tainted: false }
  const unused = { sensitivePaths: [], dependencies: [], dependenciesInModule: false }
  return instanceRef({ ...instance, ...unused }, attributes)
}

function checkAddress(address: string, known: Set<string>, name: string): void {
  if (address.length > STATE_LIMITS.addressCharacters) {
    const problem = `the address has more than ${STATE_LIMITS.addressCharacters} characters`
    throw invalidPlan(name, [{ path: `${address.slice(0, 80)}…`, problem }], 'Use shorter for_each keys')
  }
  if (known.has(address)) throw invalidPlan(name, [{ path: address, problem: 'is there twice' }], ADVICE)
  known.add(address)
}

function checkSizes(properties: ExternalChange['properties'], address: string, name: string): void {
  for (const { property, before = null, after = null } of properties) {
    const bytes = Math.max(sizeOf(before), sizeOf(after))
    if (bytes <= STATE_LIMITS.valueBytes) continue
    throw new LedgerError(
      'property-value-too-large',
      `${planName(name)}: ${property} of ${address} has ${bytes} bytes, more than the ${STATE_LIMITS.valueBytes} that a ledger keeps of one value. ` +
        'Keep it in a bucket or file, and have Terraform refer to it',
      { property: `${address}.${property}`, bytes, limitBytes: STATE_LIMITS.valueBytes },
    )
  }
}

/** What to call a change whose form is not proven yet. */
function addressOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('address' in input)) return undefined
  return typeof input.address === 'string' && input.address !== '' ? input.address.slice(0, 200) : undefined
}

function wrong(name: string, address: string, error: z.ZodError): Error {
  const issues = error.issues.map((issue) => ({
    path: [...(address === '' ? [] : [address]), ...issue.path.map(String)].join('.') || '(all of it)',
    problem: issue.message,
  }))
  return invalidPlan(name, issues, ADVICE)
}
