import { parseNodeId, parseText } from '../arguments.ts'
import { argument, defineCommand, optionalArgument } from '../command.ts'
import { plain } from '../output/text.ts'

export const why = defineCommand({
  name: 'why',
  group: 'Ask',
  summary: 'Why a node or property is as it is, and because of whom',
  arguments: {
    node: argument('its id, such as sql-instance/main', parseNodeId),
    property: optionalArgument('a property, such as backup.retentionDays', parseText),
  },
  options: {},
  examples: [
    ['infraledger why sql-instance/main backup.retentionDays', 'who set the retention, when, and with what approval'],
    ['infraledger why sql-instance/main --json | jq .actor', 'who is behind the newest version of a node, as data'],
  ],
  async run({ arguments: { node, property } }, session) {
    const environment = await session.environment()
    const value = await environment.why(node, property)
    return {
      type: 'document',
      value,
      text(look) {
        const [headline = '', ...rest] = value.text().split('\n').map(plain)
        return [look.paint('bold', headline), ...rest].join('\n')
      },
    }
  },
})
