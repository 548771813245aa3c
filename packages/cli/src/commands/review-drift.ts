import { parseCount, parseNodeId, parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const reviewDrift = defineCommand({
  name: 'review-drift',
  group: 'Decide',
  summary: 'Say what drift that was adopted is',
  description:
    'Adopting records what is so; a review says who meant it, or what is done about it. Reports name who reviewed each adopted drift. Members may, ' +
    'each once.',
  arguments: {
    node: argument('its id', parseNodeId),
    version: argument('the version that adopted it, as "infraledger drift" shows it', parseCount(1)),
  },
  options: { comment: requiredOption('<text>', 'what it is', parseText) },
  examples: [
    [
      'infraledger review-drift sql-instance/main 4 --comment "for the sale, OPS-12" --as user:grace',
      'somebody looked',
    ],
    ['infraledger drift', 'what was adopted of late, by whom, and who reviewed it'],
  ],
  async run({ arguments: { node, version }, options: { comment } }, session) {
    const by = { actor: session.actor() }
    await (await session.environment()).reviewDrift({ node, version, comment }, by)
    return {
      type: 'document',
      value: { node, version, reviewed: true },
      text: () => `The drift that version ${version} of ${plain(node)} adopted is reviewed.`,
    }
  },
})
