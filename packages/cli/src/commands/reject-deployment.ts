import { parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const rejectDeployment = defineCommand({
  name: 'reject-deployment',
  group: 'Decide',
  summary: 'Turn down the plan with which a deployment waits (Admins)',
  arguments: { deployment: argument('its id, as "infraledger deployments" lists it', parseText) },
  options: {
    digest: requiredOption('<digest>', 'of the plan that was read, as "infraledger deployment" shows it', parseText),
    reason: requiredOption('<text>', 'why', parseText),
  },
  examples: [
    [
      'infraledger reject-deployment 0198c0de-… --digest 4f2a… --reason "not this week" --as user:grace',
      'it ends; its change requests stay pending',
    ],
    ['infraledger deployments', 'how deployments ended, and why'],
  ],
  async run({ arguments: { deployment }, options: { digest, reason } }, session) {
    const by = { actor: session.actor() }
    await (await session.environment()).deployment(deployment).reject({ digest, reason }, by)
    return {
      type: 'document',
      value: { deployment, status: 'rejected' },
      text: () => `Deployment ${plain(deployment)} is rejected; its change requests stay pending.`,
    }
  },
})
