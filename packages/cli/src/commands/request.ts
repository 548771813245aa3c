import { parseAssignment, parseNodeId, parseText } from '../arguments.ts'
import { argument, defineCommand, flag, requiredOption, severalArguments } from '../command.ts'
import { plain } from '../output/text.ts'

export const request = defineCommand({
  name: 'request',
  group: 'Decide',
  summary: 'Wish for a change; it rides along with the next deployment',
  arguments: {
    node: argument('its id, such as sql-instance/main', parseNodeId),
    assignment: severalArguments('<property>=<json>, such as backup.retentionDays=14', parseAssignment),
  },
  options: {
    reason: requiredOption('<text>', 'why', parseText),
    acknowledgeDowntime: flag('accept that it interrupts'),
  },
  examples: [
    ['infraledger request sql-instance/main backup.retentionDays=14 --reason audit --as user:ada', 'longer backups'],
    [
      `infraledger request sql-instance/main 'tier="db.m6g.large"' --reason "black friday" --acknowledge-downtime --as user:ada`,
      'text has quotes of its own',
    ],
  ],
  async run({ arguments: { node, assignment }, options: { reason, acknowledgeDowntime } }, session) {
    const by = { actor: session.actor() }
    const environment = await session.environment()
    const value = await environment.requestChange(
      { node, set: Object.fromEntries(assignment), reason, acknowledgeDowntime },
      by,
    )
    const when = {
      'next-deployment': 'with the next deployment',
      'maintenance-window': 'in the maintenance window',
      'not-before': 'not before its time',
    }[value.when.type]
    return {
      type: 'document',
      value,
      text: () =>
        `Requested: ${value.request} on ${plain(value.node)}, to be applied ${when} (impact: ${value.impact}).`,
    }
  },
})
