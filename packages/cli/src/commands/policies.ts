import type { Policies, PolicyProposal } from '@infraledger/core'
import { defineCommand } from '../command.ts'
import { showActor } from '../output/lineage.ts'
import { plain } from '../output/text.ts'

export const policies = defineCommand({
  name: 'policies',
  group: 'Ask',
  summary: 'The policies of an environment, and weaker ones that wait for approval',
  arguments: {},
  options: {},
  examples: [
    ['infraledger policies', 'how many approvals a plan needs, and what drift is reverted'],
    ['infraledger policies --json | jq .policies > policies.json', 'as a file, to be changed with change-policies'],
  ],
  async run(_, session) {
    const environment = await session.environment()
    const { policies: present } = await environment.describe()
    const proposals = await environment.policyProposals({ open: true })
    return {
      type: 'document',
      value: { policies: present, proposals },
      text: () => [...describe(present), ...proposals.flatMap(describeProposal)].join('\n'),
    }
  },
})

function describe({ approvals, drift }: Policies): readonly string[] {
  const { required, fourEyes, expiresAfterHours, sections } = approvals
  return [
    `approvals: ${required}`,
    ...(fourEyes === true ? ['  four eyes: nobody approves what they triggered or requested'] : []),
    ...(expiresAfterHours === undefined ? [] : [`  they expire after ${expiresAfterHours} hours`]),
    ...Object.entries(sections ?? {}).map(([section, count]) => `  ${section}: ${count}, by name`),
    ...drift.map(
      ({ decision, kind, property, reason }) =>
        `drift: ${decision} ${plain(property ?? 'everything')} of ${plain(kind ?? 'all kinds')} (${plain(reason)})`,
    ),
  ]
}

function describeProposal({ proposal, proposedBy, weakens, required, approvals }: PolicyProposal): readonly string[] {
  return [
    `proposed by ${showActor(proposedBy)} (${plain(proposal)}), ${approvals.length} of ${required} approvals:`,
    ...weakens.map((text) => `  weaker: ${plain(text)}`),
  ]
}
