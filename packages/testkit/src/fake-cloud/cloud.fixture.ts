import type { OperationUpdate, Operation, Properties, ProviderRef, UpdateRequest } from '@infraledger/core/adapter'
import { virtualClock } from '../clock/virtual-clock.ts'
import type { VirtualClock } from '../clock/virtual-clock.ts'
import { fakeCloud } from './fake-cloud.ts'
import type { FakeCloud, FakeCloudOptions } from './fake-cloud.ts'

/** A Monday noon; the default maintenance window opens on Sunday 2026-03-08 at 03:00. */
export const START = '2026-03-02T12:00:00Z'

export const OPENING = '2026-03-08T03:00:00.000Z'

/** A cloud whose time moves by itself while somebody waits for it. */
export function cloudWith(options: Partial<FakeCloudOptions> = {}): {
  clock: VirtualClock
  cloud: FakeCloud
  ada: ReturnType<FakeCloud['console']>
} {
  const clock = virtualClock({ start: START })
  const cloud = fakeCloud({ clock, ...options })
  return { clock, cloud, ada: cloud.console('ada') }
}

/** Everything that an operation says, in its virtual time. */
export async function all(clock: VirtualClock, operation: Operation): Promise<OperationUpdate[]> {
  const updates: OperationUpdate[] = []
  const follow = async (): Promise<void> => {
    for await (const update of operation) updates.push(update)
  }
  await clock.runUntil(follow())
  return updates
}

/** The end of an operation. */
export async function end(
  clock: VirtualClock,
  operation: Operation,
): Promise<Extract<OperationUpdate, { type: 'completed' }>> {
  const last = (await all(clock, operation)).at(-1)
  if (last?.type !== 'completed') throw new Error('the operation did not complete')
  return last
}

export function create(
  cloud: FakeCloud,
  kind: string,
  name: string,
  properties: Properties = {},
  key = `create ${name}`,
  dependencies: { kind: string; ref: ProviderRef }[] = [],
): Operation {
  return cloud.provider.create({ target: cloud.target, kind, name, properties, dependencies }, { idempotencyKey: key })
}

export function update(
  cloud: FakeCloud,
  ref: ProviderRef,
  changes: Properties,
  options: { key?: string; expected?: Properties; when?: UpdateRequest['when'] } = {},
): Operation {
  const { key = 'update', expected = {}, when = 'maintenance-window' } = options
  return cloud.provider.update({ ref, kind: ref.type, changes, expected, when }, { idempotencyKey: key })
}

export function remove(cloud: FakeCloud, ref: ProviderRef, key = 'remove', removeAutomatedBackups = false): Operation {
  return cloud.provider.remove({ ref, kind: ref.type, removeAutomatedBackups }, { idempotencyKey: key })
}

/** The value in force, as it truly is. */
export function valueOf(cloud: FakeCloud, name: string, property: string): unknown {
  return cloud.inspect.resource(name)?.properties[property]
}
