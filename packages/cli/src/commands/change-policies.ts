import type { Policies, PolicyChangeAnswer } from '@infraledger/core'
import { parseText } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { readJsonFile } from '../json-file.ts'
import { plain } from '../output/text.ts'

export const changePolicies = defineCommand({
  name: 'change-policies',
  group: 'Decide',
  summary: 'Replace the policies; weaker ones are proposed, for other Admins to approve',
  arguments: {
    policies: argument('a JSON file, as "infraledger policies --json" gives them; - is standard input', parseText),
  },
  options: {},
  examples: [
    [
      'infraledger change-policies policies.json --as user:ada',
      'at once, unless they ask for less than the present ones',
    ],
    [
      `echo '{"approvals":{"required":2,"fourEyes":true},"drift":[]}' | infraledger change-policies - --as user:ada`,
      'two approvals, by others than who triggered it',
    ],
  ],
  async run({ arguments: { policies: path } }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    // The library checks them and says what is wrong.
    const policies = (await readJsonFile(path, session.io)) as Policies
    const value = await environment.changePolicies(policies, by)
    return { type: 'document', value, text: () => describe(value) }
  },
})

function describe(answer: PolicyChangeAnswer): string {
  if (answer.status !== 'proposed')
    return answer.status === 'changed' ? 'The policies are changed.' : 'They are so already.'
  const { proposal, weakens, required } = answer
  const others = required === 1 ? 'another Admin' : `${required} other Admins`
  return [
    `They are weaker, so they are proposed (${plain(proposal)}), and hold when ${others} approved them:`,
    ...weakens.map((text) => `  ${plain(text)}`),
  ].join('\n')
}
