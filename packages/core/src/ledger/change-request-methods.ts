import type { ChangeRequest } from '../change-requests/state.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { NodeIdOf, NodeProperties } from '../graph/kind-properties.ts'
import type { Properties } from '../json.ts'
import type { EnvironmentAccess } from './environment-access.ts'
import type { By } from './options.ts'

/** A wish to set properties of a node. Ids and properties are typed where the kind is known. */
export type ChangeRequestInput<K extends string> = {
  readonly node: NodeIdOf<K>
  readonly set: NodeProperties<K>
  readonly reason: string
  /** Needed where the impact is `downtime` (CHANGE 2). */
  readonly acknowledgeDowntime?: boolean
  /** Default: the maintenance window for what restarts or interrupts, else the next deployment (CHANGE 8). */
  readonly when?: EventData<'ChangeRequested'>['when']
}

/** A change request as its readers see it. */
export type ChangeRequestSummary = Omit<ChangeRequest, 'remaining'> & { readonly remaining: readonly string[] }

/** What persons ask to be changed. */
export interface ChangeRequestMethods {
  /**
   * Records a wish (members); it stays pending and rides along with whatever deploys next. Throws `node-not-found`, `node-retired`,
   * `node-observed`, `property-unknown`, `property-invalid`, `property-not-changeable`, `property-value-too-large`, `replacement-required`,
   * `change-conflicting`, `change-unneeded`, `change-shrinks`, `downtime-not-acknowledged`.
   */
  requestChange<K extends string>(input: ChangeRequestInput<K>, by: By): Promise<ChangeRequestSummary>
  /**
   * Takes a pending wish back (its requester or an Admin); drift that it held back is adopted then (DRIFT 12). Throws `change-not-found`,
   * `change-not-pending`, `change-being-applied`, `requester-or-admin-required`.
   */
  withdraw(input: { readonly request: string; readonly reason: string }, by: By): Promise<void>
  /** Turns a pending wish down (Admins), as `withdraw` takes it back. Throws `change-not-found`, `change-not-pending`, `change-being-applied`. */
  reject(input: { readonly request: string; readonly reason: string }, by: By): Promise<void>
  /** All change requests, newest first. */
  requests(filter?: { readonly status?: ChangeRequest['status'] }): Promise<readonly ChangeRequestSummary[]>
}

/** Change requests on one environment. */
export function changeRequestMethods(access: EnvironmentAccess): ChangeRequestMethods {
  return {
    async requestChange({ node, set, reason, acknowledgeDowntime, when }, by) {
      const events = await access.execute(
        {
          type: 'request-change',
          node,
          // The typed patch is plain properties; only its keys are known better.
          set: set as Properties,
          reason,
          downtimeAcknowledged: acknowledgeDowntime ?? false,
          ...(when === undefined ? {} : { when }),
        },
        by,
      )
      const requested = events.find((event) => event.type === 'ChangeRequested')
      const request =
        requested === undefined ? undefined : access.stream.state.changeRequests.requests.get(requested.data.request)
      if (request === undefined) throw new Error('A change request was accepted without being recorded')
      return summariseRequest(request)
    },
    async withdraw({ request, reason }, by) {
      await access.execute({ type: 'withdraw-change', request, reason }, by)
    },
    async reject({ request, reason }, by) {
      await access.execute({ type: 'reject-change', request, reason }, by)
    },
    async requests({ status } = {}) {
      const { requests } = (await access.read()).changeRequests
      const wanted = [...requests.values()].filter((request) => status === undefined || request.status === status)
      return wanted.map(summariseRequest).toReversed()
    },
  }
}

function summariseRequest(request: ChangeRequest): ChangeRequestSummary {
  return { ...request, deployments: [...request.deployments], remaining: [...request.remaining] }
}
