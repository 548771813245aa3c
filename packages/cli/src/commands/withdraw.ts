import { parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const withdraw = defineCommand({
  name: 'withdraw',
  group: 'Decide',
  summary: 'Take back a pending change request (its requester, Admins)',
  arguments: { request: argument('its id, as "infraledger requests" lists it', parseText) },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    [
      'infraledger withdraw 0198c0de-… --reason "not needed any more" --as user:ada',
      'drift that it held back is adopted then',
    ],
    ['infraledger requests --status pending --json | jq -r ".[].request"', 'the ids to choose from'],
  ],
  async run({ arguments: { request }, options: { reason } }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    await environment.withdraw({ request, reason }, by)
    return {
      type: 'document',
      value: { request, status: 'withdrawn' },
      text: () => `Change request ${plain(request)} is withdrawn.`,
    }
  },
})
