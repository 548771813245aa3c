import { createHash } from 'node:crypto'
import type { ExternalPlan } from '../../../external-deployments/external-plan.ts'
import { keyOf, kindOf } from '../../../graph/ids.ts'
import { isLedgerError } from '../../../ledger-error.ts'
import { patchesOf } from '../catalogue.fixture.ts'
import type { ExternalCommand } from '../script/external.fixture.ts'
import { chosen } from './turn.fixture.ts'
import type { Turn } from './turn.fixture.ts'

/** Plays what another tool plans and does. */
export async function playExternal(turn: Turn, command: ExternalCommand): Promise<void> {
  const { prod, ask } = turn
  if (command.type === 'propose') return propose(turn, command)
  if (command.type === 'apply') return apply(turn, command.half)
  const [newest] = await prod.externalDeployments()
  if (newest === undefined) return
  const { id, digest } = newest
  const { type, who } = command
  const handle = prod.externalDeployment(id)
  if (type === 'approve-external') await ask({ type, digest }, who, (by) => handle.approve({ digest }, by))
  else if (type === 'report') await ask({ type: 'report-external', digest }, who, (by) => handle.applied({}, by))
  else {
    const by = await turn.by(who)
    if (type === 'reject-external') await handle.reject({ digest, reason: 'not like this' }, by)
    else await handle.withdraw({ reason: 'not now' }, by)
  }
}

async function propose(
  { prod, ask }: Turn,
  { node: pick, patch, who, supersede }: Extract<ExternalCommand, { type: 'propose' }>,
): Promise<void> {
  const observed = (await prod.graph())
    .nodes()
    .filter(({ ownership, ref }) => ownership === 'observed' && ref !== undefined)
  const node = chosen(
    observed.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    pick,
  )
  if (node === undefined) return
  const changes = Object.entries(chosen(patchesOf(node.kind), patch) ?? {})
  const properties = changes.map(([property, after]) => {
    const before = Object.entries(node.properties).find(([known]) => known === property)?.[1]
    return { property, ...(before === undefined ? {} : { before }), after }
  })
  const digest = createHash('sha256')
    .update(JSON.stringify([node.id, properties]))
    .digest('hex')
  const plan: ExternalPlan = {
    tool: { name: 'terraform', version: '1.9.0' },
    name: 'plan.json',
    digest,
    complete: true,
    drifted: 0,
    changes: [
      {
        address: `${kindOf(node.id)}.${keyOf(node.id)}`,
        action: 'update',
        kind: kindOf(node.id),
        key: keyOf(node.id),
        ...(node.ref === undefined ? {} : { ref: node.ref }),
        properties,
        unknown: [],
      },
    ],
  }
  await ask({ type: 'propose-external', digest }, who, (by) =>
    prod.proposeExternal({ plan, commit: 'external', supersede }, by),
  )
}

/** The tool does what it announced, as far as the cloud lets it. */
async function apply({ prod, set: { cloud, witness } }: Turn, half: boolean): Promise<void> {
  const open = (await prod.externalDeployments()).find(
    ({ status }) => !['recording', 'applied', 'withdrawn'].includes(status),
  )
  if (open === undefined) return
  const { changes } = await prod.externalDeployment(open.id).plan()
  const graph = await prod.graph()
  witness.see({ type: 'look' })
  for (const { node, properties } of changes) {
    const ref = graph.node(node)?.ref
    if (ref === undefined) continue
    for (const { property, after } of half ? properties.slice(0, 1) : properties) {
      try {
        cloud.console('terraform').modify(ref, { [property]: after ?? null })
      } catch (error) {
        if (!isLedgerError(error)) throw error
      }
    }
  }
}
