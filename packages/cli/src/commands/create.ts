import type { EnvironmentInput } from '@infraledger/core'
import { parseChoice, parseCount, parseText } from '../arguments.ts'
import { parseTargets } from '../clouds.ts'
import { argument, defineCommand, flag, option } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { showActor } from '../output/lineage.ts'
import { plain } from '../output/text.ts'
import type { Session } from '../session.ts'

export const create = defineCommand({
  name: 'create',
  group: 'Decide',
  summary: 'Create an environment, and the ledger where there is none; who creates it is its first Admin',
  description:
    'Resources are created in the first of --clouds whose provider serves their kind. Other policies are set with "infraledger change-policies".',
  arguments: { environment: argument('its name: lower case letters, digits, ":", ".", "_", "-"', parseText) },
  options: {
    type: option(
      '<type>',
      'development (default), production or preview',
      parseChoice('development', 'production', 'preview'),
    ),
    clouds: option(
      '<targets>',
      'where things are made: <provider>/<account>/<region>, several with commas',
      parseTargets,
    ),
    approvals: option('<count>', 'approvals that a plan needs (default 0)', parseCount(0)),
    fourEyes: flag('nobody approves what they triggered or requested'),
  },
  examples: [
    [
      'infraledger create prod --type production --clouds aws/111122223333/eu-west-1 --approvals 1 --as user:ada',
      'ada is its Admin',
    ],
    ['infraledger create sandbox --clouds fake/main/somewhere-1 --as user:ada', 'without approvals, to try things out'],
  ],
  async run({ arguments: { environment: name }, options }, session) {
    const { type = 'development', clouds = [], approvals = 0, fourEyes } = options
    const named = session.shared.environment
    if (named !== undefined && named !== name)
      throw wrongUsage(`It is called ${name} and, with --environment, ${named}: say it once.`)
    if (fourEyes && approvals === 0) throw wrongUsage('Four eyes need approvals: --approvals 1')
    const actor = session.actor()
    const input: EnvironmentInput = {
      name,
      type,
      clouds,
      approvals: { required: approvals, ...(fourEyes ? { fourEyes } : {}) },
    }
    await noteUnconfigured(session, clouds)
    const environment = await (await session.ledgerOrNew()).createEnvironment(input, { actor })
    const value = await environment.describe()
    return {
      type: 'document',
      value,
      text: () => `Created environment ${plain(name)} (${type}); ${showActor(actor)} is its first Admin.`,
    }
  },
})

/** A mistyped provider shows only when something is deployed, so it is told now. */
async function noteUnconfigured(session: Session, targets: readonly { readonly provider: string }[]): Promise<void> {
  const { clouds = [], platforms = [] } = await session.configuration()
  const known = new Set([...clouds, ...platforms].map(({ name }) => name))
  for (const provider of new Set(targets.map((target) => target.provider)))
    if (!known.has(provider))
      await session.note(
        `infraledger.config has no cloud called ${plain(provider)}: "infraledger run" needs one, or leaves what is there alone.`,
      )
}
