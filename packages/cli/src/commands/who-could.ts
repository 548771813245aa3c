import type { Action, WhoCould } from '@infraledger/core'
import { parseMoment, parseText } from '../arguments.ts'
import { argument, defineCommand, option } from '../command.ts'
import { plain, showMoment } from '../output/text.ts'

export const whoCould = defineCommand({
  name: 'who-could',
  group: 'Ask',
  summary: 'Who was allowed to do something, and when',
  arguments: { action: argument('such as approve-deployment or request-change', parseText) },
  options: {
    from: option('<time>', 'from when on; default: since the environment was created', parseMoment),
    to: option('<time>', 'until when; default: now', parseMoment),
  },
  examples: [
    ['infraledger who-could confirm-deletion', 'who could since the environment was created'],
    ['infraledger who-could approve-deployment --from 2026-03-01 --to 2026-04-01', 'who could approve in March'],
  ],
  async run({ arguments: { action }, options: { from, to } }, session) {
    const environment = await session.environment()
    const answer = await environment.whoCould({
      // Whether it is an action is asked, and refused, by the ledger itself.
      action: action as Action,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    })
    return { type: 'document', value: answer, text: () => textOf(answer) }
  },
})

function textOf({ subjects, action, incompleteBefore }: WhoCould): string {
  const lines = subjects.flatMap(({ subject, intervals }) =>
    intervals.map(({ from, until, roles, granted, revoked }) => {
      const by = [...new Set(granted.map((grant) => grant.by.id))].map(plain).join(', ')
      const ended = revoked === undefined ? '' : `; ${revoked.role} revoked by ${plain(revoked.by.id)}`
      const end = until === undefined ? 'on' : `to ${showMoment(until)}`
      return `${plain(subject)}  from ${showMoment(from)} ${end}  as ${roles.join(', ')}, granted by ${by}${ended}`
    }),
  )
  const known = incompleteBefore === undefined ? [] : [`Not all is remembered before ${showMoment(incompleteBefore)}.`]
  return [...(lines.length === 0 ? [`Nobody could ${plain(action)} then.`] : lines), ...known].join('\n')
}
