import { parseText } from '../arguments.ts'
import { defineCommand, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { deletionText } from '../output/ending.ts'
import { plain } from '../output/text.ts'

export const deleteEnvironment = defineCommand({
  name: 'delete',
  group: 'Decide',
  summary: 'Show what deleting an environment from the ledger leaves behind; with its challenge, delete it',
  description:
    'Calls no provider. The environment is listed no more and takes no commands; its history stays, what is still at a provider is listed by "infraledger orphans", and its name is not given again. Without --reason nothing is written.',
  arguments: {},
  options: {
    challenge: option('<phrase>', 'the phrase that the list ends with, exactly', parseText),
    reason: option('<text>', 'why; without it nothing is written', parseText),
  },
  examples: [
    ['infraledger delete --environment old', 'what would be left at providers'],
    [
      'infraledger delete --environment old --challenge "delete old at graph version 7" --reason "another team has it" --as user:ada',
      'the ledger lets go of it',
    ],
  ],
  async run({ options: { challenge, reason } }, session) {
    const environment = await session.environment()
    if (reason === undefined) {
      if (challenge !== undefined) throw wrongUsage('say why: --reason "another team has it"')
      const review = await environment.deletion()
      return { type: 'document', value: review, text: (look) => deletionText(review, look) }
    }
    await environment.delete({ challenge: challenge ?? '', reason }, { actor: session.actor() })
    return {
      type: 'document',
      value: { environment: environment.name, status: 'deleted' },
      text: () =>
        `${plain(environment.name)} is deleted from the ledger; "infraledger orphans" lists what it left behind.`,
    }
  },
})
