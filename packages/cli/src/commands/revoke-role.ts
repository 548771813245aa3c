import { parseRole, parseSubject } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { plain } from '../output/text.ts'

export const revokeRole = defineCommand({
  name: 'revoke-role',
  group: 'Decide',
  summary: 'Take a role from somebody',
  arguments: {
    subject: argument('ada, or api:ci', parseSubject),
    role: argument('admin, member or viewer', parseRole),
  },
  options: {},
  examples: [
    ['infraledger revoke-role bob member --as user:ada', 'bob may only look from now on'],
    ['infraledger revoke-role api:ci member --as user:ada', 'the pipeline, too'],
  ],
  async run({ arguments: { subject, role } }, session) {
    const by = { actor: session.actor() }
    await (await session.environment()).revokeRole({ subject, role }, by)
    return {
      type: 'document',
      value: { subject, role, granted: false },
      text: () => `${plain(subject)} is no longer ${role}.`,
    }
  },
})
