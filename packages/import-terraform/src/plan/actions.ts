import type { ExternalAction } from '@infraledger/core/adapter'
import type { ResourceChangeInput } from './plan-schema.ts'

/** What Terraform's actions are called here, by their names in order. */
const ACTIONS: ReadonlyMap<string, ExternalAction> = new Map([
  ['no-op', 'no-op'],
  ['create', 'create'],
  ['read', 'read'],
  ['update', 'update'],
  ['delete', 'remove'],
  ['delete,create', 'replace'],
  ['create,delete', 'replace'],
  // The old thing is left where it is, and another one takes its address.
  ['create,forget', 'replace'],
  ['forget,create', 'replace'],
  ['forget', 'forget'],
])

/** What a change does; undefined for actions of newer versions. An `import` block makes an import of what would be no change, or one. */
export function actionOf({ actions, importing }: ResourceChangeInput['change']): ExternalAction | undefined {
  const action = ACTIONS.get(actions.join(','))
  const isImported = importing !== undefined && importing !== null
  return isImported && (action === 'no-op' || action === 'update') ? 'import' : action
}
