import { approvalPolicies, driftPolicies } from '../catalogue.fixture.ts'
import type { GoverningCommand } from '../script/governing.fixture.ts'
import { admins } from '../stage.fixture.ts'
import { chosen } from './turn.fixture.ts'
import type { Turn } from './turn.fixture.ts'

/** Plays who may decide what. */
export async function playGoverning({ prod, ask, set }: Turn, command: GoverningCommand): Promise<void> {
  const { who } = command
  if (command.type === 'role') {
    const { subject, role, holds } = command
    await ask({ type: 'role', subject, role, holds }, who, (by) =>
      holds ? prod.grantRole({ subject, role }, by) : prod.revokeRole({ subject, role }, by),
    )
    return
  }
  const drift = [...(chosen(driftPolicies, command.drift) ?? [])]
  const approvals = chosen(approvalPolicies, command.approvals) ?? { required: 1 }
  // Where nobody can prove who they are, nobody could decide anything any more.
  const identity = command.identity === 'kept' || !set.setup.authenticates ? {} : { identity: command.identity }
  const policies = { approvals, drift, ...identity }
  const answer = await ask({ type: 'policies', policies }, who, (by) => prod.changePolicies(policies, by))
  if (answer.status !== 'proposed') return
  const { proposal } = answer
  for (const other of admins.slice(0, command.agreed % 4))
    await ask({ type: 'approve-policies', proposal }, other, (by) => prod.approvePolicyChange({ proposal }, by))
}
