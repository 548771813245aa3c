import { parseText } from '../arguments.ts'
import { argument, defineCommand, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

export const cancel = defineCommand({
  name: 'cancel',
  group: 'Decide',
  summary: 'End a deployment: at once, or when its calls under way have come to their end',
  description: 'Whoever triggered it may, and Admins. What it provisioned stays; its change requests stay pending.',
  arguments: { deployment: argument('its id, as "infraledger deployments" lists it', parseText) },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    ['infraledger cancel 0198c0de-… --reason "wrong commit" --as user:ada', 'nothing more of it begins'],
    ['infraledger cancel 0198c0de-… --reason "wrong commit" --as api:ci', 'the pipeline cancels what it triggered'],
  ],
  async run({ arguments: { deployment }, options: { reason } }, session) {
    const by = { actor: session.actor() }
    const handle = (await session.environment()).deployment(deployment)
    await handle.cancel({ reason }, by)
    const { status } = await handle.read()
    return {
      type: 'document',
      value: { deployment, status },
      text: () =>
        status === 'cancelled'
          ? `Deployment ${plain(deployment)} is cancelled.`
          : `Deployment ${plain(deployment)} is ${status}, and is cancelled when its calls under way have come to their end.`,
    }
  },
})
