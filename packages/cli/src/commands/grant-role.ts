import { parseRole, parseSubject } from '../arguments.ts'
import { argument, defineCommand } from '../command.ts'
import { plain } from '../output/text.ts'

export const grantRole = defineCommand({
  name: 'grant-role',
  group: 'Decide',
  summary: 'Let somebody act in an environment',
  arguments: {
    subject: argument('ada, or api:ci', parseSubject),
    role: argument('admin, member or viewer', parseRole),
  },
  options: {},
  examples: [
    ['infraledger grant-role bob member --as user:ada', 'bob may request changes and deploy from now on'],
    ['infraledger grant-role api:ci member --as user:ada', 'so may the pipeline'],
  ],
  async run({ arguments: { subject, role } }, session) {
    const by = { actor: session.actor() }
    await (await session.environment()).grantRole({ subject, role }, by)
    return {
      type: 'document',
      value: { subject, role, granted: true },
      text: () => `${plain(subject)} is ${role} now.`,
    }
  },
})
