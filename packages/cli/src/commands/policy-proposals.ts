import { parseText } from '../arguments.ts'
import { argument, defineCommand, option, requiredOption } from '../command.ts'
import { plain } from '../output/text.ts'

const proposal = argument('its id, as "infraledger policies" lists it', parseText)

export const approvePolicies = defineCommand({
  name: 'approve-policies',
  group: 'Decide',
  summary: 'Approve weaker policies that another Admin proposed',
  arguments: { proposal },
  options: { comment: option('<text>', 'why', parseText) },
  examples: [
    ['infraledger approve-policies 0198c0de-… --as user:grace', 'they hold when enough others have approved them'],
    ['infraledger policies', 'what is proposed, and in what it is weaker'],
  ],
  async run({ arguments: { proposal: id }, options: { comment } }, session) {
    const by = { actor: session.actor() }
    const approval = { proposal: id, ...(comment === undefined ? {} : { comment }) }
    const value = await (await session.environment()).approvePolicyChange(approval, by)
    const text =
      value.status === 'changed' ? 'The policies are changed.' : `Approved; ${value.missing} more must approve.`
    return { type: 'document', value, text: () => text }
  },
})

export const rejectPolicies = defineCommand({
  name: 'reject-policies',
  group: 'Decide',
  summary: 'Turn down weaker policies that were proposed (Admins)',
  arguments: { proposal },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    ['infraledger reject-policies 0198c0de-… --reason "not in production" --as user:grace', 'the present ones stay'],
    ['infraledger policies', 'what is proposed, and in what it is weaker'],
  ],
  async run({ arguments: { proposal: id }, options: { reason } }, session) {
    const by = { actor: session.actor() }
    await (await session.environment()).rejectPolicyChange({ proposal: id, reason }, by)
    return {
      type: 'document',
      value: { proposal: id, status: 'rejected' },
      text: () => `Proposal ${plain(id)} is rejected.`,
    }
  },
})

export const withdrawPolicies = defineCommand({
  name: 'withdraw-policies',
  group: 'Decide',
  summary: 'Take back weaker policies that you proposed',
  arguments: { proposal },
  options: { reason: requiredOption('<text>', 'why', parseText) },
  examples: [
    ['infraledger withdraw-policies 0198c0de-… --reason "no longer needed" --as user:ada', 'the present ones stay'],
    ['infraledger policies', 'what is proposed, and in what it is weaker'],
  ],
  async run({ arguments: { proposal: id }, options: { reason } }, session) {
    const by = { actor: session.actor() }
    await (await session.environment()).withdrawPolicyChange({ proposal: id, reason }, by)
    return {
      type: 'document',
      value: { proposal: id, status: 'withdrawn' },
      text: () => `Proposal ${plain(id)} is withdrawn.`,
    }
  },
})
