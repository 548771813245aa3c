import { parseNodeId, parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const bind = defineCommand({
  name: 'bind',
  group: 'Decide',
  summary: 'Satisfy a need of the application with what is there',
  arguments: {
    need: argument('what the application asks for, such as sql-database/orders', parseNodeId),
    resource: argument('what satisfies it, such as sql-instance/main', parseNodeId),
  },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    [
      'infraledger bind sql-database/orders sql-instance/main --reason "it runs there" --as user:ada',
      'the imported instance is the one that the code means',
    ],
    ['infraledger graph --kind sql-instance', 'the resources to choose from'],
  ],
  async run({ arguments: { need, resource }, options: { reason } }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    await environment.bind({ need, resource, reason }, by)
    return {
      type: 'document',
      value: { need, resource },
      text: () => `${plain(need)} is satisfied by ${plain(resource)} now.`,
    }
  },
})
