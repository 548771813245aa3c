import { parseText } from '../arguments.ts'
import { argument, defineCommand, flag } from '../command.ts'
import { externalDocument, externalText } from '../output/external.ts'

export const externalShow = defineCommand({
  name: 'external show',
  group: 'Ask',
  summary: 'What an external deployment plans, who approved it, and what of it was seen',
  arguments: { deployment: argument('its id, as "infraledger external list" tells it', parseText) },
  options: { detailedExitcode: flag('exit with 2 unless all of it was seen') },
  examples: [
    ['infraledger external show 0198c0de-…', 'what is to be approved, and its digest'],
    [
      `infraledger external show 0198c0de-… --json | jq -e '.status == "approved"'`,
      'whether the pipeline may apply it',
    ],
  ],
  async run({ arguments: { deployment } }, session) {
    const environment = await session.environment()
    const value = await externalDocument(environment.externalDeployment(deployment))
    return {
      type: 'document',
      value,
      text: (look) => externalText(value, look),
      outcome: value.status === 'applied' ? undefined : 'different',
    }
  },
})
