import type { FakeResource } from '../../fake-cloud/world.ts'
import { accountOf } from '../aws-world.ts'
import { AwsError } from '../wire/aws-error.ts'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'
import { rdsArn } from './arn.ts'
import { resourceNamed, resourcesSeen } from './instances.ts'
import type { FormCall, FormOperation } from './operation.ts'
import { pageOf } from './pages.ts'
import { textOf, textsIn } from '../wire/values.ts'

/** What the fake cloud calls a subnet group; the name is Terraform's. */
export const SUBNET_GROUP_KIND = 'aws_db_subnet_group'

const DEFAULT_SUBNETS = ['subnet-fake-a', 'subnet-fake-b']

/** A `DBSubnetGroup`; `default` is there without anybody having made it. */
export function subnetGroupElement(call: FormCall, name: string): XmlValue {
  return element(call, name, resourceNamed(call, SUBNET_GROUP_KIND, name))
}

function element(call: FormCall, name: string, group: FakeResource | undefined): XmlValue {
  const given = textsIn(group?.properties['subnet_ids'])
  const ids = given.length > 0 ? given : DEFAULT_SUBNETS
  return {
    DBSubnetGroupName: name,
    DBSubnetGroupDescription: textOf(group?.properties['description'], name),
    VpcId: textOf(group?.properties['vpc_id'], 'vpc-fake'),
    SubnetGroupStatus: 'Complete',
    Subnets: items(
      'Subnet',
      ids.map((id, index) => ({
        SubnetIdentifier: id,
        SubnetAvailabilityZone: { Name: `${call.region}${'abcdef'[index % 6]}` },
        SubnetOutpost: {},
        SubnetStatus: 'Active',
      })),
    ),
    DBSubnetGroupArn: rdsArn({ account: accountOf(call.world), region: call.region }, 'subgrp', name),
    SupportedNetworkTypes: items('member', ['IPV4']),
  }
}

/** Reading subnet groups. They are made in the console of the fake cloud: `console('grace').create('aws_db_subnet_group', 'private')`. */
export const subnetGroupOperations: Readonly<Record<string, FormOperation>> = {
  DescribeDBSubnetGroups: {
    effect: 'discover',
    serve(call) {
      const { form, world } = call
      const wanted = form.text('DBSubnetGroupName')?.toLowerCase()
      const names = [...new Set(['default', ...resourcesSeen(call, SUBNET_GROUP_KIND).map(({ name }) => name)])]
      const found = names.filter((name) => wanted === undefined || name === wanted)
      if (wanted !== undefined && found.length === 0)
        throw new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${wanted}' does not exist.`, 404)
      const { page, marker } = pageOf(found, form, (name) => name, world.simulation.settings.pageSize)
      return {
        Marker: marker,
        DBSubnetGroups: items(
          'DBSubnetGroup',
          page.map((name) => subnetGroupElement(call, name)),
        ),
      }
    },
  },
}
