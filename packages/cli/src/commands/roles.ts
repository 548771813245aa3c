import { defineCommand } from '../command.ts'
import { table } from '../output/table.ts'

export const roles = defineCommand({
  name: 'roles',
  group: 'Ask',
  summary: 'Who holds which role in an environment',
  description: 'Who could do what at another time, and who gave them the role, is told by "infraledger who-could".',
  arguments: {},
  options: {},
  examples: [
    ['infraledger roles', 'who may decide, ask, or look'],
    [`infraledger roles --json | jq '.[] | select(.roles | index("admin")) | .subject'`, 'the Admins'],
  ],
  async run(_, session) {
    const environment = await session.environment()
    const value = Object.entries((await environment.describe()).roles)
      .filter(([, held]) => held.length > 0)
      .map(([subject, held]) => ({ subject, roles: held }))
    return {
      type: 'document',
      value,
      text: (look) =>
        table(
          [{ heading: 'SUBJECT', style: 'bold', narrow: 'keep' }, { heading: 'ROLES' }],
          value.map(({ subject, roles: held }) => [subject, held.join(', ')]),
          look,
        ),
    }
  },
})
