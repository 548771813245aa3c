import type { ActivityEntry } from '../cloud/activity-log.ts'
import type { CloudTarget } from '../cloud/cloud-provider.ts'
import type { ObservationPage, ResourceObservation } from '../cloud/observation.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { EventData } from '../environment/catalogue.ts'
import type { NodeId } from '../graph/ids.ts'

type Completed = EventData<'ObservationCompleted'>

/** Most resources (and most missing refs) that one `record-observations` takes. */
export const RESOURCES_PER_COMMAND = 500

/** What a scan tells the ledger, and what a person says of it. */
export type DriftCommand =
  | {
      readonly type: 'record-observations'
      readonly observation: string
      /** The stream's revision when the read began (DRIFT 17). */
      readonly startedRevision: number
      /** When the answer was there (ISO 8601): the values were so at this moment at the latest. */
      readonly observedAt: string
      readonly resources: readonly ResourceObservation[]
      readonly missing: readonly ProviderRef[]
      /** What could not be read: decides nothing (DRIFT 10). */
      readonly failed: ObservationPage['failed']
      /** The resources answer a question for particular refs: another thing under a name that was asked for says that the first is gone. */
      readonly asked?: boolean
    }
  | {
      readonly type: 'complete-observation'
      readonly observation: string
      readonly scope: Completed['scope']
      readonly startedAt: string
      readonly startedRevision: number
      readonly counts: Completed['counts']
      readonly unseen: Completed['unseen']
      readonly unseenCount: number
      readonly activityRead: NonNullable<Completed['activityRead']>
    }
  | {
      readonly type: 'attribute-drift'
      readonly target: CloudTarget
      /** All known entries of a resource belong into one command: attribution needs to see who else touched it. */
      readonly entries: readonly ActivityEntry[]
      /** The log was read up to here (ISO 8601) and nothing more follows; left out while more follows. */
      readonly until?: string
    }
  | {
      readonly type: 'review-drift'
      readonly node: NodeId
      /** The version that adopted the drift. */
      readonly version: number
      /** What it is: who meant it, or what is done about it. */
      readonly comment: string
    }

/** One command by its type. */
export type DriftCommandOf<T extends DriftCommand['type']> = Extract<DriftCommand, { readonly type: T }>
