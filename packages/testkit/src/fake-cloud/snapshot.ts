import type { SnapshotReceipt, SnapshotRequest } from '@infraledger/core/adapter'
import { recordActivity } from './activity.ts'
import { schedule } from './agenda.ts'
import type { Served } from './call.ts'
import type { Deed } from './deed.ts'
import { refused } from './errors.ts'
import { truthBehind } from './seeing.ts'
import { alter } from './simulation.ts'
import type { Simulation } from './simulation.ts'
import { mustBeIdle } from './update.ts'
import { receiptOf } from './world.ts'
import type { FakeSnapshot } from './world.ts'

/** Takes a copy that outlives its source; asked again with the same name, answers for the same copy, even when the source is gone. */
export function takeSnapshot(simulation: Simulation, request: SnapshotRequest, deed: Deed): Served<SnapshotReceipt> {
  const { world } = simulation
  const { name, kind, ref } = request
  const { attempt, now } = deed
  const known = world.snapshots.get(name)
  if (known !== undefined) {
    const isSame = ref.id === undefined ? known.sourceName === ref.name : known.source === ref.id
    if (isSame && known.kind === kind) return { answer: receiptOf(known, now), effect: false }
    throw refused(attempt, `the snapshot "${name}" is one of the ${known.kind} "${known.sourceName}"`)
  }
  const behaviour = simulation.behaviour(kind)
  const source = truthBehind(simulation, ref)
  if (behaviour.lastCopy !== 'final-snapshot') throw refused(attempt, `a ${kind} has no snapshots`)
  if (source === undefined) throw refused(attempt, 'it does not exist')
  const isStopped = source.status === 'stopped'
  if (!isStopped) mustBeIdle(source, deed)

  const snapshot: FakeSnapshot = {
    name,
    source: source.id,
    sourceName: source.name,
    kind,
    properties: source.properties,
    readyAt: now + behaviour.snapshotMs,
    doomed: deed.doomed === true,
  }
  world.snapshots.set(name, snapshot)
  recordActivity(simulation, source, { operation: 'snapshot' }, deed)
  if (!isStopped) {
    alter(simulation, source.id, { status: 'backing-up', busyUntil: snapshot.readyAt }, now)
    schedule(world, { at: snapshot.readyAt, resource: source.id, type: 'becomes', status: source.status })
  }
  return { answer: receiptOf(snapshot, now), effect: true }
}
