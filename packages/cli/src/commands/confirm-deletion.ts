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
  async run({ arguments: { node }, options: { reason, acknowledgeLoss, automatedBackupsToo } }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    await environment.confirmDeletion({ node, reason, acknowledgeLoss, automatedBackupsToo }, by)
    return {
      type: 'document',
      value: { node, deletion: 'confirmed' },
      text: () => `Confirmed: the next deployment removes ${plain(node)}, unless it is used again before.`,
    }
  },
})
