import { parseText } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { destructionText } from '../output/ending.ts'
import { plain } from '../output/text.ts'

export const destroy = defineCommand({
  name: 'destroy',
  group: 'Decide',
  summary: 'Show what destroying an environment would do; with its challenge, have it destroyed',
  description:
    'Without --reason nothing is written: what would go is listed, what stands in the way, and the challenge to type. With --challenge and --reason the destruction is recorded; an executor ("infraledger run") carries it out. Preview environments need no challenge. The clouds are those that infraledger.config.ts exports.',
  arguments: {},
  options: {
    challenge: option('<phrase>', 'the phrase that the list ends with, exactly', parseText),
    reason: option('<text>', 'why; without it nothing is written', parseText),
  },
  examples: [
    ['infraledger destroy --environment staging', 'what would go, and what stands in the way'],
    [
      'infraledger destroy --environment staging --challenge "destroy staging at graph version 42" --reason "moved" --as user:ada',
      'an executor removes everything that is ours',
    ],
  ],
  async run({ options: { challenge, reason } }, session) {
    const environment = await session.environment()
    if (reason === undefined) {
      if (challenge !== undefined) throw wrongUsage('say why: --reason "the shop has closed"')
      const review = await environment.destruction()
      return { type: 'document', value: review, text: (look) => destructionText(review, look) }
    }
    const by = { actor: session.actor() }
    const { id } = await environment.destroy({ ...(challenge === undefined ? {} : { challenge }), reason }, by)
    const value = { environment: environment.name, destruction: 'triggered', deployment: id }
    return {
      type: 'document',
      value,
      text: () => `Deployment ${plain(id)} destroys ${plain(environment.name)}: "infraledger run" carries it out.`,
    }
  },
})
