import { alter, nameOf } from '../../fake-cloud/simulation.ts'
import { isGone } from '../../fake-cloud/world.ts'
import type { AwsWorld } from '../aws-world.ts'

/**
 * Gives instances the names that were asked for and have come into force: the fake cloud applies the wish as any other value, and the name
 * of a thing is more than a value to it.
 */
export function applyRenames({ simulation }: AwsWorld, now: number): void {
  const { world } = simulation
  for (const resource of world.resources.values()) {
    const wanted = resource.properties['provider.identifier']
    if (typeof wanted !== 'string' || wanted === resource.name || isGone(resource)) continue
    const before = nameOf(resource)
    world.names.set(
      before,
      (world.names.get(before) ?? []).filter((id) => id !== resource.id),
    )
    const renamed = alter(simulation, resource.id, { name: wanted }, now)
    world.names.set(nameOf(renamed), [...(world.names.get(nameOf(renamed)) ?? []), resource.id])
  }
}
