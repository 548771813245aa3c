import type { ApplicationModelInput } from '../../../application/model-input.ts'
import type { RuntimeInput } from '../../../deployments/runtime.ts'
import type { Policies } from '../../../environment/policies.ts'
import type { NodeId } from '../../../graph/ids.ts'
import type { ImportedGraph } from '../../../graph/imported-graph.ts'
import type { Properties } from '../../../json.ts'
import type { RequestTime } from '../../../change-requests/events.ts'

/** What somebody asks of the ledger, in its own words: what rules about refusals are held against. */
export type Told =
  | {
      readonly type: 'deploy'
      readonly commit: string
      readonly model: ApplicationModelInput
      readonly runtime: RuntimeInput | undefined
      readonly isEmergency: boolean
      /** A manual trigger that names nobody. */
      readonly isNameless: boolean
    }
  | {
      readonly type: 'approve' | 'reject-deployment' | 'cancel' | 'review'
      readonly deployment: string
      readonly digest?: string
    }
  | {
      readonly type: 'request'
      readonly node: NodeId
      readonly set: Properties
      readonly acknowledged: boolean
      readonly when: RequestTime | undefined
    }
  | { readonly type: 'withdraw' | 'reject'; readonly request: string }
  | { readonly type: 'confirm'; readonly node: NodeId; readonly loss: boolean; readonly forDestruction: boolean }
  | { readonly type: 'destroy' | 'delete'; readonly challenge: string | undefined }
  | { readonly type: 'import'; readonly graph: ImportedGraph }
  | { readonly type: 'policies'; readonly policies: Policies }
  | { readonly type: 'approve-policies'; readonly proposal: string }
  | { readonly type: 'role'; readonly subject: string; readonly role: 'admin' | 'member'; readonly holds: boolean }
  | { readonly type: 'propose-external' | 'approve-external' | 'report-external'; readonly digest: string }
  | { readonly type: 'bind'; readonly need: NodeId; readonly resource: NodeId }
  | { readonly type: 'manage'; readonly node: NodeId }
  | { readonly type: 'reconcile' }
  | { readonly type: 'create-environment'; readonly name: string }
