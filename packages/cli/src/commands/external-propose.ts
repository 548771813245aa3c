import { gitPush, isLedgerError } from '@infraledger/core'
import type { Environment, ExternalDeploymentHandle, ExternalPlan, ExternalProposal } from '@infraledger/core'
import { readTerraformPlan } from '@infraledger/import-terraform'
import { parseText } from '../arguments.ts'
import { argument, defineCommand, flag, option, requiredOption } from '../command.ts'
import { wrongUsage } from '../command-error.ts'
import { fingerprintKey } from '../fingerprint-key.ts'
import { inputName, readInput } from '../input-files.ts'
import { externalDocument, externalText } from '../output/external.ts'
import { plain } from '../output/text.ts'
import type { Session } from '../session.ts'

export const externalPropose = defineCommand({
  name: 'external propose',
  group: 'Decide',
  summary: 'Lay a Terraform plan before the environment, to be approved here',
  description:
    'The plan is what "terraform show -json <plan file>" prints. Terraform carries it out, never this tool. What is imported or observed ' +
    'after that, and is as the plan says, has it as its cause. The same plan again is the same proposal.',
  arguments: { plan: argument('the plan as JSON; - is standard input', parseText) },
  options: {
    commit: requiredOption('<commit>', 'the commit that it is made of', parseText),
    ref: option('<ref>', 'the branch that was pushed; whoever acts pushed it', parseText),
    lineage: option('<lineage>', 'of its state, where several states have the same addresses', parseText),
    supersede: flag('withdraw what is open for the same resources'),
    detailedExitcode: flag('exit with 2 where the plan changes something'),
  },
  examples: [
    [
      'terraform show -json plan.bin | infraledger external propose - --commit 4f2a --as api:ci',
      'what the pipeline planned, to be approved before it applies it',
    ],
    [
      'infraledger external propose plan.json --commit 4f2a --ref main --supersede --as user:ada',
      'a newer plan of the same, in place of the older one',
    ],
  ],
  async run({ arguments: { plan: path }, options }, session) {
    const by = { actor: session.actor() }
    if (options.ref !== undefined && by.actor.type !== 'user')
      throw wrongUsage('--ref needs a person who pushed: --as user:ada')
    const environment = await session.environment()
    const text = await readInput(path, session.io)
    const plan = await readPlan(text, { path, lineage: options.lineage }, session)
    const trigger: ExternalProposal =
      options.ref === undefined
        ? { plan, commit: options.commit, supersede: options.supersede }
        : {
            plan,
            trigger: gitPush({ commit: options.commit, ref: options.ref, pusher: by.actor.id }),
            supersede: options.supersede,
          }
    const proposal = await propose(environment, trigger, by)
    if (proposal === undefined) {
      return {
        type: 'document',
        value: { proposed: false, plan: plan.name, digest: plan.digest },
        text: () => `${plain(plan.name)} changes nothing: there is nothing to propose.`,
      }
    }
    const value = { proposed: true, ...(await externalDocument(proposal)) }
    return {
      type: 'document',
      value,
      text: (look) => externalText(value, look),
      outcome: 'different',
    }
  },
})

async function readPlan(
  text: string,
  { path, lineage }: { readonly path: string; readonly lineage: string | undefined },
  session: Session,
): Promise<ExternalPlan> {
  const key = await fingerprintKey((await session.ledgerPlace()).file, session.io.env)
  const options = { name: inputName(path), ...(lineage === undefined ? {} : { lineage }) }
  // Refused before a key is made for it.
  readTerraformPlan(text, { ...options, fingerprint: key.fingerprint })
  const { fingerprint } = await key.keep()
  return readTerraformPlan(text, { ...options, fingerprint })
}

/** A plan that changes nothing is an answer on a command line, not a failure: pipelines plan on every push. */
async function propose(
  environment: Environment,
  proposal: ExternalProposal,
  by: { readonly actor: ReturnType<Session['actor']> },
): Promise<ExternalDeploymentHandle | undefined> {
  try {
    return await environment.proposeExternal(proposal, by)
  } catch (error) {
    if (isLedgerError(error, 'external-plan-empty')) return undefined
    throw error
  }
}
