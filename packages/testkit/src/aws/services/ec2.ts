import type { JsonValue } from '@infraledger/core/adapter'
import type { FakeResource } from '../../fake-cloud/world.ts'
import { accountOf } from '../aws-world.ts'
import { resourcesSeen } from '../rds/instances.ts'
import type { FormCall, FormOperation } from '../rds/operation.ts'
import { AwsError } from '../wire/aws-error.ts'
import { items } from '../wire/xml.ts'
import type { XmlValue } from '../wire/xml.ts'
import { textOf } from '../wire/values.ts'

/** What the fake cloud calls a security group; its name is the group's id, such as `sg-web`. */
export const SECURITY_GROUP_KIND = 'aws_security_group'

const PAGE = 1_000

/**
 * Reading security groups. They are made in the console of the fake cloud:
 * `console('grace').create('aws_security_group', 'sg-db', { ingress: [{ protocol: 'tcp', from: 5432, to: 5432, cidr: '10.0.0.0/8' }] })`.
 */
export const ec2Operations: Readonly<Record<string, FormOperation>> = {
  DescribeSecurityGroups: {
    effect: 'observe',
    serve(call) {
      const { form } = call
      const ids = form.texts('GroupId')
      const filtered = form.filters('Filter', 'Value').find(({ name }) => name === 'group-id')?.values
      const all = resourcesSeen(call, SECURITY_GROUP_KIND)
      const missing = ids?.find((id) => !all.some(({ name }) => name === id))
      if (missing !== undefined)
        throw new AwsError('InvalidGroup.NotFound', `The security group '${missing}' does not exist`)
      const found = all.filter(({ name }) => (ids ?? filtered)?.includes(name) !== false)
      const from = Number(form.text('NextToken') ?? 0)
      const size = form.whole('MaxResults') ?? PAGE
      return {
        securityGroupInfo: items(
          'item',
          found.slice(from, from + size).map((group) => element(call, group)),
        ),
        nextToken: from + size < found.length ? String(from + size) : undefined,
      }
    },
  },
}

function element(call: FormCall, group: FakeResource): XmlValue {
  const { properties } = group
  const ingress = properties['ingress']
  return {
    ownerId: accountOf(call.world),
    groupId: group.name,
    groupName: group.name,
    groupDescription: group.name,
    vpcId: textOf(properties['vpc_id'], 'vpc-fake'),
    ipPermissions: items('item', Array.isArray(ingress) ? ingress.map(permission) : []),
    ipPermissionsEgress: {},
  }
}

function permission(rule: JsonValue): XmlValue {
  const said = typeof rule === 'object' && rule !== null ? Object.entries(rule) : []
  const read = (name: string): string => textOf(said.find(([key]) => key === name)?.[1])
  const cidr = read('cidr')
  const isSix = cidr.includes(':')
  return {
    ipProtocol: read('protocol') || '-1',
    fromPort: read('from') === '' ? undefined : Number(read('from')),
    toPort: read('to') === '' ? undefined : Number(read('to')),
    groups: items('item', read('group') === '' ? [] : [{ userId: '000000000000', groupId: read('group') }]),
    ipRanges: items('item', cidr === '' || isSix ? [] : [{ cidrIp: cidr }]),
    ipv6Ranges: items('item', isSix ? [{ cidrIpv6: cidr }] : []),
    prefixListIds: {},
  }
}
