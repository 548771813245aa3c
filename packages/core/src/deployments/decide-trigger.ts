import type { CommandContext, Decision } from '../environment/decision.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { dueRequests } from '../change-requests/due.ts'
import { voidedByModel } from '../protection/void.ts'
import type { DeploymentCommandOf } from './commands.ts'
import { checkEmergency, emergencyAlert } from './decide-emergency.ts'
import { currentDeployment } from './state.ts'

/**
 * DEPLOY 1 and 2: a trigger names its commit and, when manual, its user. A deployment that has not begun its phases is superseded by the
 * newer one; one whose phases run is not interrupted, and the caller is told.
 */
export function decideTrigger(
  state: EnvironmentState,
  command: DeploymentCommandOf<'trigger-deployment' | 'trigger-emergency'>,
  context: CommandContext,
): Decision {
  const { deployment, trigger, model: digest, requests, createNeeds, runtime } = command
  const urgent = command.type === 'trigger-emergency' ? command : undefined
  const refusal = urgent === undefined ? undefined : checkEmergency(urgent, context)
  if (refusal !== undefined) return { type: 'rejected', rejection: refusal }
  if (trigger.type === 'manual' && trigger.user.trim() === '') {
    return rejected('trigger-user-missing', 'a deployment that is started by hand names the user who did', {
      trigger: trigger.type,
    })
  }
  const model = state.application.models.get(digest)
  if (model === undefined)
    return rejected('model-missing', 'record the application model before deploying it', { action: 'deploy' })
  const selected = dueRequests(state, requests, context.now)
  if ('code' in selected) return { type: 'rejected', rejection: selected }

  const current = currentDeployment(state.deployments)
  if (current?.status === 'running') {
    return rejected(
      'deployment-in-progress',
      `deployment ${current.id} is in its ${current.phase} phase; deploy again when it has ended`,
      {
        deployment: current.id,
        status: current.status,
      },
    )
  }
  const superseded: DomainEvent[] =
    current === undefined ? [] : [{ type: 'DeploymentSuperseded', data: { deployment: current.id, by: deployment } }]
  const triggered: DomainEvent = {
    type: 'DeploymentTriggered',
    data: {
      deployment,
      trigger,
      commit: trigger.commit,
      model: digest,
      requests,
      createNeeds,
      ...(runtime === undefined ? {} : { runtime }),
      ...(urgent === undefined ? {} : { emergency: urgent.emergency }),
    },
  }
  return accepted([
    ...superseded,
    triggered,
    ...(urgent === undefined ? [] : emergencyAlert(state, urgent, context)),
    ...voidedByModel(state, model),
  ])
}
