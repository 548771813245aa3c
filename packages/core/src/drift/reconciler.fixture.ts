import { fakeCloud, virtualClock } from '@infraledger/testkit'
import type { FakeCloud, VirtualClock } from '@infraledger/testkit'
import { system } from '../access/actor.ts'
import type { CloudTarget } from '../cloud/cloud-provider.ts'
import type { ProviderRef } from '../cloud/provider-ref.ts'
import type { DomainEvent } from '../environment/catalogue.ts'
import { stampEvents } from '../environment/stamp.ts'
import { emptyState, evolve } from '../environment/state.ts'
import { kindCatalogue } from '../graph/kind-catalogue.ts'
import type { NodeId } from '../graph/ids.ts'
import { standardKinds } from '../graph/standard-kinds.ts'
import { rejectionError } from '../ledger-error.ts'
import type { Properties } from '../json.ts'
import type { DriftCommand } from './commands.ts'
import { decideDrift } from './decide.ts'
import { reconcile } from './reconciler.ts'
import type { ReconcilerPorts } from './reconciler.ts'

const kinds = kindCatalogue(standardKinds)
export const retention = (days: number): Properties => ({ 'backup.retentionDays': days })

/** A ledger of one environment, reduced to deciding and folding, with fake clouds around it. */
export function world(
  options: { clouds?: readonly FakeCloud[]; targets?: readonly CloudTarget[]; clock?: VirtualClock } = {},
) {
  const clock = options.clock ?? virtualClock({ start: '2026-01-05T09:00:00Z', autoAdvance: true })
  const clouds = options.clouds ?? [fakeCloud({ clock })]
  const state = emptyState()
  const commands: DriftCommand[] = []
  let [revision, ids] = [-1, 0]
  const now = () => clock.now().toISOString()
  const newId = () => `id-${++ids}`

  function append(events: readonly DomainEvent[]): readonly DomainEvent[] {
    const stamped = stampEvents(state, events, {
      actor: system,
      recordedAt: now(),
      correlationId: 'c',
      newId,
      firstRevision: revision + 1,
    })
    for (const event of stamped) evolve(state, event)
    revision += stamped.length
    return stamped
  }
  const targets = options.targets ?? clouds.map(({ target }) => target)
  append([
    {
      type: 'EnvironmentCreated',
      data: {
        name: 'prod',
        type: 'production',
        clouds: [...targets],
        policies: { approvals: { required: 0 }, drift: [] },
      },
    },
  ])

  return {
    clock,
    state,
    commands,
    append,
    /** Imports what a cloud has under a name, as it is now. */
    know(node: NodeId, ref: ProviderRef, properties: Properties) {
      const data = {
        node,
        version: 1,
        incarnation: 1,
        set: properties,
        unset: [],
        cause: { type: 'import', import: 'i1' },
        ref,
        ownership: 'observed',
      } as const
      append([{ type: 'NodeVersionRecorded', data: { ...data, unset: [] } }])
      return node
    },
    reconcile(given: Partial<ReconcilerPorts> = {}) {
      return reconcile({
        state: () => ({ state, revision }),
        async execute(command) {
          commands.push(command)
          const context = {
            now: now(),
            actor: system,
            newId,
            kinds,
            capabilities: () => undefined,
            providers: [],
            labelsOf: () => ({}),
            nameOf: () => 'name',
          }
          const decision = decideDrift(state, command, context)
          if (decision.type === 'rejected') throw rejectionError(decision.rejection)
          return append(decision.events)
        },
        clouds: clouds.map(({ provider }) => provider),
        activityLogs: clouds.map(({ activityLog }) => activityLog),
        kinds,
        clock,
        newId,
        ...given,
      })
    },
  }
}

/** One cloud with a database that is known as it is. */
export function oneDatabase() {
  const clock = virtualClock({ start: '2026-01-05T09:00:00Z', autoAdvance: true })
  const cloud = fakeCloud({ clock, pageSize: 2 })
  const ref = cloud.console('ada').create('sql-instance', 'main', { tier: 'large', ...retention(7) })
  const ledger = world({ clouds: [cloud], clock })
  const node = ledger.know('sql-instance/main', ref, { ...cloud.inspect.resource('main')?.properties })
  return { ...ledger, cloud, ref, node }
}
