import { isLedgerError } from '@infraledger/core/adapter'
import type { CloudProvider, ObservationPage, ProviderRef, ResourceObservation } from '@infraledger/core/adapter'
import type { AwsSession } from '../session/session.ts'
import { regionOf } from '../session/session.ts'
import { readClusters } from './clusters.ts'
import { exposureIn } from './exposure.ts'
import { describeInstances, observationsOf, unknownIn } from './instances.ts'
import { meant } from './matching.ts'
import { OTHER_KINDS } from './other-kinds.ts'

/** Refs that one call asks for; a page of RDS has as many. */
const REFS_PER_CALL = 100

type Failure = ObservationPage['failed'][number]
type Read = { readonly found: readonly ResourceObservation[]; readonly failed: readonly Failure[] }

/** Reads resources by ref in bulk: instances and clusters by filters of immutable ids, 100 a call, all else by listing its kind. */
export function observing(session: AwsSession): CloudProvider['observe'] {
  return async function* observe(refs, { signal } = {}) {
    const { own, failed } = await sorted(session, refs)
    if (failed.length > 0) yield { found: [], missing: [], failed }
    for (const { region, type, refs: asked } of own) {
      const size = type === 'rds-instance' || type === 'rds-cluster' ? REFS_PER_CALL : asked.length
      for (let from = 0; from < asked.length; from += size)
        yield await readPage(session, { region, type, refs: asked.slice(from, from + size) }, signal)
    }
  }
}

type Group = { readonly region: string; readonly type: string; readonly refs: readonly ProviderRef[] }

/** Refs by region and type; those of other clouds, accounts and types are not read, which is not to say that they are missing. */
async function sorted(
  session: AwsSession,
  refs: readonly ProviderRef[],
): Promise<{ own: readonly Group[]; failed: readonly Failure[] }> {
  const failed: Failure[] = []
  const groups = new Map<string, Group & { readonly refs: ProviderRef[] }>()
  const { account } = refs.some(({ provider }) => provider === 'aws') ? await session.caller() : { account: '' }
  for (const ref of refs) {
    const reason = notReadBecause(ref, account)
    if (reason !== undefined) {
      failed.push({ ref, reason })
      continue
    }
    const region = regionOf(session, ref)
    const group = groups.get(`${region}|${ref.type}`) ?? { region, type: ref.type, refs: [] }
    groups.set(`${region}|${ref.type}`, group)
    group.refs.push(ref)
  }
  return { own: [...groups.values()], failed }
}

function notReadBecause(ref: ProviderRef, account: string): string | undefined {
  if (ref.provider !== 'aws') return `aws knows nothing of ${ref.provider}`
  if (ref.account !== undefined && ref.account !== account)
    return `it is in account ${ref.account}, and the credentials are those of ${account}`
  const isRead = ref.type === 'rds-instance' || ref.type === 'rds-cluster' || OTHER_KINDS.has(ref.type)
  return isRead ? undefined : `the AWS adapter reads no ${ref.type}`
}

async function readPage(session: AwsSession, group: Group, signal: AbortSignal | undefined): Promise<ObservationPage> {
  try {
    const { found, failed } = await read(session, group, signal)
    return divided(group.refs, found, failed)
  } catch (error) {
    if (!isLedgerError(error, 'cloud-refused')) throw error
    return { found: [], missing: [], failed: group.refs.map((ref) => ({ ref, reason: error.message })) }
  }
}

async function read(
  session: AwsSession,
  { region, type, refs }: Group,
  signal: AbortSignal | undefined,
): Promise<Read> {
  const options = signal === undefined ? {} : { signal }
  const found: ResourceObservation[] = []
  const failed: Failure[] = []
  if (type === 'rds-cluster') {
    for (const filters of filtersFor(refs, 'db-cluster-id', 'db-cluster-resource-id'))
      for await (const page of readClusters(session, region, filters, options)) found.push(...page)
  } else if (type === 'rds-instance') {
    const exposure = exposureIn(session, region)
    for (const filters of filtersFor(refs, 'db-instance-id', 'dbi-resource-id')) {
      for await (const { instances, unreadable } of describeInstances(session, region, filters, options)) {
        found.push(...(await observationsOf(instances, exposure, signal)))
        failed.push(...unreadable)
      }
    }
    failed.push(...unknownIn(exposure))
  } else {
    const listing = OTHER_KINDS.get(type)
    if (listing !== undefined) for await (const page of listing(session, region, options)) found.push(...page)
  }
  return { found, failed }
}

/** One filter by immutable ids and one by names, each where there are such refs. */
function filtersFor(
  refs: readonly ProviderRef[],
  byName: string,
  byId: string,
): readonly (readonly { Name: string; Values: string[] }[])[] {
  const ids = refs.flatMap(({ id }) => id ?? [])
  const names = refs.flatMap(({ id, name }) => (id === undefined ? [name] : []))
  return [
    ...(ids.length === 0 ? [] : [[{ Name: byId, Values: ids }]]),
    ...(names.length === 0 ? [] : [[{ Name: byName, Values: names }]]),
  ]
}

/** Each ref in one list: what was found for it, that it is missing, or that it could not be read. */
function divided(
  refs: readonly ProviderRef[],
  observations: readonly ResourceObservation[],
  failures: readonly Failure[],
): ObservationPage {
  const byId = Map.groupBy(observations, ({ ref }) => ref.id)
  const byName = Map.groupBy(observations, ({ ref }) => ref.name.toLowerCase())
  const candidates = (ref: ProviderRef): readonly ResourceObservation[] =>
    (ref.id === undefined ? byName.get(ref.name.toLowerCase()) : byId.get(ref.id)) ?? []
  const found = new Set<ResourceObservation>()
  const missing: ProviderRef[] = []
  const failed: Failure[] = failures.filter(({ ref }) => ref === undefined)
  for (const ref of refs) {
    const observation = meant(ref, candidates(ref), ({ ref: told }) => ({ id: told.id, name: told.name }))
    const failure = failures.find((one) => one.ref?.name.toLowerCase() === ref.name.toLowerCase())
    if (observation !== undefined) found.add(observation)
    else if (failure !== undefined) failed.push({ ref, reason: failure.reason })
    else missing.push(ref)
  }
  return { found: [...found], missing, failed }
}
