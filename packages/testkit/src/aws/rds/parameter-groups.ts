import type { FakeResource } from '../../fake-cloud/world.ts'
import { AwsError } from '../wire/aws-error.ts'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'
import { rdsArn } from './arn.ts'
import { resourceNamed, resourcesSeen } from './instances.ts'
import type { FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'
import { textOf } from '../wire/values.ts'

/** What the fake cloud calls a parameter group; the name is Terraform's. */
export const PARAMETER_GROUP_KIND = 'aws_db_parameter_group'

/** Reading parameter groups. They are made in the console of the fake cloud, with properties `family`, `description` and `parameters["…"]`. */
export const parameterGroupOperations: Readonly<Record<string, FormOperation>> = {
  DescribeDBParameterGroups: {
    effect: 'discover',
    serve(call) {
      const { form, world } = call
      const wanted = form.text('DBParameterGroupName')
      const all = resourcesSeen(call, PARAMETER_GROUP_KIND).filter(
        ({ name }) => wanted === undefined || name === wanted,
      )
      if (wanted !== undefined && all.length === 0) throw notFound(wanted)
      const { page, marker } = pageOf(all, form, ({ name }) => name, world.simulation.settings.pageSize)
      return { Marker: marker, DBParameterGroups: items('DBParameterGroup', page.map(groupElement)) }
    },
  },
  DescribeDBParameters: {
    effect: 'observe',
    about: 'DBParameterGroupName',
    serve(call) {
      const { form, world } = call
      const name = form.required('DBParameterGroupName')
      const group = resourceNamed(call, PARAMETER_GROUP_KIND, name)
      if (group === undefined && !name.startsWith('default.')) throw notFound(name)
      const set = Object.entries(group?.properties ?? {}).flatMap(([property, value]) => {
        const match = /^parameters\["(.+)"\]$/.exec(property)
        return match?.[1] === undefined ? [] : [{ name: match[1], value: textOf(value) }]
      })
      const { page, marker } = pageOf(set, form, (parameter) => parameter.name, world.simulation.settings.pageSize)
      const parameters = page.map((parameter) => ({
        ParameterName: parameter.name,
        ParameterValue: parameter.value,
        Source: 'user',
        IsModifiable: true,
        ApplyMethod: 'pending-reboot',
      }))
      return { Marker: marker, Parameters: items('Parameter', parameters) }
    },
  },
}

function groupElement(group: FakeResource): XmlValue {
  return {
    DBParameterGroupName: group.name,
    DBParameterGroupFamily: textOf(group.properties['family'], 'postgres17'),
    Description: textOf(group.properties['description'], group.name),
    DBParameterGroupArn: rdsArn(group, 'pg', group.name),
  }
}

function notFound(name: string): AwsError {
  return new AwsError('DBParameterGroupNotFound', `DBParameterGroup ${name} not found.`, 404)
}
