import type { FakeResource } from '../../fake-cloud/world.ts'
import { invalidValue } from '../wire/aws-error.ts'
import type { FormFilter } from '../wire/form.ts'
import { items } from '../wire/xml.ts'
import { dbiResourceId, nameIn } from './arn.ts'
import { dbInstanceElement } from './db-instance-element.ts'
import { INSTANCE_KIND, notFound, resourcesSeen, surroundings } from './instances.ts'
import type { FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'

/** Filters of DescribeDBInstances: any of the values of each (RDS API, `Filters`). */
const FILTERS: Readonly<Record<string, (instance: FakeResource, value: string) => boolean>> = {
  'db-instance-id': ({ name }, value) => name === nameIn('db', value).toLowerCase(),
  'dbi-resource-id': (instance, value) => dbiResourceId(instance) === value,
  'db-cluster-id': ({ properties }, value) => properties['provider.cluster_identifier'] === nameIn('cluster', value),
  engine: ({ properties }, value) => properties['engine'] === value,
  domain: () => false,
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
    const test = FILTERS[name]
    if (test === undefined) throw invalidValue(`Unrecognized filter name: ${name}`)
    return (instance: FakeResource) => values.some((value) => test(instance, value))
  })
  return (instance) => tests.every((test) => test(instance))
}
