import type { FakeResource } from '../../fake-cloud/world.ts'
import { invalidValue } from '../wire/aws-error.ts'
import type { FormFilter } from '../wire/form.ts'
import { items } from '../wire/xml.ts'
import { dbiResourceId, nameIn } from './arn.ts'
import { dbInstanceElement } from './db-instance-element.ts'
import { INSTANCE_KIND, notFound, resourcesSeen, surroundings } from './instances.ts'
import type { FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'

/** Filters of DescribeDBInstances (RDS API, `Filters`): what of an instance has to be one of the values, and how these are written. */
const FILTERS: Readonly<
  Record<string, { readonly of: (instance: FakeResource) => unknown; readonly written: (value: string) => string }>
> = {
  'db-instance-id': { of: ({ name }) => name, written: (value) => nameIn('db', value).toLowerCase() },
  'dbi-resource-id': { of: dbiResourceId, written: (value) => value },
  'db-cluster-id': {
    of: ({ properties }) => properties['provider.cluster_identifier'],
    written: (value) => nameIn('cluster', value),
  },
  engine: { of: ({ properties }) => properties['engine'], written: (value) => value },
  domain: { of: () => undefined, written: (value) => value },
}

/** DescribeDBInstances: one, those of filters, or all, in pages. */
export const describeDbInstances: FormOperation = {
  effect: 'observe',
  about: 'DBInstanceIdentifier',
  serve(call) {
    const { form, now, world } = call
    const name = form.text('DBInstanceIdentifier')
    const passes = passing(form.filters())
    const all = resourcesSeen(call, INSTANCE_KIND).filter(
      (instance) => (name === undefined || instance.name === nameIn('db', name).toLowerCase()) && passes(instance),
    )
    if (name !== undefined && all.length === 0) throw notFound(name)
    const { page, marker } = pageOf(all, form, (instance) => instance.name, world.simulation.settings.pageSize)
    const around = surroundings(call)
    return {
      Marker: marker,
      DBInstances: items(
        'DBInstance',
        page.map((instance) => dbInstanceElement(instance, around, now)),
      ),
    }
  },
}

function passing(filters: readonly FormFilter[]): (instance: FakeResource) => boolean {
  const tests = filters.map(({ name, values }) => {
    const filter = FILTERS[name]
    if (filter === undefined) throw invalidValue(`Unrecognized filter name: ${name}`)
    const wanted = new Set<unknown>(values.map(filter.written))
    return (instance: FakeResource) => wanted.has(filter.of(instance))
  })
  return (instance) => tests.every((test) => test(instance))
}
