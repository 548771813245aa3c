import type { Environment, TimelineEntry } from '@infraledger/core'
import { parseCount } from '../arguments.ts'
import type { StreamAnswer } from '../answer.ts'
import { defineCommand, option } from '../command.ts'
import { showActor } from '../output/lineage.ts'
import { plain, showMoment } from '../output/text.ts'

type Range = { readonly after?: number; readonly limit?: number }

export const timeline = defineCommand({
  name: 'timeline',
  group: 'Ask',
  summary: 'What happened, event by event, oldest first',
  arguments: {},
  options: {
    after: option('<revision>', 'only what came after this revision: go on where you stopped', parseCount(0)),
    limit: option('<n>', 'at most this many', parseCount(1)),
  },
  examples: [
    ['infraledger timeline --limit 20', 'how it began'],
    [
      `infraledger timeline --json --after 1200 | jq -r '.[] | select(.actor.id == "ada") | .text'`,
      'what ada did since a revision',
    ],
  ],
  async run({ options: { after, limit } }, session) {
    const environment = await session.environment()
    const range = { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) }
    return { type: 'stream', items: items(environment, range), none: 'Nothing happened after that.' }
  },
})

async function* items(environment: Environment, range: Range): StreamAnswer['items'] {
  for await (const entry of environment.timeline(range)) {
    yield {
      value: entry,
      text: (look) =>
        `${look.paint('dim', `${String(entry.revision).padStart(6)}  ${showMoment(entry.at)}`)}  ${showActor(entry.actor)}: ${textOf(entry)}`,
    }
  }
}

function textOf({ text, at, effectiveAt }: TimelineEntry): string {
  const isOther = effectiveAt !== undefined && showMoment(effectiveAt) !== showMoment(at)
  return isOther ? `${plain(text)} (in the world: ${showMoment(effectiveAt)})` : plain(text)
}
