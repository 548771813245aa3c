import type { NodeId, Reconciliation } from '@infraledger/core'
import { showChange } from './lineage.ts'
import type { Look } from './look.ts'
import { table } from './table.ts'
import { plain, showValue } from './text.ts'

type Decision = Reconciliation['decisions'] extends ReadonlyMap<NodeId, readonly (infer One)[]> ? One : never

/** Decisions about what somebody changed outside: not what was read for the first time, nor what came of our own doing. */
const DRIFT: ReadonlySet<string> = new Set(['adopted', 'suppressed', 'enforced', 'ignored'])

type NodeDecision = Decision & { readonly node: NodeId }

/** What a scan found to have been changed outside, property by property. */
export function changedOutside(reconciliation: Reconciliation): readonly NodeDecision[] {
  return inOrder(reconciliation).filter(
    ({ decision, decidedBy }) => DRIFT.has(decision) && decidedBy !== 'first-reading',
  )
}

/** A scan as data. */
export function reconciliationDocument(reconciliation: Reconciliation): Readonly<Record<string, unknown>> {
  return { ...reconciliation, decisions: inOrder(reconciliation) }
}

/** Decisions by node and property, so that two scans can be held against each other. */
function inOrder({ decisions }: Reconciliation): readonly NodeDecision[] {
  return [...decisions]
    .flatMap(([node, decided]) => decided.map((one) => ({ node, ...one })))
    .toSorted((a, b) => compare(a.node, b.node) || compare(a.property, b.property))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

/** What could not be seen that is listed for people. */
const UNSEEN_SHOWN = 10

/** A scan for people: what drifted, what is missing, and what could not be seen. */
export function reconciliationText(reconciliation: Reconciliation, look: Look): string {
  const { missing, found, unmanaged, unseen, unseenCount } = reconciliation
  const drifted = changedOutside(reconciliation)
  const columns = [
    { heading: 'NODE', style: 'bold', keep: true },
    { heading: 'PROPERTY', keep: true },
    { heading: 'WAS → IS' },
    { heading: 'DECISION' },
    { heading: 'DECIDED BY' },
  ] as const
  const rows = drifted.map(({ node, property, recorded, observed, decision, decidedBy }) => [
    node,
    property,
    showChange(showValue(recorded), showValue(observed)),
    decision,
    decidedBy,
  ])
  return [
    drifted.length === 0 && missing.length === 0 ? '  no drift' : '',
    drifted.length === 0
      ? ''
      : indented(table(columns, rows, { ...look, width: look.width === undefined ? undefined : look.width - 2 })),
    ...missing.map((node) => `  ${look.paint('red', 'missing')}: ${plain(node)}`),
    ...found.map((node) => `  there again: ${plain(node)}`),
    ...unmanaged.map(({ ref, kind }) => `  known to no node: ${plain(kind)} ${plain(ref.name)}`),
    ...unseen
      .slice(0, UNSEEN_SHOWN)
      .map((one) => `  ${look.paint('yellow', 'undecided')}: ${plain(describeUnseen(one))}`),
    unseenCount > UNSEEN_SHOWN ? `  and ${unseenCount - UNSEEN_SHOWN} more undecided; --json lists them` : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
}

function describeUnseen({ node, provider, kind, reason }: Reconciliation['unseen'][number]): string {
  const what = [node, provider, kind].filter((part) => part !== undefined).join(' ')
  return what === '' ? reason : `${what}: ${reason}`
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '  ')
}
