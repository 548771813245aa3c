import { parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const reject = defineCommand({
  name: 'reject',
  group: 'Decide',
  summary: 'Turn down a pending change request (Admins)',
  arguments: { request: argument('its id, as "infraledger requests" lists it', parseText) },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    ['infraledger reject 0198c0de-… --reason "too expensive" --as user:grace', 'it will not be deployed'],
    ['infraledger requests --status rejected', 'what was turned down, and why'],
  ],
  async run({ arguments: { request }, options: { reason } }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    await environment.reject({ request, reason }, by)
    return {
      type: 'document',
      value: { request, status: 'rejected' },
      text: () => `Change request ${plain(request)} is rejected.`,
    }
  },
})
