import { parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const review = defineCommand({
  name: 'review',
  group: 'Decide',
  summary: 'Close an emergency deployment after a look at what it did (another Admin)',
  arguments: { deployment: argument('its id, as "infraledger deployments --unreviewed" lists it', parseText) },
  options: { comment: requiredOption('<text>', 'what was found', parseText) },
  examples: [
    [
      'infraledger review 0198c0de-… --comment "was right" --as user:grace',
      'somebody else than who triggered it looked',
    ],
    ['infraledger deployments --unreviewed', 'emergencies that wait for that'],
  ],
  async run({ arguments: { deployment }, options: { comment } }, session) {
    const by = { actor: session.actor() }
    await (await session.environment()).deployment(deployment).review({ comment }, by)
    return {
      type: 'document',
      value: { deployment, reviewed: true },
      text: () => `Emergency deployment ${plain(deployment)} is reviewed.`,
    }
  },
})
