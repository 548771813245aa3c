import type { EnvironmentState } from '../environment/state.ts'
import type { NodeId } from '../graph/ids.ts'
import type { KindCatalogue } from '../graph/kind-catalogue.ts'
import { aliveVersion } from '../graph/state.ts'
import type { JsonValue } from '../json.ts'
import type { ExternalAction } from './external-plan.ts'
import { isToldByExecution, isValueOf } from './planned-values.ts'
import type { ChangeState, ExternalDeployment } from './state.ts'

/** What of an announced change was not seen yet. */
export type OutstandingChange = {
  readonly address: string
  readonly node: NodeId
  readonly action: ExternalAction
  /** Properties that have another value than announced; empty where the whole change is missing. */
  readonly properties: readonly {
    readonly property: string
    readonly planned?: JsonValue
    readonly found?: JsonValue
  }[]
}

/** What an external deployment announced and the ledger has not seen yet, by comparing it with the graph. */
export function outstanding(
  state: EnvironmentState,
  { changes }: ExternalDeployment,
  kinds: KindCatalogue,
): readonly OutstandingChange[] {
  return [...changes.values()].flatMap((known) => outstandingOf(state, known, kinds))
}

function outstandingOf(state: EnvironmentState, known: ChangeState, kinds: KindCatalogue): OutstandingChange[] {
  const { change, node, seen } = known
  const { address, action } = change
  const whole = { address, node, action, properties: [] }
  switch (action) {
    case 'create':
    case 'replace':
    case 'forget':
    case 'no-op':
    case 'read':
      return seen ? [] : [whole]
    case 'remove':
      return seen || state.drift.missing.has(node) ? [] : [whole]
    case 'import':
      return seen ? differences(state, known, kinds) : [whole]
    case 'update':
      // Of what only the execution tells, that it came is all there is to see.
      return change.properties.length === 0 && !seen ? [whole] : differences(state, known, kinds)
  }
}

function differences(
  state: EnvironmentState,
  { change, node }: ChangeState,
  kinds: KindCatalogue,
): OutstandingChange[] {
  const { address, action } = change
  const there = aliveVersion(state.graph, node)?.properties
  if (there === undefined) return [{ address, node, action, properties: [] }]
  const properties = change.properties.flatMap((planned) => {
    const { property, after } = planned
    const found = there[property]
    if (isToldByExecution(change, property) || isValueOf(change, planned, found, kinds)) return []
    return [{ property, ...(after === undefined ? {} : { planned: after }), ...(found === undefined ? {} : { found }) }]
  })
  return properties.length === 0 ? [] : [{ address, node, action, properties }]
}
