import type { JsonValue } from '../json.ts'
import { isSecretReference } from '../graph/secret.ts'
import { PHASES } from '../deployments/phases.ts'
import type { Plan } from './plan.ts'
import { sectionsOf } from './sections.ts'
import type { Step, StepOrigin } from './step.ts'

const SIGN = { create: '+', update: '~', remove: '-', 'take-last-copy': '=', record: '·' } as const

/** The plan as a person reads it: by phase, each step with old → new, impact and where it comes from. */
export function describePlan(plan: Plan): string {
  const lines: string[] = []
  for (const phase of PHASES) {
    const steps = plan.steps.filter((step) => step.phase === phase)
    for (const [section, group] of bySection(steps)) lines.push(`${phase}${section}:`, ...group.flatMap(describeStep))
  }
  if (plan.steps.length === 0) lines.push('Nothing to do: what the code declares is what is recorded.')
  if (plan.notices.length > 0) lines.push('notes:', ...plan.notices.map(({ message }) => `  ! ${message}`))
  lines.push(summary(plan))
  return lines.join('\n')
}

/** Steps under what they are approved for beside the infrastructure; the others under nothing. Each group keeps the plan's order. */
function bySection(steps: readonly Step[]): ReadonlyMap<string, readonly Step[]> {
  const groups = new Map<string, Step[]>()
  for (const step of steps) {
    const named = sectionsOf(step).filter((section) => section !== 'infrastructure')
    const heading = named.length === 0 ? '' : ` (${named.join(', ')})`
    const group = groups.get(heading)
    if (group === undefined) groups.set(heading, [step])
    else group.push(step)
  }
  return groups
}

function describeStep(step: Step): readonly string[] {
  const marks = [
    step.impact === 'online' ? '' : ` [${step.impact}]`,
    step.when === 'maintenance-window' ? ' (in the maintenance window)' : '',
  ]
  const changes = Object.entries(step.changes).map(([property, value]) => {
    const old =
      step.operation === 'create' || step.operation === 'record' ? '' : `${show(step.expected[property] ?? null)} → `
    return `      ${property}: ${old}${show(value)}`
  })
  const edges = [
    ...step.edges.map(({ kind, to }) => `      + ${kind} ${to}`),
    ...step.retiredEdges.map((edge) => `      - ${edge}`),
  ]
  return [
    `  ${SIGN[step.operation]} ${step.operation} ${step.node}${marks.join('')}  (${step.origins.map(describeOrigin).join(', ')})`,
    ...changes,
    ...edges,
  ]
}

function describeOrigin(origin: StepOrigin): string {
  switch (origin.type) {
    case 'code':
      return 'code'
    case 'request':
      return `request of ${origin.requester}`
    case 'drift-reversal':
      return 'reverses drift'
    case 'platform-upgrade':
      return 'platform upgrade'
    case 'unused':
      return 'no longer used'
  }
}

function summary(plan: Plan): string {
  const count = (operation: Step['operation']): number =>
    plan.steps.filter((step) => step.operation === operation).length
  return `Plan ${plan.digest.slice(0, 12)}: ${count('create')} to create, ${count('update')} to change, ${count('remove')} to remove.`
}

function show(value: JsonValue): string {
  if (value === null) return 'unset'
  return isSecretReference(value) ? '(secret)' : JSON.stringify(value)
}
