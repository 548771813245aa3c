import type { DeploymentCommand } from '../deployments/commands.ts'
import { system } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import { readModel } from '../application/model.ts'
import type { ApplicationModelInput } from '../application/model-input.ts'
import type { Model } from '../application/state.ts'
import { checkImages } from '../compute/check-images.ts'
import { dueRequests } from '../change-requests/due.ts'
import { parseRuntime } from '../deployments/runtime.ts'
import type { RuntimeInput } from '../deployments/runtime.ts'
import { summarise } from '../deployments/summary.ts'
import type { DeploymentSummary } from '../deployments/summary.ts'
import { parseTrigger } from '../deployments/trigger.ts'
import type { Trigger } from '../deployments/trigger.ts'
import type { NodeId } from '../graph/ids.ts'
import { isLedgerError, rejectionError } from '../ledger-error.ts'
import { computePlan, isRejection } from '../planning/compute.ts'
import { describePlan } from '../planning/describe.ts'
import type { Plan } from '../planning/plan.ts'
import { deploymentHandle } from './deployment-handle.ts'
import type { DeploymentHandle } from './deployment-handle.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { By } from './options.ts'

/** What is to be deployed, and what rides along. */
export type DeploymentInput = {
  /** What the commit declares; see `applicationModel`. */
  readonly model: Model | ApplicationModelInput
  /** Pending change requests to take along: those that are due (default), none, or these. */
  readonly requests?: 'due' | 'none' | readonly string[]
  /** Needs to create although existing resources could be bound to them (OWN 4). */
  readonly create?: 'all' | readonly NodeId[]
}

/** A plan that was computed without being recorded. */
export type PlanPreview = Plan & {
  /** The plan as a person reads it. */
  readonly text: () => string
}

/** Times that a model is recorded again when other pushes displace it before its deployment is triggered. */
const TRIGGER_ATTEMPTS = 5

/** Plans and deployments. */
export interface DeployingMethods {
  /**
   * Computes what deploying a model would do, on what the ledger knows now. Writes nothing and calls no provider. Throws
   * `binding-required`, `grant-contradictory`, `replacement-required`, `node-observed`, `cloud-not-configured`; `change-not-found` and
   * `change-not-pending` for named requests; for the model `input-invalid`, `kind-unknown`, `property-unknown`, `property-invalid`,
   * `property-not-changeable`, `need-not-found`, `node-not-found`, `cycle-found`.
   */
  plan(input: DeploymentInput & { readonly commit?: string }): Promise<PlanPreview>
  /**
   * Records a deployment; an executor (`ledger.runDeployments`) runs it. Acts as whoever the trigger names (asserted), unless `by` says
   * otherwise; takes a member, and in a preview also a pull request. Throws `deployment-in-progress` while another one runs; one that has
   * not begun is superseded. `trigger-user-missing`; `change-not-found` and `change-not-pending` for named requests; `input-invalid` for an
   * image that is no reference, where a platform would have to run it, and for a runtime whose base image is none; for the model what
   * `plan` throws. What only the plan shows, such as `binding-required`, fails the deployment.
   *
   * An emergency skips approval: it takes an Admin, a person, and a reason, raises a critical alert, and stays open until another Admin has
   * reviewed it (DEPLOY 13). Throws `person-required`.
   */
  deploy(
    input: DeploymentInput & {
      readonly trigger: Trigger
      readonly runtime?: RuntimeInput
      readonly emergency?: { readonly reason: string }
    },
    by?: By,
  ): Promise<DeploymentHandle>
  /** The handle of a deployment by its id; its methods throw `deployment-not-found`. */
  deployment(id: string): DeploymentHandle
  /** All deployments, newest first; `unreviewed`: emergencies that nobody else has reviewed yet. */
  deployments(filter?: { readonly unreviewed?: boolean }): Promise<readonly DeploymentSummary[]>
}

/** Plans and deployments of one environment. */
export function deployingMethods(access: EnvironmentAccess): DeployingMethods {
  const { kinds, clouds } = access.services
  const isRun = (kind: string): boolean =>
    [...clouds.values()].some((cloud) => cloud.capabilities(kind)?.runsImages === true)
  const asModel = (input: Model | ApplicationModelInput, commit: string): Model => {
    const model = readModel(input, kinds)
    if ('code' in model) throw rejectionError(model)
    const problem = checkImages(model.declarations.values(), isRun)
    if (problem !== undefined) throw rejectionError(problem)
    return { ...model, commit }
  }
  return {
    async plan(input) {
      const state = await access.read()
      const context = access.context(system)
      const due = dueRequests(state, input.requests ?? 'due', context.now)
      if ('code' in due) throw rejectionError(due)
      const model = asModel(input.model, input.commit ?? 'none')
      const requests = due.map(({ request }) => request)
      const plan = computePlan(state, { model, requests, createNeeds: input.create ?? [] }, context)
      if (isRejection(plan)) throw rejectionError(plan)
      return { ...plan, text: () => describePlan(plan) }
    },
    async deploy(input, by) {
      const trigger = parseTrigger(input.trigger)
      const runtime = input.runtime === undefined ? undefined : parseRuntime(input.runtime)
      const actor = by === undefined ? actorOf(trigger) : by.actor
      const model = asModel(input.model, trigger.commit)
      const deployment = access.services.newId()
      const execution = { actor, correlationId: by?.correlationId ?? deployment }
      const fields = {
        deployment,
        trigger,
        model: model.digest,
        requests:
          input.requests === undefined || typeof input.requests === 'string'
            ? (input.requests ?? 'due')
            : [...input.requests],
        createNeeds: input.create === undefined || input.create === 'all' ? (input.create ?? []) : [...input.create],
        ...(runtime === undefined ? {} : { runtime }),
      }
      const command: DeploymentCommand =
        input.emergency === undefined
          ? { type: 'trigger-deployment', ...fields }
          : { type: 'trigger-emergency', ...fields, emergency: { reason: input.emergency.reason } }
      for (let attempt = 1; ; attempt++) {
        await access.execute({ type: 'record-model', model }, execution)
        try {
          await access.execute(command, execution)
          return deploymentHandle(access, deployment)
        } catch (error) {
          // Models are kept while something needs them; another push in between may have displaced this one.
          if (!isLedgerError(error, 'model-missing') || attempt === TRIGGER_ATTEMPTS) throw error
        }
      }
    },
    deployment: (id) => deploymentHandle(access, id),
    async deployments({ unreviewed = false } = {}) {
      const state = await access.read()
      const now = access.services.clock.now().toISOString()
      const found = [...state.deployments.deployments.values()].map((deployment) => summarise(deployment, now))
      const asked = unreviewed
        ? found.filter(({ emergency }) => emergency !== undefined && emergency.review === undefined)
        : found
      return asked.toReversed()
    },
  }
}

/** Who set a deployment off, as the actor of its recording. */
function actorOf(trigger: Trigger): Actor {
  switch (trigger.type) {
    case 'git-push':
      return { type: 'user', id: trigger.pusher, assurance: 'asserted' }
    case 'manual':
      return { type: 'user', id: trigger.user, assurance: 'asserted' }
    case 'api':
      return { type: 'api-client', id: trigger.client, assurance: 'asserted' }
    case 'pull-request':
      return { type: 'pull-request', id: String(trigger.number), assurance: 'asserted' }
    case 'system':
      return system
  }
}
