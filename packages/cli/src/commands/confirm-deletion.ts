import { parseNodeId, parseText } from '../arguments.ts'
import { argument, defineCommand, flag, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const confirmDeletion = defineCommand({
  name: 'confirm-deletion',
  group: 'Decide',
  summary: 'Confirm that an unused stateful node may be deleted',
  arguments: { node: argument('its id, such as sql-database/orders', parseNodeId) },
  options: {
    reason: requiredOption('<text>', 'why', parseText),
    acknowledgeLoss: flag('accept that what it holds is lost, for kinds without a last copy'),
    automatedBackupsToo: flag('let its automated backups go as well; they are kept otherwise'),
    forDestruction: flag('for the destruction of the whole environment alone, while it is in use (Admins)'),
  },
  examples: [
    [
      'infraledger confirm-deletion sql-database/orders --reason "moved to orders-v2" --as user:ada',
      'the next deployment removes it, after its last copy',
    ],
    [
      'infraledger confirm-deletion topic/events --reason unused --acknowledge-loss --as user:ada',
      'a topic has no last copy',
    ],
  ],
  async run({ arguments: { node }, options }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    await environment.confirmDeletion({ node, ...options }, by)
    const when = options.forDestruction ? 'the destruction of the environment removes' : 'the next deployment removes'
    return {
      type: 'document',
      value: { node, deletion: 'confirmed' },
      text: () => `Confirmed: ${when} ${plain(node)}, unless it is used again before.`,
    }
  },
})
