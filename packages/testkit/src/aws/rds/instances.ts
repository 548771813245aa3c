import { seen } from '../../fake-cloud/seeing.ts'
import type { FakeResource } from '../../fake-cloud/world.ts'
import { isGone } from '../../fake-cloud/world.ts'
import { accountOf } from '../aws-world.ts'
import type { AwsCall } from '../aws-world.ts'
import { AwsError, invalidValue } from '../wire/aws-error.ts'
import { nameIn } from './arn.ts'
import { dbInstanceElement } from './db-instance-element.ts'
import type { FormCall } from './operation.ts'
import { subnetGroupElement } from './subnet-groups.ts'
import type { XmlValue } from '../wire/xml.ts'

/** Engine kinds that RDS answers as instances. */
export const INSTANCE_KIND = 'sql-instance'

/** All things of a kind here, as a read answers them. */
export function resourcesSeen(call: FormCall, kind: string): readonly FakeResource[] {
  return resourcesSeenIn(call, kind, call.now)
}

/** The same for calls that are no forms. */
export function resourcesSeenIn({ world, region }: AwsCall, kind: string, now: number): readonly FakeResource[] {
  const account = accountOf(world)
  const found: FakeResource[] = []
  for (const resource of world.simulation.world.resources.values()) {
    if (resource.kind !== kind || resource.account !== account || resource.region !== region) continue
    const view = seen(world.simulation, resource.id, now)
    if (view !== undefined) found.push(view)
  }
  return found
}

/** The thing of that name here as it truly is; identifiers are kept in lower case, as RDS keeps them. */
export function resourceNamed({ world, region }: AwsCall, kind: string, name: string): FakeResource | undefined {
  const account = accountOf(world)
  for (const resource of world.simulation.world.resources.values())
    if (resource.name === name.toLowerCase() && resource.kind === kind && resource.account === account)
      if (resource.region === region && !isGone(resource)) return resource
  return undefined
}

/** The instance that a parameter names, by identifier or ARN. */
export function instanceNamed(call: FormCall, parameter = 'DBInstanceIdentifier'): FakeResource {
  const name = nameIn('db', call.form.required(parameter))
  const found = resourceNamed(call, INSTANCE_KIND, name)
  if (found === undefined) throw notFound(name)
  return found
}

/** No instance has that name. */
export function notFound(name: string): AwsError {
  return new AwsError('DBInstanceNotFound', `DBInstance ${name} not found.`, 404)
}

/** Refuses what only an instance at rest takes. */
export function mustBeAvailable(instance: FakeResource, now: number): void {
  const rests = instance.busyUntil <= now && ['available', 'storage-optimization'].includes(instance.status)
  if (!rests) throw invalidState(instance, 'is not in available state')
}

/** An instance that is busy with something else, or past it. */
export function invalidState({ name, status }: FakeResource, problem: string): AwsError {
  return new AwsError('InvalidDBInstanceState', `Instance ${name} ${problem}: it is ${status}.`)
}

/** The name of a new instance: 1 to 63 letters, digits and hyphens, the first a letter, in lower case (RDS CreateDBInstance). */
export function newIdentifier(call: FormCall, parameter: string): string {
  const name = call.form.required(parameter)
  if (!/^[A-Za-z](?:-?[A-Za-z0-9]){0,62}$/.test(name))
    throw invalidValue(
      `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    )
  if (resourceNamed(call, INSTANCE_KIND, name) !== undefined)
    throw new AwsError('DBInstanceAlreadyExists', 'DB instance already exists')
  return name.toLowerCase()
}

/** How an instance is answered. */
export function described(call: FormCall, resource: FakeResource): XmlValue {
  return dbInstanceElement(resource, surroundings(call), call.now)
}

/** What listings of many instances share. */
export function surroundings(call: FormCall): Parameters<typeof dbInstanceElement>[1] {
  const replicas = new Map<string, string[]>()
  for (const { properties, name } of resourcesSeen(call, INSTANCE_KIND)) {
    const source = properties['provider.replicate_source_db']
    if (typeof source === 'string') replicas.set(source, [...(replicas.get(source) ?? []), name])
  }
  const groups = new Map<string, XmlValue>()
  return {
    subnetGroup(name) {
      const known = groups.get(name) ?? subnetGroupElement(call, name)
      groups.set(name, known)
      return known
    },
    replicasOf: ({ name }) => replicas.get(name) ?? [],
  }
}
