import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import type { DeploymentCommand, DeploymentCommandOf, ExecutorCommand } from './commands.ts'
import { findOpenDeployment } from './find.ts'

/**
 * DEPLOY 9: an open deployment has one holder. It is free, or ours already, or its holder's lease has run out: whoever says so names the
 * holder's last sign of life, so that a sign in between refuses the claim.
 */
export function decideClaim(
  state: EnvironmentState,
  command: DeploymentCommandOf<'claim-execution'>,
  _context: CommandContext,
): Decision {
  const found = findOpenDeployment(state, command.deployment)
  if ('code' in found) return { type: 'rejected', rejection: found }
  const { deployment, executor, leaseMs, renewal, after } = command
  const { claim } = state.execution
  const holds = claim?.executor === executor
  if (renewal === true && !holds) return { type: 'rejected', rejection: lost(state, deployment, executor) }
  if (claim === undefined || holds) {
    return accepted([
      { type: 'ExecutionClaimed', data: { deployment, executor, leaseMs, ...(holds ? { renewal: true } : {}) } },
    ])
  }
  if (claim.sign === after)
    return accepted([{ type: 'ExecutionClaimed', data: { deployment, executor, leaseMs, after } }])
  return rejected(
    'deployment-claimed',
    `deployment ${deployment} is run by executor ${claim.executor}, whose lease has not run out`,
    { deployment, executor: claim.executor, leaseMs: claim.leaseMs },
  )
}

/** The holder leaves; whoever does not hold it has nothing to leave. */
export function decideRelease(
  { execution }: EnvironmentState,
  { deployment, executor, reason }: DeploymentCommandOf<'release-execution'>,
  _context: CommandContext,
): Decision {
  const { claim } = execution
  if (claim?.deployment !== deployment || claim.executor !== executor) return accepted([])
  return accepted([{ type: 'ExecutionReleased', data: { deployment, executor, reason } }])
}

const EXECUTOR_COMMANDS: ReadonlySet<string> = new Set<ExecutorCommand['type']>([
  'plan-deployment',
  'start-phase',
  'complete-phase',
  'start-step',
  'finish-step',
  'fail-step',
  'revise-deployment',
  'finish-deployment',
  'fail-deployment',
])

/** Why a command is not its executor's to give (DEPLOY 9): decided on the tail, so that one that was asleep too long does no harm. */
export function lostClaim(state: EnvironmentState, command: DeploymentCommand): Rejection | undefined {
  if (!isExecutorCommand(command)) return undefined
  const { deployment, executor } = command
  const claim = state.execution.claim?.deployment === deployment ? state.execution.claim : undefined
  // What has ended is told as that.
  if (claim?.executor === executor || 'code' in findOpenDeployment(state, deployment)) return undefined
  return lost(state, deployment, executor ?? 'nobody')
}

function isExecutorCommand(command: DeploymentCommand): command is ExecutorCommand {
  return EXECUTOR_COMMANDS.has(command.type)
}

function lost({ execution }: EnvironmentState, deployment: string, executor: string): Rejection {
  const holder = execution.claim?.deployment === deployment ? execution.claim.executor : undefined
  const who = holder === undefined ? 'nobody holds it' : `executor ${holder} holds it`
  return reject('executor-lost-claim', `executor ${executor} does not hold deployment ${deployment}: ${who}`, {
    deployment,
    executor,
    holder,
  })
}
