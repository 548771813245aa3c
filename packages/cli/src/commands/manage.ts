import { parseNodeId, parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const manage = defineCommand({
  name: 'manage',
  group: 'Decide',
  summary: 'Hand an observed node over to deployments',
  arguments: { node: argument('its id, such as sql-instance/main', parseNodeId) },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    [
      'infraledger manage sql-instance/main --reason "Terraform gave it up" --as user:ada',
      'plans may write it from now on',
    ],
    ['infraledger why sql-instance/main', 'who handed it over'],
  ],
  async run({ arguments: { node }, options: { reason } }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    await environment.manage({ node, reason }, by)
    return {
      type: 'document',
      value: { node, ownership: 'managed' },
      text: () => `${plain(node)} is managed now: deployments may change it.`,
    }
  },
})
