import { defineCommand, flag } from '../command.ts'
import { showActor } from '../output/lineage.ts'
import { table } from '../output/table.ts'
import { showMoment } from '../output/text.ts'

export const alerts = defineCommand({
  name: 'alerts',
  group: 'Ask',
  summary: 'Alerts that are open',
  arguments: {},
  options: { all: flag('also those that were acknowledged') },
  examples: [
    ['infraledger alerts', 'what somebody should look at'],
    ['infraledger alerts --all --json', 'every alert there ever was, as data'],
  ],
  async run({ options: { all } }, session) {
    const environment = await session.environment()
    const value = await environment.alerts(all ? {} : { open: true })
    return {
      type: 'document',
      value,
      text: (look) => {
        if (value.length === 0) return all ? 'There never was an alert.' : 'No alert is open.'
        const rows = value.map(({ alert, severity, message, raisedAt, acknowledged }) => [
          severity,
          showMoment(raisedAt),
          message,
          acknowledged === undefined ? 'open' : `by ${showActor(acknowledged.by)}`,
          alert,
        ])
        return table(
          [
            { heading: 'SEVERITY', style: 'bold' },
            { heading: 'RAISED', narrow: 'moment' },
            { heading: 'WHAT', narrow: 'whole' },
            { heading: 'ACKNOWLEDGED' },
            { heading: 'ALERT', narrow: 'whole' },
          ],
          rows,
          look,
        )
      },
    }
  },
})
