import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds'
import type { DBInstance, Filter } from '@aws-sdk/client-rds'
import type { ObservationPage, ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import { dbInstanceObservation } from '../rds/db-instance-observation.ts'
import { dbInstanceSchema } from '../rds/db-instance-schema.ts'
import type { DbInstance } from '../rds/db-instance-schema.ts'
import type { AwsSession, CallOptions } from '../session/session.ts'
import type { Exposure } from './exposure.ts'
import { exposureIn } from './exposure.ts'
import { meant } from './matching.ts'
import { describedPages, filtered } from './pages.ts'
import type { PageCall } from './pages.ts'

/** What a page of a description came to: instances that could be read, and those that could not. */
export type InstancesPage = {
  readonly instances: readonly DbInstance[]
  readonly unreadable: readonly { readonly ref?: ProviderRef; readonly reason: string }[]
}

/** Instances of a region in bulk: those of a filter, or all. */
export function describeInstances(
  session: AwsSession,
  region: string,
  filters: readonly Filter[],
  options: CallOptions = {},
): AsyncGenerator<InstancesPage> {
  const call: PageCall<DBInstance> = async (rds, page, signal) => {
    const answer = await rds.send(new DescribeDBInstancesCommand({ ...page, ...filtered(filters) }), signal)
    return { items: answer.DBInstances ?? [], marker: answer.Marker }
  }
  return readable(region, describedPages(session, region, 'DescribeDBInstances', call, options))
}

/** The one instance of that immutable id, or of that name where no id is known; undefined where there is none. */
export async function findInstance(
  session: AwsSession,
  region: string,
  wanted: { readonly id?: string; readonly name: string },
  options: CallOptions = {},
): Promise<DbInstance | undefined> {
  const filters = [
    wanted.id === undefined
      ? { Name: 'db-instance-id', Values: [wanted.name] }
      : { Name: 'dbi-resource-id', Values: [wanted.id] },
  ]
  const found: DbInstance[] = []
  for await (const { instances } of describeInstances(session, region, filters, { ...options, about: wanted.name }))
    found.push(...instances)
  return meant(wanted, found, (one) => ({ id: one.DbiResourceId, name: one.DBInstanceIdentifier }))
}

/** Instances as the port tells of them, with what their security groups let in. */
export async function observationsOf(
  instances: readonly DbInstance[],
  exposure: Exposure,
  signal?: AbortSignal,
): Promise<readonly ResourceObservation[]> {
  await exposure.look(instances, signal)
  return instances.map((instance) => dbInstanceObservation(instance, { ingress: exposure.ingressOf(instance) }))
}

/** One instance as the port tells of it. */
export async function observationOf(
  session: AwsSession,
  region: string,
  instance: DbInstance,
): Promise<ResourceObservation> {
  const exposure = exposureIn(session, region)
  await exposure.look([instance])
  return dbInstanceObservation(instance, { ingress: exposure.ingressOf(instance) })
}

/** What is not known of a page although it was read: said without a ref, for the instances themselves are there. */
export function unknownIn(exposure: Exposure): ObservationPage['failed'] {
  return exposure.problems().map((reason) => ({ reason }))
}

async function* readable(region: string, pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<InstancesPage> {
  for await (const page of pages) {
    const instances: DbInstance[] = []
    const unreadable: InstancesPage['unreadable'][number][] = []
    for (const described of page) {
      const parsed = dbInstanceSchema.safeParse(described)
      if (parsed.success) instances.push(parsed.data)
      else unreadable.push(notUnderstood(region, described, parsed.error.issues[0]))
    }
    yield { instances, unreadable }
  }
}

function notUnderstood(
  region: string,
  described: unknown,
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
): InstancesPage['unreadable'][number] {
  const name: unknown =
    typeof described === 'object' && described !== null
      ? Object.getOwnPropertyDescriptor(described, 'DBInstanceIdentifier')?.value
      : undefined
  const reason = `RDS described it in a way that is not understood: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`
  if (typeof name !== 'string' || name === '')
    return { reason: `an instance without an identifier in ${region}: ${reason}` }
  return { ref: { provider: 'aws', region, type: 'rds-instance', name }, reason }
}
