import type { CloudProvider, KindCapabilities } from '@infraledger/core/adapter'
import { activityLogOf, LEDGER_PRINCIPAL } from './activity.ts'
import { attemptOf, call } from './call.ts'
import { acceptCreate } from './create.ts'
import { discovering } from './discovering.ts'
import { refused } from './errors.ts'
import { drive } from './operation.ts'
import { observing } from './reading.ts'
import { acceptRemove } from './remove.ts'
import { truthBehind } from './seeing.ts'
import type { Simulation } from './simulation.ts'
import { takeSnapshot } from './snapshot.ts'
import { acceptUpdate, compare } from './update.ts'

/** The cloud port of a fake cloud: everything that comes through it is the ledger's own doing. */
export function providerOf(simulation: Simulation): CloudProvider {
  return {
    name: simulation.name,
    activityLog: activityLogOf(simulation),
    capabilities: (kind) => capabilitiesOf(simulation, kind),
    observe: observing(simulation),
    discover: discovering(simulation),
    create: creating(simulation),
    update: updating(simulation),
    remove: removing(simulation),
    snapshot: copying(simulation),
  }
}

function capabilitiesOf(simulation: Simulation, kind: string): KindCapabilities {
  const { impact, lastCopy, baseline } = simulation.behaviour(kind)
  const keeps = Object.keys(baseline).length === 0 ? {} : { baseline }
  return { refType: kind, impact, lastCopy, renamable: false, restoreInPlace: false, ...keeps }
}

function creating(simulation: Simulation): CloudProvider['create'] {
  return (request, options) => {
    const { kind, name, target, properties } = request
    const dependencies = request.dependencies.map(({ ref }) => ref.id ?? ref.name)
    const content = { kind, name, target, properties, dependencies }
    return drive(simulation, { type: 'create', kind, name, content }, options, (deed) => ({
      accepted: acceptCreate(simulation, request, deed),
      effect: true,
    }))
  }
}

function updating(simulation: Simulation): CloudProvider['update'] {
  return ({ ref, kind, changes, expected, when }, options) => {
    const content = { ref: ref.id ?? ref.name, kind, changes, expected, when }
    return drive(simulation, { type: 'update', kind, name: ref.name, content }, options, (deed) => {
      const resource = truthBehind(simulation, ref)
      if (resource === undefined) throw refused(deed.attempt, 'it does not exist')
      compare(resource, expected, deed.attempt)
      return { accepted: acceptUpdate(simulation, resource, { changes, when }, deed), effect: true }
    })
  }
}

function removing(simulation: Simulation): CloudProvider['remove'] {
  return ({ ref, kind, removeAutomatedBackups }, options) => {
    const content = { ref: ref.id ?? ref.name, kind, removeAutomatedBackups }
    return drive(simulation, { type: 'remove', kind, name: ref.name, content }, options, (deed) => {
      // A name may belong to another thing by now.
      if (ref.id === undefined) throw refused(deed.attempt, 'a removal names the immutable id, and the ref has none')
      const resource = truthBehind(simulation, ref)
      const nothing = { resource: ref.id, properties: [], endsAt: deed.now, doomed: false }
      if (resource === undefined) return { accepted: nothing, effect: false }
      return { accepted: acceptRemove(simulation, resource, { removeAutomatedBackups }, deed), effect: true }
    })
  }
}

function copying(simulation: Simulation): CloudProvider['snapshot'] {
  return (request, { idempotencyKey: key, signal }) => {
    const { kind, ref } = request
    const subject = { operation: 'snapshot', kind, name: ref.name, key } as const
    const by = { principal: LEDGER_PRINCIPAL, key }
    const attempt = attemptOf(simulation, subject)
    return call(
      simulation,
      subject,
      (now, fate) => takeSnapshot(simulation, request, { by, attempt, now, doomed: fate?.type === 'fail-midway' }),
      signal,
    )
  }
}
