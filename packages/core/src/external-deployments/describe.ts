import { kindOf } from '../graph/ids.ts'
import type { NodeId } from '../graph/ids.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { isSecretReference } from '../graph/secret.ts'
import type { JsonValue } from '../json.ts'
import type { ExternalAction, RecordedChange } from './external-plan.ts'
import type { ExternalDeployment } from './state.ts'

/** One change of an external plan, as a person who approves it reads it. */
export type ExternalPlanChange = {
  readonly node: NodeId
  readonly address: string
  readonly previousAddress?: string
  readonly action: ExternalAction
  /** Whether it takes away, or replaces, something that holds data. */
  readonly losesData: boolean
  readonly properties: RecordedChange['properties']
  readonly unknown: readonly string[]
  readonly reason?: string
}

/** The plan of an external deployment. */
export type ExternalPlanReading = {
  readonly digest: string
  readonly changes: readonly ExternalPlanChange[]
  /** What a person should know besides the changes. */
  readonly notices: readonly string[]
  /** The plan as a person reads it. */
  readonly text: () => string
}

/** A plan as it was recorded, for people who decide on it. */
export function readExternalPlan(
  deployment: Pick<ExternalDeployment, 'tool' | 'plan' | 'digest' | 'complete' | 'drifted' | 'counts'>,
  recorded: readonly RecordedChange[],
  kinds: KindCatalogue,
): ExternalPlanReading {
  const changes = recorded.map((change) => planChange(change, kinds))
  const notices = noticesOf(deployment)
  return { digest: deployment.digest, changes, notices, text: () => planText(deployment, changes, notices) }
}

function planChange(change: RecordedChange, kinds: KindCatalogue): ExternalPlanChange {
  const { node, address, previousAddress, action, properties, unknown, reason } = change
  const ends = action === 'remove' || action === 'replace'
  return {
    node,
    address,
    ...(previousAddress === undefined ? {} : { previousAddress }),
    action,
    losesData: ends && kinds.orUnknown(kindOf(node)).statefulness === 'stateful',
    properties,
    unknown,
    ...(reason === undefined ? {} : { reason }),
  }
}

function noticesOf({
  complete,
  drifted,
  tool,
}: Pick<ExternalDeployment, 'complete' | 'drifted' | 'tool'>): readonly string[] {
  return [
    ...(complete ? [] : [`${tool.name} says that this plan is not all of it: another one must follow`]),
    ...(drifted === 0 ? [] : [`${tool.name} found ${drifted} changed outside of it while it planned`]),
  ]
}

const SIGN: Readonly<Record<ExternalAction, string>> = {
  create: '+',
  update: '~',
  replace: '-/+',
  remove: '-',
  import: '<',
  forget: '.',
  read: '?',
  'no-op': '·',
}

function planText(
  { tool, plan, digest, counts }: Pick<ExternalDeployment, 'tool' | 'plan' | 'digest' | 'counts'>,
  changes: readonly ExternalPlanChange[],
  notices: readonly string[],
): string {
  const count = (action: ExternalAction): number => counts[action] ?? 0
  const others = (['import', 'forget'] as const).filter((action) => count(action) > 0)
  return [
    `${plan} of ${tool.name}${tool.version === undefined ? '' : ` ${tool.version}`}:`,
    ...changes.flatMap(changeLines),
    ...(notices.length === 0 ? [] : ['notes:', ...notices.map((notice) => `  ! ${notice}`)]),
    `Plan ${digest.slice(0, 12)}: ${count('create')} to create, ${count('update')} to change, ${count('replace')} to replace, ${count('remove')} to remove` +
      `${others.map((action) => `, ${count(action)} to ${action}`).join('')}.`,
  ].join('\n')
}

function changeLines(change: ExternalPlanChange): readonly string[] {
  const { node, address, previousAddress, action, losesData, properties, unknown, reason } = change
  const moved = previousAddress === undefined ? '' : `, was ${previousAddress}`
  const what = action === 'no-op' ? 'rename' : action
  return [
    `  ${SIGN[action]} ${what} ${node}${losesData ? ' [DATA LOSS: it is stateful]' : ''}  (${address}${moved}${reason === undefined ? '' : `; ${reason}`})`,
    ...properties.map(({ property, before, after }) => {
      const old = action === 'create' ? '' : `${show(before)} → `
      return `      ${property}: ${old}${show(after)}`
    }),
    ...(unknown.length === 0 ? [] : [`      known after it ran: ${unknown.join(', ')}`]),
  ]
}

function show(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return 'unset'
  return isSecretReference(value) ? '(secret)' : JSON.stringify(value)
}
