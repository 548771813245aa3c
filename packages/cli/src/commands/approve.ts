import { parseSections, parseText } from '../arguments.ts'
import { argument, defineCommand, option, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const approve = defineCommand({
  name: 'approve',
  group: 'Decide',
  summary: 'Approve the plan with which a deployment waits (Admins)',
  description: 'Without --sections, it covers all sections of the plan that have no policy of their own.',
  arguments: { deployment: argument('its id, as "infraledger deployments" lists it', parseText) },
  options: {
    digest: requiredOption('<digest>', 'of the plan that was read, as "infraledger deployment" shows it', parseText),
    sections: option('<sections>', 'infrastructure, iam, deletions; several with commas', parseSections),
    comment: option('<text>', 'why', parseText),
  },
  examples: [
    ['infraledger approve 0198c0de-… --digest 4f2a… --comment "looks right" --as user:grace', 'this very plan may run'],
    [
      'infraledger approve 0198c0de-… --digest 4f2a… --sections iam --as user:grace',
      'what it changes of access may run',
    ],
  ],
  async run({ arguments: { deployment }, options: { digest, sections, comment } }, session) {
    const by = { actor: session.actor() }
    const handle = (await session.environment()).deployment(deployment)
    const named = sections === undefined ? {} : { sections }
    await handle.approve({ digest, ...named, ...(comment === undefined ? {} : { comment }) }, by)
    const { status, missingApprovals } = await handle.read()
    const missing = missingApprovals.map((more) => `${more.missing} for ${more.section}`).join(', ')
    return {
      type: 'document',
      value: { deployment, status, missingApprovals },
      text: () =>
        `Approved ${plain(deployment)}${missing === '' ? '; nothing is missing, and "infraledger run" carries it out.' : `; it waits for more: ${missing}.`}`,
    }
  },
})
