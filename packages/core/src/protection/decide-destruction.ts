import { describeActor } from '../access/actor.ts'
import { personRequired } from '../access/person.ts'
import { deployedModel } from '../application/state.ts'
import { applicationModel } from '../application/model.ts'
import { currentDeployment } from '../deployments/state.ts'
import type { Trigger } from '../deployments/trigger.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { accepted, rejected } from '../environment/decision.ts'
import type { CommandContext, Decide, Decision } from '../environment/decision.ts'
import type { EnvironmentState } from '../environment/state.ts'
import { importInProgress } from '../graph/import-frame.ts'
import { invalidInput } from '../invalid-input.ts'
import { reject } from '../ledger-error.ts'
import type { Rejection } from '../ledger-error.ts'
import { checkChallenge, phraseHash } from './challenge.ts'
import { destructionCommandSchema } from './destruction-commands.ts'
import type { DestructionCommand, DestructionCommandOf } from './destruction-commands.ts'
import { atProviders } from './orphans.ts'
import { environmentProtected } from './protected-nodes.ts'

type Destroy = DestructionCommandOf<'destroy-environment'>
type Delete = DestructionCommandOf<'delete-environment'>

/**
 * The rules of how an environment ends: destroyed with everything of ours, or deleted from the ledger alone (PROTECT 1, 5, 9, 10, 11).
 *
 * Why used data cannot be destroyed by one careless command: three things that do not follow from each other must come together. Somebody
 * switched off deletion protection at the provider, which nothing here does. An Admin confirmed the deletion of each stateful node by its
 * name, for the destruction, which is void at the next deployment that uses the node. And an Admin typed a phrase that names the
 * environment and the graph version of the list that was read. What cannot be copied back needs the acknowledgement of its loss besides.
 */
export const decideDestruction: Decide<DestructionCommand> = (state, command, context) => {
  const parsed = destructionCommandSchema.safeParse(command)
  if (!parsed.success) return { type: 'rejected', rejection: invalidInput(command.type, parsed.error) }
  return parsed.data.type === 'destroy-environment'
    ? destroy(state, parsed.data, context)
    : deleteFromLedger(state, parsed.data, context)
}

function destroy(state: EnvironmentState, command: Destroy, context: CommandContext): Decision {
  const isPreview = state.environment.type === 'preview'
  const problem =
    mayDestroy(state, context, 'destroy') ??
    (isPreview && command.challenge === undefined ? undefined : checkChallenge(state, 'destroy', command.challenge)) ??
    underWay(state) ??
    environmentProtected(state, context)
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  const { deployment, challenge, reason } = command
  const waiting = currentDeployment(state.deployments)
  const superseded: DomainEvent[] =
    waiting === undefined ? [] : [{ type: 'DeploymentSuperseded', data: { deployment: waiting.id, by: deployment } }]
  const nothing = applicationModel({ services: [], needs: [] }).digest
  const trigger = triggerOf(state, context, reason)
  return accepted([
    ...superseded,
    {
      type: 'DestructionConfirmed',
      data: {
        deployment,
        graphVersion: state.graph.version,
        ...(challenge === undefined ? {} : { phraseHash: phraseHash(challenge) }),
        reason,
      },
    },
    // The model that declares nothing, whole: written as a difference it could be larger than one append.
    {
      type: 'ApplicationModelRecorded',
      data: { digest: nothing, base: null, commit: trigger.commit, part: 1, parts: 1, declared: [], withdrawn: [] },
    },
    {
      type: 'DeploymentTriggered',
      data: {
        deployment,
        trigger,
        commit: trigger.commit,
        model: nothing,
        requests: 'none',
        createNeeds: [],
        destroys: true,
      },
    },
  ])
}

function deleteFromLedger(state: EnvironmentState, command: Delete, context: CommandContext): Decision {
  const problem =
    mayDestroy(state, context, 'delete') ?? checkChallenge(state, 'delete', command.challenge) ?? underWay(state)
  if (problem !== undefined) return { type: 'rejected', rejection: problem }
  const current = currentDeployment(state.deployments)
  if (current !== undefined) {
    // It is not superseded by anything: whoever waits for it should hear of its end first.
    const message = `deployment ${current.id} is ${current.status}: cancel it, or let it end, before the environment is deleted`
    return rejected('deployment-in-progress', message, { deployment: current.id, status: current.status })
  }
  const { challenge, reason } = command
  const data = {
    graphVersion: state.graph.version,
    phraseHash: phraseHash(challenge),
    reason,
    orphaned: atProviders(state).length,
  }
  return accepted([{ type: 'EnvironmentDeleted', data }])
}

/**
 * What kind of actor ends an environment: a person. A preview environment also goes by automation, without a challenge (PROTECT 11). Which
 * persons and which automation is the authorizer's to say.
 */
export function mayDestroy(
  state: EnvironmentState,
  { actor }: Pick<CommandContext, 'actor'>,
  action: 'destroy' | 'delete' | 'confirm deletions for the destruction of',
): Rejection | undefined {
  const { name, type } = state.environment
  if (type === 'preview' && action === 'destroy') return undefined
  return personRequired(actor, `${action} ${name}, a ${type} environment`)
}

/** Nothing ends an environment while a provider call or an import of it is under way. */
export function underWay({ deployments, graph }: EnvironmentState): Rejection | undefined {
  if (graph.openImport !== undefined) return importInProgress(graph, graph.openImport)
  const current = currentDeployment(deployments)
  if (current?.status !== 'running') return undefined
  const message = `deployment ${current.id} is in its ${current.phase} phase; the environment can end when it has ended`
  return reject('deployment-in-progress', message, { deployment: current.id, status: current.status })
}

/** What set the destruction off, as deployments tell it. The commit is the one that ran: nothing of another one is deployed. */
function triggerOf({ application }: EnvironmentState, { actor }: CommandContext, reason: string): Trigger {
  const commit = deployedModel(application)?.commit || 'none'
  switch (actor.type) {
    case 'user':
      return { type: 'manual', commit, user: actor.id }
    case 'api-client':
      return { type: 'api', commit, client: actor.id }
    case 'pull-request':
      return Number.isSafeInteger(Number(actor.id)) && Number(actor.id) > 0
        ? { type: 'pull-request', commit, number: Number(actor.id) }
        : { type: 'system', commit, reason: describeActor(actor) }
    case 'system':
      return { type: 'system', commit, reason: reason.slice(0, 1_024) }
  }
}
