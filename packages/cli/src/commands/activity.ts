import type { Environment } from '@infraledger/core'
import { parseCount } from '../arguments.ts'
import type { StreamAnswer } from '../answer.ts'
import { defineCommand, option } from '../command.ts'
import { showActor } from '../output/lineage.ts'
import { plain, showMoment } from '../output/text.ts'

export const activity = defineCommand({
  name: 'activity',
  group: 'Ask',
  summary: 'What was tried and refused, oldest first',
  arguments: {},
  options: {
    after: option('<revision>', 'only what came after this revision: go on where you stopped', parseCount(0)),
  },
  examples: [
    ['infraledger activity', 'refused approvals, deletions, policies and roles, and whoever lacked a role'],
    [`infraledger activity --json | jq -r '.[] | [.at, .actor.id, .data.action, .data.code] | @tsv'`, 'as a table'],
  ],
  async run({ options: { after } }, session) {
    const environment = await session.environment()
    return { type: 'stream', items: items(environment, after), none: 'Nothing was refused.' }
  },
})

async function* items(environment: Environment, after: number | undefined): StreamAnswer['items'] {
  for await (const entry of environment.activity(after === undefined ? {} : { after })) {
    yield {
      value: entry,
      text: (look) =>
        `${look.paint('dim', `${String(entry.revision).padStart(6)}  ${showMoment(entry.at)}`)}  ${showActor(entry.actor)}: ${plain(entry.text)}`,
    }
  }
}
