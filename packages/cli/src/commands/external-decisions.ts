import type { Environment, ExternalDeploymentHandle } from '@infraledger/core'
import { parseMoment, parseText } from '../arguments.ts'
import { argument, defineCommand, option, requiredOption } from '../command.ts'
import type { Answer } from '../answer.ts'
import { plain } from '../output/text.ts'

const deployment = argument('its id, as "infraledger external list" tells it', parseText)
const digest = requiredOption('<digest>', 'of the plan, as "infraledger external show" tells it', parseText)
const comment = option('<text>', 'a word on it', parseText)

export const externalApprove = defineCommand({
  name: 'external approve',
  group: 'Decide',
  summary: 'Agree to a plan that another tool carries out (Admins)',
  arguments: { deployment },
  options: { digest, comment },
  examples: [
    ['infraledger external approve 0198c0de-… --digest 9b1c… --as user:grace', 'this very plan may be applied'],
    [
      'infraledger external approve 0198c0de-… --digest 9b1c… --comment "looks right" --as user:grace',
      'with a word on it',
    ],
  ],
  async run({ arguments: { deployment: id }, options }, session) {
    const by = { actor: session.actor() }
    return decided(await session.environment(), id, (handle) =>
      handle.approve(
        { digest: options.digest, ...(options.comment === undefined ? {} : { comment: options.comment }) },
        by,
      ),
    )
  },
})

export const externalReject = defineCommand({
  name: 'external reject',
  group: 'Decide',
  summary: 'Turn down a plan that another tool would carry out (Admins)',
  arguments: { deployment },
  options: { digest, reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    [
      'infraledger external reject 0198c0de-… --digest 9b1c… --reason "not on a Friday" --as user:grace',
      'with its reason',
    ],
    ['infraledger external list', 'what became of the others'],
  ],
  async run({ arguments: { deployment: id }, options }, session) {
    const by = { actor: session.actor() }
    return decided(await session.environment(), id, (handle) => handle.reject(options, by))
  },
})

export const externalWithdraw = defineCommand({
  name: 'external withdraw',
  group: 'Decide',
  summary: 'Take back a plan that was proposed',
  arguments: { deployment },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    [
      'infraledger external withdraw 0198c0de-… --reason "planned anew" --as api:ci',
      'whoever proposed it, or an Admin',
    ],
    ['infraledger external propose plan.json --commit 4f2a --supersede --as api:ci', 'for a newer plan in its place'],
  ],
  async run({ arguments: { deployment: id }, options }, session) {
    const by = { actor: session.actor() }
    return decided(await session.environment(), id, (handle) => handle.withdraw(options, by))
  },
})

export const externalApplied = defineCommand({
  name: 'external applied',
  group: 'Decide',
  summary: 'Say that the other tool ran',
  description: 'What became of it is seen when its state is imported, or its resources are observed.',
  arguments: { deployment },
  options: { at: option('<time>', 'when; now where it is left out', parseMoment), comment },
  examples: [
    ['terraform apply plan.bin && infraledger external applied 0198c0de-… --as api:ci', 'right after it ran'],
    ['infraledger external applied 0198c0de-… --at 2026-03-01T14:02:00Z --as user:ada', 'later'],
  ],
  async run({ arguments: { deployment: id }, options }, session) {
    const by = { actor: session.actor() }
    return decided(await session.environment(), id, (handle) =>
      handle.applied(
        {
          ...(options.at === undefined ? {} : { at: options.at }),
          ...(options.comment === undefined ? {} : { comment: options.comment }),
        },
        by,
      ),
    )
  },
})

async function decided(
  environment: Environment,
  id: string,
  decide: (handle: ExternalDeploymentHandle) => Promise<void>,
): Promise<Answer> {
  const handle = environment.externalDeployment(id)
  await decide(handle)
  const value = await handle.read()
  return {
    type: 'document',
    value,
    text: () => `External deployment ${plain(id)} is ${value.status}.`,
  }
}
