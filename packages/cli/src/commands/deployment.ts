import type { DeploymentSummary, Step } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { showActor } from '../output/lineage.ts'
import { plain, showMoment, showValue } from '../output/text.ts'
import { showTrigger } from './deployments.ts'

type PlannedStep = Step & { readonly status: string }

export const deployment = defineCommand({
  name: 'deployment',
  group: 'Ask',
  summary: 'One deployment: its plan, its approvals, and what it still waits for',
  arguments: { deployment: argument('its id, as "infraledger deployments" lists it', parseText) },
  options: {},
  examples: [
    ['infraledger deployment 0198c0de-…', 'what would run, who approved it, and what is missing'],
    [`infraledger deployment 0198c0de-… --json | jq -r .planDigest`, 'the digest that an approval names'],
  ],
  async run({ arguments: { deployment: id } }, session) {
    const handle = (await session.environment()).deployment(id)
    const summary = await handle.read()
    const steps = await handle.steps()
    return { type: 'document', value: { ...summary, steps }, text: () => describe(summary, steps).join('\n') }
  },
})

function describe(summary: DeploymentSummary, steps: readonly PlannedStep[]): readonly string[] {
  const { id, status, commit, trigger, triggeredAt, reason, planDigest, emergency } = summary
  const lines = [
    `${plain(id)} is ${status}${reason === undefined ? '' : `: ${plain(reason)}`}`,
    `  commit ${plain(commit)}, ${plain(showTrigger(trigger))}, ${showMoment(triggeredAt)}`,
  ]
  if (emergency !== undefined) {
    const { review } = emergency
    const by =
      review === undefined
        ? 'nobody has reviewed it yet'
        : `reviewed by ${showActor(review.by)}: ${plain(review.comment)}`
    lines.push(`  emergency: ${plain(emergency.reason)}; ${by}`)
  }
  if (planDigest !== undefined) lines.push(`  plan ${planDigest}`)
  return [...lines, ...steps.flatMap(describeStep), ...describeApprovals(summary)]
}

/** What an approval is about: each value, with the one before. */
function describeStep({
  operation,
  node,
  status,
  impact,
  changes,
  expected,
  origins,
  removal,
}: PlannedStep): readonly string[] {
  const isNew = operation === 'create' || operation === 'record'
  const requesters = origins.flatMap((origin) => (origin.type === 'request' ? [origin.requester] : []))
  const wanted = requesters.length === 0 ? '' : `, asked for by ${plain([...new Set(requesters)].join(', '))}`
  const copy = removal === undefined || removal.lastCopy === 'none' ? '' : `, last copy: ${removal.lastCopy}`
  return [
    `    ${operation} ${plain(node)}  ${status}${impact === 'online' ? '' : ` [${impact}]`}${wanted}${copy}`,
    ...Object.entries(changes).map(([property, value]) => {
      const before = isNew ? '' : `${showValue(expected[property] ?? null)} → `
      return `      ${plain(property)}: ${before}${showValue(value)}`
    }),
  ]
}

function describeApprovals({ approvals, missingApprovals, voidings, isVoid }: DeploymentSummary): readonly string[] {
  return [
    ...approvals.map(({ by, at, sections, comment }) => {
      const of = sections === undefined ? '' : ` (${sections.join(', ')})`
      return `  approved by ${showActor(by)}${of}, ${showMoment(at)}${comment === undefined ? '' : `: ${plain(comment)}`}`
    }),
    ...voidings.map(({ at, reason }) => `  approvals void, ${showMoment(at)}: ${plain(reason)}`),
    ...(isVoid ? ['  it is planned again before it can be approved'] : []),
    ...missingApprovals.map(
      ({ section, missing, named }) =>
        `  waits for ${missing} more for ${section}${named ? ', by name (--sections)' : ''}`,
    ),
  ]
}
